import type { DexSummary } from '@biologidex/client/face'
import { type ReactNode, useState } from 'react'
import { type Face, useFaces } from '../../app/faces.ts'
import { formatCount, formatInstant, formatObserved } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { DexLink } from '../../app/ways.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { useSyncNow } from '../sync/use-sync-now.ts'
import { PersonLine } from './person-line.tsx'
import { PersonMenu } from './person-menu.tsx'

/** Friends up to which all are drawn; a screen of a thousand asks for them bit by bit. */
const STEP = 50

/** How a dex stands: where its last sync failed, and it has not gone through since, that is said. */
function standing({ complete, lastSuccess, lastError }: DexSummary): { readonly calm: boolean; readonly words: string } {
  const failed = lastError && lastError.at > (lastSuccess ?? 0)
  if (failed && lastSuccess === undefined) return { calm: false, words: t('friends.sync.failed') }
  if (failed) return { calm: false, words: t('friends.sync.failed.since', { time: formatInstant(lastSuccess ?? 0) }) }
  if (!complete) return { calm: false, words: t('friends.sync.arriving') }
  if (lastSuccess === undefined) return { calm: true, words: t('sync.upToDate.never') }
  return { calm: true, words: t('sync.upToDate', { time: formatInstant(lastSuccess) }) }
}

function About({ summary }: { summary: DexSummary | undefined }): ReactNode {
  if (!summary) return <p>{t('friends.sync.arriving')}</p>
  const { entries, latest } = summary
  const { calm, words } = standing(summary)
  const count = { count: entries, shown: formatCount(entries) }
  return (
    <>
      <p>
        {latest
          ? t('friends.entries.latest', { ...count, date: formatObserved({ at: latest }, 'short') })
          : t('friends.entries', count)}
      </p>
      <p className="dex-sync">
        <SyncMark at={calm ? 'server' : 'here'} quiet />
        {words}
      </p>
    </>
  )
}

function Friend({ face: { person, summary } }: { face: Face }) {
  const news = summary?.news ?? 0
  const link = (
    <DexLink username={person.username} className="to-dex">
      {person.displayName}
    </DexLink>
  )
  return (
    <PersonLine person={person} name={link} about={<About summary={summary} />}>
      {news > 0 && <span className="news n">{t('dex.news', { count: news })}</span>}
      <PersonMenu person={person} endings={['unfriend', 'block']} />
    </PersonLine>
  )
}

/** All friends' dexes: how much is in them, what is new, how they stand; and syncing all. */
export function DexOverview() {
  const faces = useFaces()
  const [many, setMany] = useState(STEP)
  const { run, busy, ready } = useSyncNow()
  if (faces.length === 0) return null
  return (
    <section className="card" aria-labelledby="friends-dexes">
      <div className="card-top">
        <h2 id="friends-dexes">{t('friends.dexes')}</h2>
        <Button onClick={run} aria-disabled={!ready || busy} aria-busy={busy}>
          <Icon name="sync" className={busy ? 'turning' : undefined} />
          {t('friends.sync')}
        </Button>
      </div>
      <ul className="lines friends">
        {faces.slice(0, many).map((face) => (
          <Friend key={face.person.id} face={face} />
        ))}
      </ul>
      {faces.length > many && <Button onClick={() => setMany(many + STEP)}>{t('people.more')}</Button>}
    </section>
  )
}
