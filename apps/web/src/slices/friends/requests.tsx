import type { FriendOnScreen } from '@biologidex/client/face'
import { t } from '../../app/i18n.tsx'
import { usePeople } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { acceptDraft, codeOf, endDraft, spacedCode, takeBackDraft } from './friends.actions.ts'
import { PersonLine } from './person-line.tsx'
import { PersonMenu } from './person-menu.tsx'
import { usePeopleDeeds } from './use-people-deeds.ts'

/** Somebody who asks. */
function Asks({ person }: { person: FriendOnScreen }) {
  const carryOut = usePeopleDeeds()
  const { id, username, displayName: name } = person
  return (
    <PersonLine person={person} about={t('friends.asks', { username })}>
      <div className="acts">
        <Button
          onClick={() => void carryOut([endDraft(id)], t('friends.declined', { name }))}
          aria-label={t('friends.decline.of', { name })}
        >
          {t('friends.decline')}
        </Button>
        <Button
          kind="go"
          onClick={() => void carryOut([acceptDraft(id)], t('friends.accepted', { name }))}
          aria-label={t('friends.accept.of', { name })}
        >
          {t('friends.accept')}
        </Button>
        <PersonMenu person={person} endings={['block']} />
      </div>
    </PersonLine>
  )
}

/** Takes back what one asked for, or said yes to. `code`: what somebody is known by who was asked while there was no signal. */
function Withdraw({ person: { id, displayName }, code }: { person: FriendOnScreen; code?: string | undefined }) {
  const carryOut = usePeopleDeeds()
  const name = code ? spacedCode(code) : displayName
  const draft = code ? takeBackDraft(id, code) : endDraft(id)
  return (
    <Button
      onClick={() => void carryOut([draft], t('friends.withdrawn', { name }))}
      aria-label={t('friends.withdraw.of', { name })}
    >
      {t('friends.withdraw')}
    </Button>
  )
}

/** Whom one asked. Of one asked by a code that has not gone up yet nothing is known but that: there is nobody to block. */
function Asked({ person }: { person: FriendOnScreen }) {
  const { username, pending } = person
  const code = pending ? codeOf(username) : undefined
  const named = code ? { name: <span className="n">{spacedCode(code)}</span> } : {}
  return (
    <PersonLine person={person} {...named} about={t(pending ? 'friends.waits' : 'friends.asked.since', { username })}>
      <div className="acts">
        <Withdraw person={person} code={code} />
        {!code && <PersonMenu person={person} endings={['block']} />}
      </div>
    </PersonLine>
  )
}

/** What waits for one's own guardian. */
function Held({ person }: { person: FriendOnScreen }) {
  return (
    <PersonLine person={person} about={person.username}>
      <div className="acts">
        <Withdraw person={person} />
        <PersonMenu person={person} endings={['block']} />
      </div>
    </PersonLine>
  )
}

/** Requests both ways; nothing where there are none. */
export function Requests() {
  const all = [...(usePeople()?.friends.values() ?? [])].sort((a, b) => b.since - a.since)
  const asks = all.filter(({ state }) => state === 'asks')
  const asked = all.filter(({ state }) => state === 'asked')
  const held = all.filter(({ state }) => state === 'held')
  return (
    <>
      {asks.length > 0 && (
        <section className="card" aria-labelledby="friends-asks">
          <h2 id="friends-asks">{t('friends.asks.title')}</h2>
          <ul className="lines">
            {asks.map((person) => (
              <Asks key={person.id} person={person} />
            ))}
          </ul>
        </section>
      )}
      {held.length > 0 && (
        <section className="card" aria-labelledby="friends-held">
          <h2 id="friends-held">{t('friends.held.title')}</h2>
          <p className="soft">{t('friends.held.text')}</p>
          <ul className="lines">
            {held.map((person) => (
              <Held key={person.id} person={person} />
            ))}
          </ul>
        </section>
      )}
      {asked.length > 0 && (
        <section className="card" aria-labelledby="friends-asked">
          <h2 id="friends-asked">{t('friends.asked.title')}</h2>
          <ul className="lines">
            {asked.map((person) => (
              <Asked key={person.id} person={person} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
