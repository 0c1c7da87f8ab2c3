import { LIMITS } from '@biologidex/core/limits'
import { type FormEvent, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useOwnDexIfOpen } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { say } from '../../ui/toast.ts'
import { PasswordField } from '../accounts/password-field.tsx'
import { useAsked, useDeed } from '../accounts/use-asked.ts'
import { WrongBox } from '../accounts/wrong-box.tsx'
import { PersonLine } from './person-line.tsx'
import { listWards, makeWard } from './wards.actions.ts'

function WardForm({ onMade }: { onMade: () => void }) {
  const { busy, wrong, run } = useDeed()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    const [username, displayName] = [text('username').trim().normalize('NFKC'), text('displayName').trim()]
    void run(async () => {
      await makeWard({ username, password: text('password'), ...(displayName ? { displayName } : {}) })
      say({ text: t('wards.made', { username }) })
      onMade()
    })
  }
  return (
    <form onSubmit={submit} className="stack">
      <TextField
        label={t('accounts.username')}
        name="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        minLength={LIMITS.usernameChars[0]}
        maxLength={LIMITS.usernameChars[1]}
        hint={t('accounts.username.hint')}
      />
      <TextField label={t('wards.displayName')} name="displayName" maxLength={LIMITS.nameChars} />
      <PasswordField fresh hint={t('accounts.password.hint')} />
      {wrong && <WrongBox>{wrong}</WrongBox>}
      <div className="row">
        <Button type="submit" kind="go" aria-disabled={busy}>
          {busy ? t('accounts.working') : t('wards.add')}
        </Button>
      </div>
    </form>
  )
}

/** The accounts of children that one looks after, and making one; not for who is looked after. */
export function WardsSection() {
  const managed = useOwnDexIfOpen()?.profile?.managed
  const [asked, again] = useAsked(listWards)
  const [adding, setAdding] = useState(false)
  const wards = asked.kind === 'here' ? asked.value : []
  if (managed) return null
  return (
    <section className="card" aria-labelledby="settings-wards">
      <h2 id="settings-wards">{t('wards.title')}</h2>
      <p className="soft">{t('wards.text')}</p>
      {wards.length > 0 && (
        <ul className="lines">
          {wards.map((ward) => (
            <PersonLine key={ward.id} person={ward} about={ward.username} />
          ))}
        </ul>
      )}
      {adding ? (
        <WardForm
          onMade={() => {
            setAdding(false)
            again()
          }}
        />
      ) : (
        <div className="row">
          <Button onClick={() => setAdding(true)}>{t('wards.add')}</Button>
        </div>
      )}
    </section>
  )
}
