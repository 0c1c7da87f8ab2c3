import { LIMITS } from '@biologidex/core/limits'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { say } from '../../ui/toast.ts'
import { Door } from './door.tsx'
import { PasswordField } from './password-field.tsx'
import { resetPassword } from './security.actions.ts'
import { useDeed } from './use-asked.ts'
import { WrongBox } from './wrong-box.tsx'

/** The secret of the link: it stands in the fragment, which no server is told of. */
const readToken = (): string => location.hash.slice(1)

function ResetForm({ token }: { token: string }) {
  const navigate = useNavigate()
  const { busy, wrong, run } = useDeed()
  const [short, setShort] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    setShort(password.length < LIMITS.passwordChars[0])
    if (password.length < LIMITS.passwordChars[0]) return
    void run(async () => {
      const username = await resetPassword(token, password)
      // The session of this page may end by it, which takes back what was said before.
      say({ text: t('reset.done'), forAnybody: true })
      // Takes the place of this page, so that the way back does not lead to a spent link.
      await navigate({ to: '/sign-in', search: { name: username }, replace: true })
    })
  }
  return (
    <form onSubmit={submit} noValidate>
      <PasswordField
        label={t('security.password.next')}
        fresh
        autoFocus
        hint={t('accounts.password.hint')}
        {...(short ? { wrong: t('accounts.wrong.password') } : {})}
      />
      {wrong && <WrongBox>{wrong}</WrongBox>}
      <Button type="submit" kind="go" shape="wide" aria-disabled={busy}>
        {t(busy ? 'accounts.working' : 'reset.go')}
      </Button>
    </form>
  )
}

/** Where a reset link leads: a new password, then signing in with it. */
export function ResetPage() {
  const [token] = useState(readToken)
  if (token) {
    return (
      <Door title={t('reset.title')} lead={t('reset.text')}>
        <ResetForm token={token} />
      </Door>
    )
  }
  return (
    <Door title={t('reset.broken.title')} lead={t('reset.broken.text')}>
      <Link to="/sign-in" className={buttonClass({ kind: 'go' })}>
        {t('accounts.signIn.title')}
      </Link>
    </Door>
  )
}
