import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/toast.ts'
import { formatCount } from '../format.ts'
import { t } from '../i18n.tsx'
import { useDexIfOpen, useOther, usePeople, useSession } from '../session.tsx'
import type { OtherDex } from '../shown-context.ts'

/** What can be done about it: ask, accept, or wait. */
function Asking({ person }: { person: NonNullable<OtherDex['person']> }) {
  const session = useSession()
  const state = usePeople()?.friends.get(person.id)?.state
  const name = person.displayName
  const words = state === 'asked' ? 'dex.stranger.asked' : state === 'asks' ? 'dex.stranger.asks' : 'dex.stranger'
  const ask = () => {
    if (session.kind !== 'open') return
    const draft =
      state === 'asks'
        ? ({ type: 'friend', id: person.id, op: 'update', set: { state: { to: 'friends' } } } as const)
        : ({ type: 'friend', id: person.id, op: 'create' } as const)
    void session.engine.mutate([draft]).then(() => say({ text: t('friends.asked', { name }) }))
  }
  return (
    <>
      <p className="small">{t(words, { name })}</p>
      {state !== 'asked' && (
        <Button kind="go" onClick={ask}>
          {t(state === 'asks' ? 'dex.stranger.accept' : 'dex.stranger.ask')}
        </Button>
      )}
    </>
  )
}

/** The rest of a dex that is read page by page. */
function More({ more, count }: { more: () => Promise<void>; count: number }) {
  const [busy, setBusy] = useState(false)
  const read = () => {
    if (busy) return
    setBusy(true)
    more()
      .catch(() => say({ id: 'stranger', text: t('accounts.noAnswer') }))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <p className="small soft">{t('dex.stranger.part', { count, shown: formatCount(count) })}</p>
      <Button onClick={read} aria-disabled={busy}>
        {t(busy ? 'accounts.working' : 'dex.stranger.more')}
      </Button>
    </>
  )
}

/** Over a stranger's wall: what one sees of it, and asking to be friends. */
export function StrangerBar() {
  const other = useOther()
  const dex = useDexIfOpen()
  if (other?.relation !== 'stranger' || !other.person) return null
  return (
    <aside className="stranger-bar">
      <Asking person={other.person} />
      {dex && !dex.complete && other.more && <More more={other.more} count={dex.entries.size} />}
    </aside>
  )
}
