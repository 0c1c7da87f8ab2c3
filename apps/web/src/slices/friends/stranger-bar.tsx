import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { formatCount } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useDex, usePeople } from '../../app/session.tsx'
import type { OtherDex } from '../../app/shown-context.ts'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/toast.ts'
import { EndSheet } from './friend-sheet.tsx'
import { acceptDraft, askDraft } from './friends.actions.ts'
import { usePeopleDeeds } from './use-people-deeds.ts'

/** What can be done about it: ask, accept, or wait. */
function Asking({ person }: { person: NonNullable<OtherDex['person']> }) {
  const carryOut = usePeopleDeeds()
  const state = usePeople()?.friends.get(person.id)?.state
  const values = { name: person.displayName }
  if (state === 'asked') return <p className="small">{t('dex.stranger.asked', values)}</p>
  const asks = state === 'asks'
  const draft = asks ? acceptDraft(person.id) : askDraft(person.id)
  const said = t(asks ? 'friends.accepted' : 'friends.asked', values)
  return (
    <>
      <p className="small">{t(asks ? 'dex.stranger.asks' : 'dex.stranger', values)}</p>
      <Button kind="go" onClick={() => void carryOut([draft], said)}>
        {t(asks ? 'dex.stranger.accept' : 'dex.stranger.ask')}
      </Button>
    </>
  )
}

/** Blocking whoever it is; their dex is then as if it did not exist, and so one's own is shown. */
function Block({ person }: { person: NonNullable<OtherDex['person']> }) {
  const [asking, setAsking] = useState(false)
  const navigate = useNavigate()
  return (
    <>
      <Button kind="plain" onClick={() => setAsking(true)} aria-label={t('friends.block.of', { name: person.displayName })}>
        {t('friends.block')}
      </Button>
      <EndSheet
        person={person}
        ending={asking ? 'block' : undefined}
        onClose={() => setAsking(false)}
        onEnded={() => void navigate({ to: '/', replace: true })}
      />
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

/** Over a stranger's wall: what one sees of it, asking to be friends, and blocking. */
export function StrangerBar({ person, more }: Pick<OtherDex, 'more'> & { person: NonNullable<OtherDex['person']> }) {
  const { complete, entries } = useDex()
  return (
    <aside className="stranger-bar">
      <Asking person={person} />
      <Block person={person} />
      {!complete && more && <More more={more} count={entries.size} />}
    </aside>
  )
}
