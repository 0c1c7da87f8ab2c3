import type { PersonView } from '@biologidex/core/friends/friend'
import type { WardView } from '@biologidex/core/friends/guardian'
import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/toast.ts'
import { useAsked, useDeed } from '../accounts/use-asked.ts'
import { WrongBox } from '../accounts/wrong-box.tsx'
import { PersonLine } from './person-line.tsx'
import { decideFriend, listWards } from './wards.actions.ts'

function Waiting(props: { ward: WardView; person: PersonView; onDecide: (allow: boolean) => void }) {
  const { ward, person, onDecide } = props
  const names = { ward: ward.displayName, name: person.displayName }
  return (
    <PersonLine person={person} about={t('wards.waiting', { ...names, username: person.username })}>
      <div className="acts">
        <Button onClick={() => onDecide(false)} aria-label={t('wards.refuse.of', names)}>
          {t('wards.refuse')}
        </Button>
        <Button kind="go" onClick={() => onDecide(true)} aria-label={t('wards.allow.of', names)}>
          {t('wards.allow')}
        </Button>
      </div>
    </PersonLine>
  )
}

/** For guardians: friendships that wait for their yes or no; nothing where none does, or the server cannot be asked. */
export function WardRequests() {
  const [asked, again] = useAsked(listWards)
  const { wrong, run } = useDeed()
  const wards = asked.kind === 'here' ? asked.value : []
  const waiting = wards.flatMap((ward) => ward.waiting.map((person) => ({ ward, person })))
  if (waiting.length === 0) return null
  const decide = (ward: WardView, person: PersonView, allow: boolean) =>
    run(async () => {
      await decideFriend(ward.id, person.id, allow)
      const names = { ward: ward.displayName, name: person.displayName }
      say({ id: 'people', text: t(allow ? 'wards.allowed' : 'wards.refused', names) })
      again()
    })
  return (
    <section className="card" aria-labelledby="wards-waiting">
      <h2 id="wards-waiting">{t('wards.waiting.title')}</h2>
      <ul className="lines">
        {waiting.map(({ ward, person }) => (
          <Waiting
            key={`${ward.id} ${person.id}`}
            ward={ward}
            person={person}
            onDecide={(allow) => void decide(ward, person, allow)}
          />
        ))}
      </ul>
      {wrong && <WrongBox>{wrong}</WrongBox>}
    </section>
  )
}
