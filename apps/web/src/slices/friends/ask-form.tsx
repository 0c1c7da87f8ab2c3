import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useDex, usePeople } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { askByCode, askDraft, codeOf, spacedCode, whoHas } from './friends.actions.ts'
import { usePeopleDeeds } from './use-people-deeds.ts'

type Doing = 'ask' | 'look'

/** What is wrong with a code, before anybody is asked. */
function wrongWith(code: string | undefined, own: string | undefined): string | undefined {
  if (!code) return t('friends.code.wrong')
  return code === own ? t('friends.code.own') : undefined
}

function useAsking(onDone: (typed: string) => void) {
  const { profile } = useDex()
  const people = usePeople()
  const carryOut = usePeopleDeeds()
  const navigate = useNavigate()
  const [wrong, setWrong] = useState<string>()
  const [busy, setBusy] = useState<Doing>()
  const ask = async (code: string, typed: string) => {
    const person = await whoHas(code)
    if (person === 'nobody') return setWrong(t('friends.code.nobody'))
    if (person && people?.friends.get(person.id)?.state === 'friends')
      return setWrong(t('friends.code.already', { name: person.displayName }))
    const said = person
      ? t(profile?.managed ? 'friends.held.asked' : 'friends.asked', { name: person.displayName })
      : t('friends.asked.later', { code: spacedCode(code) })
    if (await carryOut([person ? askDraft(person.id) : askByCode(code)], said)) onDone(typed)
  }
  const look = async (code: string) => {
    const person = await whoHas(code)
    if (person === 'nobody') setWrong(t('friends.code.nobody'))
    else if (!person) setWrong(t('accounts.noAnswer'))
    else await navigate({ to: '/dex/$username', params: { username: person.username } })
  }
  const run = async (typed: string, doing: Doing) => {
    const code = codeOf(typed)
    const no = wrongWith(code, profile?.friendCode)
    setWrong(no)
    if (no || !code || busy) return
    setBusy(doing)
    await (doing === 'ask' ? ask(code, typed) : look(code))
    setBusy(undefined)
  }
  return { wrong, busy, run }
}

/** Asking somebody by their code, or looking first at what they show to everyone. @param begun a code from a link */
export function AskForm({ begun }: { begun: string }) {
  const [typed, setTyped] = useState(begun)
  // Whoever typed the next code meanwhile keeps it.
  const { wrong, busy, run } = useAsking((asked) => setTyped((now) => (now === asked ? '' : now)))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(typed, 'ask')
  }
  return (
    <section className="card" aria-labelledby="friends-add">
      <h2 id="friends-add">{t('friends.add')}</h2>
      <form onSubmit={submit} noValidate className="stack">
        <TextField
          label={t('friends.code')}
          hint={t('friends.code.hint')}
          name="code"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          {...(wrong ? { wrong } : {})}
        />
        <div className="row">
          <Button type="submit" kind="go" aria-disabled={busy !== undefined}>
            {t(busy === 'ask' ? 'accounts.working' : 'friends.ask')}
          </Button>
          <Button kind="plain" aria-disabled={busy !== undefined} onClick={() => void run(typed, 'look')}>
            {t(busy === 'look' ? 'accounts.working' : 'friends.look')}
          </Button>
        </div>
      </form>
    </section>
  )
}
