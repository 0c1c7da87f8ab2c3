import { LIMITS } from '@biologidex/core/limits'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { T, t } from '../../app/i18n.tsx'
import { useSession } from '../../app/session.tsx'
import { FromSignIn } from '../../app/wanted.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { signUp } from './accounts.actions.ts'
import { Door, useEntering } from './door.tsx'
import { PasswordField } from './password-field.tsx'
import { useServer } from './use-server.ts'
import { WrongBox } from './wrong-box.tsx'

type Field = 'username' | 'password'

/** What is wrong with the form before the server is asked. */
function wrongFields(username: string, password: string): Partial<Record<Field, string>> {
  const [least, most] = LIMITS.usernameChars
  const named = username.length >= least && username.length <= most && /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(username)
  return {
    ...(named ? {} : { username: t('accounts.wrong.username') }),
    ...(password.length >= LIMITS.passwordChars[0] ? {} : { password: t('accounts.wrong.password') }),
  }
}

function SignUpForm() {
  const { enter, busy, wrong } = useEntering()
  const [fields, setFields] = useState<Partial<Record<Field, string>>>({})
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    const [username, password, displayName] = [
      text('username').trim().normalize('NFKC'),
      text('password'),
      text('displayName').trim(),
    ]
    const found = wrongFields(username, password)
    setFields(found)
    if (Object.keys(found).length > 0) {
      event.currentTarget.querySelector<HTMLInputElement>(found.username ? '[name=username]' : '[name=password]')?.focus()
      return
    }
    void enter(() => signUp({ username, password, ...(displayName ? { displayName } : {}) }))
  }
  const taken = wrong?.code === 'username_taken' ? wrong.text : undefined
  const wrongName = fields.username ?? taken
  return (
    <form onSubmit={submit} noValidate>
      <TextField
        label={t('accounts.username')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
        hint={t('accounts.username.hint')}
        {...(wrongName ? { wrong: wrongName } : {})}
      />
      <TextField
        label={t('accounts.displayName')}
        name="displayName"
        autoComplete="nickname"
        maxLength={LIMITS.nameChars}
        hint={t('accounts.displayName.hint')}
      />
      <PasswordField fresh hint={t('accounts.password.hint')} {...(fields.password ? { wrong: fields.password } : {})} />
      {wrong && !taken && <WrongBox>{wrong.text}</WrongBox>}
      <Button type="submit" kind="go" shape="wide" aria-disabled={busy}>
        {busy ? t('accounts.working') : t('accounts.signUp.go')}
      </Button>
    </form>
  )
}

const SignInLink = () => (
  <p>
    <T
      id="accounts.signUp.have"
      tags={{
        link: (words) => (
          <Link to="/sign-in" className="link">
            {words}
          </Link>
        ),
      }}
    />
  </p>
)

/** Making an account; the first one of a server is told that it will be the admin. */
export function SignUpPage() {
  const session = useSession()
  const { server } = useServer()
  if (session.kind === 'open' || session.kind === 'opening') return <FromSignIn />
  const known = typeof server === 'object' ? server : undefined
  if (known && !known.empty && known.signup === 'closed')
    return (
      <Door title={t('accounts.signUp.closed.title')} lead={t('accounts.signUp.closed.text')}>
        <SignInLink />
      </Door>
    )
  return (
    <Door title={t('accounts.signUp.title')} lead={t('accounts.signUp.text')}>
      {known?.empty && <p className="calm">{t('accounts.signUp.first')}</p>}
      <SignUpForm />
      {!known?.empty && <SignInLink />}
    </Door>
  )
}
