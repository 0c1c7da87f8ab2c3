import { useState } from 'react'
import { formatCount } from '../../app/format.ts'
import { T, t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { useSignOut } from './use-sign-out.ts'
import { WrongBox } from './wrong-box.tsx'

function Question({ onClose }: { onClose: () => void }) {
  const { unsent, step, wrong, drop, send } = useSignOut()
  const values = { count: unsent, shown: formatCount(unsent) }
  if (step === 'sending') return <p aria-live="polite">{t('settings.signOut.sending', values)}</p>
  if (step === 'leaving') return <p aria-live="polite">{t('accounts.working')}</p>
  return (
    <>
      {unsent > 0 && (
        <p>
          <T id="settings.signOut.unsent" values={values} />
        </p>
      )}
      {wrong && <WrongBox>{t('settings.signOut.notSent', { reason: wrong })}</WrongBox>}
      <div className="ends">
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button kind="danger" onClick={() => void drop()}>
          {t(unsent > 0 ? 'settings.signOut.drop' : 'settings.signOut')}
        </Button>
        {unsent > 0 && (
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
        <Question onClose={() => setAsking(false)} />
      </Sheet>
    </>
  )
}
