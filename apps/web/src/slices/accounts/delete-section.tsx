import './settings.css'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { formatCount } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { sessions, useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { say } from '../../ui/toast.ts'
import { PasswordField } from './password-field.tsx'
import { deleteAccount } from './security.actions.ts'
import { useDeed } from './use-asked.ts'
import { WrongBox } from './wrong-box.tsx'

function DeleteForm() {
  const { profile, entries } = useDex()
  const navigate = useNavigate()
  const { busy, wrong, run } = useDeed()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    void run(async () => {
      await deleteAccount(password)
      await sessions.wipe()
      say({ id: 'deleted', text: t('delete.done'), stays: true })
      await navigate({ to: '/sign-in', replace: true })
    })
  }
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <ul className="plain-list">
        <li>{t('delete.what.entries', { count: entries.size, shown: formatCount(entries.size) })}</li>
        <li>{t('delete.what.friends')}</li>
        <li>{t('delete.what.unsent')}</li>
        <li>{t('delete.what.stays')}</li>
      </ul>
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={profile?.username ?? ''} readOnly hidden />
      <PasswordField label={t('accounts.password')} fresh={false} />
      {wrong && <WrongBox>{wrong}</WrongBox>}
      <div className="ends">
        <LeaveButton>{t('ui.cancel')}</LeaveButton>
        <Button type="submit" kind="danger" aria-disabled={busy}>
          {t(busy ? 'accounts.working' : 'delete.go')}
        </Button>
      </div>
    </form>
  )
}

/** Deleting the account: what goes with it, and the password. */
export function DeleteSection() {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <section className="card" aria-labelledby="settings-delete">
      <h2 id="settings-delete">{t('delete.title')}</h2>
      <p className="soft">{t('delete.text')}</p>
      <div>
        <Button kind="danger" onClick={() => setOpen(true)}>
          {t('delete.begin')}
        </Button>
      </div>
      <Sheet open={open} onClose={close} title={t('delete.sure')} description={t('delete.sure.text')}>
        <DeleteForm />
      </Sheet>
    </section>
  )
}
