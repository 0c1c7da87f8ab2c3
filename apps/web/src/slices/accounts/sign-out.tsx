import { useState } from 'react'
import { formatCount, formatList } from '../../app/format.ts'
import { T, t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { countWords } from '../exchange/unsent-words.ts'
import { useSignOut } from './use-sign-out.ts'
import { WrongBox } from './wrong-box.tsx'

type Asked = ReturnType<typeof useSignOut>

/** What would be lost, and what became of trying to keep it. */
function LossWords({ file, what }: Pick<Asked, 'file'> & { what: string }) {
  return (
    <>
      {file ? (
        <div role="status">
          <p>
            <T id="settings.signOut.saved" values={{ file: file.file }} />
          </p>
          {file.lacking > 0 && <p>{t('exchange.lacking', { count: file.lacking, shown: formatCount(file.lacking) })}</p>}
        </div>
      ) : (
        <p>
          <T id="settings.signOut.unsent" values={{ what }} />
        </p>
      )}
    </>
  )
}

/** How much is still to go up, and the way to wait no longer. */
function Sending({ unsent: { changes, pictures }, onStop }: Pick<Asked, 'unsent'> & { onStop: () => void }) {
  const what = formatList(countWords({ changes, pictures }, formatCount))
  return (
    <>
      <p aria-live="polite">{what ? t('settings.signOut.sending', { what }) : t('accounts.working')}</p>
      <div className="ends">
        <Button onClick={onStop}>{t('settings.signOut.stop')}</Button>
      </div>
    </>
  )
}

function Question() {
  const { unsent, step, wrong, file, drop, send, stopSending, save, goToBegun } = useSignOut()
  const what = formatList(countWords(unsent, formatCount))
  const isUnsent = what !== ''
  const canSend = unsent.changes + unsent.pictures > 0
  if (unsent.begun === undefined) return <p aria-live="polite">{t('accounts.working')}</p>
  if (step === 'sending') return <Sending unsent={unsent} onStop={stopSending} />
  if (step === 'saving') return <p aria-live="polite">{t('settings.signOut.saving')}</p>
  if (step === 'leaving') return <p aria-live="polite">{t('accounts.working')}</p>
  return (
    <>
      {isUnsent && <LossWords file={file} what={what} />}
      {unsent.closed > 0 && <p>{t('settings.signOut.closed', { count: unsent.closed, shown: formatCount(unsent.closed) })}</p>}
      {wrong && <WrongBox>{wrong}</WrongBox>}
      <div className="ends">
        <LeaveButton>{t('ui.cancel')}</LeaveButton>
        <Button kind="danger" onClick={() => void drop()}>
          {t((isUnsent && !file) || unsent.closed > 0 ? 'settings.signOut.drop' : 'settings.signOut')}
        </Button>
        {unsent.begun > 0 && <Button onClick={goToBegun}>{t('settings.signOut.begun')}</Button>}
        {isUnsent && <Button onClick={() => void save()}>{t('settings.signOut.save')}</Button>}
        {canSend && (
          <Button kind="go" onClick={() => void send()}>
            {t('settings.signOut.send')}
          </Button>
        )}
      </div>
    </>
  )
}

/** The button that signs out, and the question before it. */
export function SignOut() {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('settings.signOut')}</Button>
      <Sheet
        open={asking}
        onClose={() => setAsking(false)}
        title={t('settings.signOut.sure')}
        description={t('settings.signOut.text')}
      >
        <Question />
      </Sheet>
    </>
  )
}
