import { t } from '../../app/i18n.tsx'
import { usePeople } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { unblockDraft } from './friends.actions.ts'
import { PersonLine } from './person-line.tsx'
import { usePeopleDeeds } from './use-people-deeds.ts'

/** Those who are blocked, and letting them again; nothing where nobody is, unless `always`. */
export function Blocked({ always = false }: { always?: boolean }) {
  const blocked = [...(usePeople()?.blocks.values() ?? [])].sort((a, b) => b.since - a.since)
  const carryOut = usePeopleDeeds()
  if (blocked.length === 0 && !always) return null
  return (
    <section className="card" aria-labelledby="friends-blocked">
      <h2 id="friends-blocked">{t('friends.blocked')}</h2>
      <p className="soft">{t(blocked.length > 0 ? 'friends.blocked.text' : 'friends.blocked.none')}</p>
      {blocked.length > 0 && (
        <ul className="lines">
          {blocked.map((person) => {
            // A stranger blocked without a network: who it is comes with the next sync.
            const name = person.displayName || t('friends.unnamed')
            return (
              <PersonLine key={person.id} person={person} name={name} about={person.username}>
                <Button
                  onClick={() => void carryOut([unblockDraft(person.id)], t('friends.unblocked', { name }))}
                  aria-label={t('friends.unblock.of', { name })}
                >
                  {t('friends.unblock')}
                </Button>
              </PersonLine>
            )
          })}
        </ul>
      )}
    </section>
  )
}
