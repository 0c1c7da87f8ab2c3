import { Link, Navigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect } from 'react'
import { T, t } from '../../app/i18n.tsx'
import { hasSessionToEnd } from '../../app/remembered.ts'
import { sessions, useSession } from '../../app/session.tsx'
import { FromSignIn } from '../../app/wanted.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { askCurrent, signIn } from './accounts.actions.ts'
import { Door, useEntering } from './door.tsx'
import { Forgotten } from './forgotten.tsx'
import { endLeftSession } from './left-session.ts'
import { PasswordField } from './password-field.tsx'
import { useServer } from './use-server.ts'
import { WrongBox } from './wrong-box.tsx'

/**
 * A session may still be there though the browser forgot whose it was: then nobody has to sign in. One that was signed out of without a
 * network is ended instead, as soon as the server can be reached.
 */
async function enterFound(): Promise<void> {
  const isLeft = hasSessionToEnd()
  if (!(await endLeftSession()) || isLeft) return
  await sessions.signedIn(await askCurrent())
}

function useFoundSession(): void {
  useEffect(() => {
    // No session, or no server: the form is there for it.
    const look = () => void enterFound().catch(() => undefined)
    look()
    window.addEventListener('online', look)
    return () => window.removeEventListener('online', look)
  }, [])
}

function SignInForm({ username }: { username: string | undefined }) {
  const { enter, busy, wrong } = useEntering()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    void enter(() => signIn({ username: String(form.get('username')), password: String(form.get('password')) }))
  }
  return (
    <form onSubmit={submit}>
      <TextField
        label={t('accounts.username')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        maxLength={200}
        defaultValue={username}
        autoFocus={!username}
      />
      <PasswordField fresh={false} autoFocus={username !== undefined} />
      {wrong && <WrongBox>{wrong.text}</WrongBox>}
      <Button type="submit" kind="go" shape="wide" aria-disabled={busy}>
        {busy ? t('accounts.working') : t('accounts.signIn.go')}
      </Button>
    </form>
  )
}

/** A known account whose session ended: what it kept is here, and only it can open it (C1). */
function SignInAgain() {
  const known = sessions.firstWall
  const name = known?.displayName
  return (
    <Door
      title={name ? t('accounts.signIn.again.title', { name }) : t('accounts.signIn.again.noName')}
      lead={t('accounts.signIn.again.text')}
    >
      <SignInForm username={known?.username} />
      <Forgotten />
      <Button kind="plain" onClick={() => sessions.forgetLocked()}>
        {t('accounts.signIn.other')}
      </Button>
      {name && <p className="small soft">{t('accounts.signIn.other.hint', { name })}</p>}
    </Door>
  )
}

function SignInNew() {
  const { name } = useSearch({ from: '/sign-in' })
  const { server, again } = useServer()
  useFoundSession()
  if (typeof server === 'object' && server.empty) return <Navigate to="/sign-up" replace />
  const open = typeof server === 'object' && server.signup === 'open'
  return (
    <Door title={t('accounts.signIn.title')} lead={t('accounts.signUp.text')}>
      {server === 'unreachable' && (
        <WrongBox>
          {t('accounts.offline')}{' '}
          <button type="button" className="link" onClick={again}>
            {t('accounts.offline.again')}
          </button>
        </WrongBox>
      )}
      <SignInForm username={name} />
      <Forgotten />
      {open && (
        <p>
          <T
            id="accounts.signIn.new"
            tags={{
              link: (words) => (
                <Link to="/sign-up" className="link">
                  {words}
                </Link>
              ),
            }}
          />
        </p>
      )}
    </Door>
  )
}

/** Signing in: as somebody new to this browser, or again as the one whose session ended. */
export function SignInPage() {
  const { kind } = useSession()
  if (kind === 'open' || kind === 'opening') return <FromSignIn />
  return kind === 'locked' ? <SignInAgain /> : <SignInNew />
}
