import { LIMITS } from '@biologidex/core/limits'
import { type FormEvent, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { say } from '../../ui/toast.ts'
import { useUnsaved } from '../../ui/unsaved.ts'
import { PasswordField } from './password-field.tsx'
import { changePassword } from './security.actions.ts'
import { useDeed } from './use-asked.ts'
import { WrongBox } from './wrong-box.tsx'

function PasswordForm({ onDone }: { onDone: () => void }) {
  const { profile } = useDex()
  const { busy, wrong, run } = useDeed()
  const [short, setShort] = useState(false)
  const [typed, setTyped] = useState(false)
  useUnsaved(typed)
  const noticeTyped = ({ currentTarget }: FormEvent<HTMLFormElement>) => {
    const form = new FormData(currentTarget)
    setTyped(form.get('password') !== '' || form.get('next') !== '')
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [current, next] = [String(form.get('password')), String(form.get('next'))]
    setShort(next.length < LIMITS.passwordChars[0])
    if (next.length < LIMITS.passwordChars[0]) return
    void run(async () => {
      const count = await changePassword(current, next)
      say({ text: t('security.password.done', { count }) })
      onDone()
    })
  }
  return (
    <form onSubmit={submit} onInput={noticeTyped} className="stack" noValidate>
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={profile?.username ?? ''} readOnly hidden />
      <PasswordField label={t('security.password.current')} fresh={false} autoFocus />
      <PasswordField
        label={t('security.password.next')}
        name="next"
        fresh
        hint={t('accounts.password.hint')}
        {...(short ? { wrong: t('accounts.wrong.password') } : {})}
      />
      {wrong && <WrongBox>{wrong}</WrongBox>}
      <div className="ends">
        <LeaveButton>{t('ui.cancel')}</LeaveButton>
        <Button type="submit" kind="go" aria-disabled={busy}>
          {t(busy ? 'accounts.working' : 'security.password.go')}
        </Button>
      </div>
    </form>
  )
}

/** Changing the password: the button, and the form behind it. */
export function ChangePassword({ onDone }: { onDone: () => void }) {
  const [open, setOpen] = useState(false)
  const close = () => {
    setOpen(false)
    onDone()
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('security.password')}</Button>
      <Sheet open={open} onClose={close} title={t('security.password')} description={t('security.password.text')}>
        <PasswordForm onDone={close} />
      </Sheet>
    </>
  )
}
