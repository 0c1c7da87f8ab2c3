import type { DexSummary } from '@biologidex/client/face'
import { type ReactNode, useId, useState } from 'react'
import { type Face, useFaces } from '../../app/faces.ts'
import { formatCount, formatInstant, formatObserved } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { DexLink } from '../../app/ways.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { useSyncNow } from '../sync/use-sync-now.ts'
import { type Ending, EndSheet } from './friend-sheet.tsx'
import { PersonLine } from './person-line.tsx'

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

/** What else can be done with a friendship, behind one button; the browser closes it. */
function Menu({ person, onEnd }: { person: Face['person']; onEnd: (ending: Ending) => void }) {
  const id = useId()
  const anchor = `--of-${id.replaceAll(/\W/g, '')}`
  return (
    <>
      <Button
        shape="square"
        className="more-of"
        popoverTarget={id}
        style={{ anchorName: anchor }}
        aria-label={t('friends.more', { name: person.displayName })}
      >
        <Icon name="more" />
      </Button>
      <div id={id} popover="auto" className="menu of-person" style={{ positionAnchor: anchor }}>
        {(['unfriend', 'block'] as const).map((ending) => (
          <button key={ending} type="button" popoverTarget={id} popoverTargetAction="hide" onClick={() => onEnd(ending)}>
            {t(`friends.${ending}`)}
          </button>
        ))}
      </div>
    </>
  )
}

function Friend({ face: { person, summary } }: { face: Face }) {
  const [ending, setEnding] = useState<Ending>()
  const news = summary?.news ?? 0
  const link = (
    <DexLink username={person.username} className="to-dex">
      {person.displayName}
    </DexLink>
  )
  return (
    <PersonLine person={person} name={link} about={<About summary={summary} />}>
      {news > 0 && <span className="news n">{t('dex.news', { count: news })}</span>}
      <Menu person={person} onEnd={setEnding} />
      <EndSheet person={person} ending={ending} onClose={() => setEnding(undefined)} />
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
