import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { formatCount, formatNumber } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { IucnBadge } from '../../ui/iucn-badge.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import type { Naming } from '../animals/use-naming.ts'
import { sightingOf } from './sightings.ts'

function numberLine(entry: EntryOnScreen, naming: Naming, entries: ReadonlyMap<string, EntryOnScreen>): string {
  const number = formatNumber(naming.animal?.number)
  const sighting = sightingOf(entry, entries.values())
  return sighting ? t('entry.sighting', { number, ...sighting }) : number
}

/** "Wild, one seen", as far as it was said. */
export function wildLine({ captive, count }: Pick<EntryOnScreen, 'captive' | 'count'>): string {
  if (count === undefined) return t(captive ? 'entry.captive' : 'entry.wild')
  const seen = t('entry.seen', { count, shown: formatCount(count) })
  return t(captive ? 'entry.seen.captive' : 'entry.seen.wild', { seen })
}

function Needs({ clashes }: { clashes: number }) {
  return (
    <a className="needs-mark" href="#needs-you">
      <SyncMark at="needs" quiet />
      {t('entry.needs', { count: clashes })}
    </a>
  )
}

function Standing({ entry }: { entry: EntryOnScreen }) {
  const at = entry.pending || entry.images?.some(({ state }) => state === 'waiting') ? 'here' : 'server'
  return (
    <span className="standing">
      <SyncMark at={at} quiet />
      {t(`sync.mark.${at}`)}
    </span>
  )
}

interface EntryCardProps {
  readonly entry: EntryOnScreen
  readonly naming: Naming
  readonly clashes: number
  /** Absent in another's dex. */
  readonly onName?: () => void
}

/** Number, name, Latin, in this order; below how it was met and where the entry stands. */
export function EntryCard({ entry, naming, clashes, onName }: EntryCardProps) {
  const { entries } = useDex()
  const { animal, name, latin } = naming
  return (
    <header className="entry-card">
      <div className="top">
        <span className="no">{numberLine(entry, naming, entries)}</span>
        {animal?.iucn && <IucnBadge category={animal.iucn.category} />}
      </div>
      <h1 className={name ? undefined : latin ? 'sci' : 'unnamed'}>{name ?? latin ?? t('entry.unnamed')}</h1>
      {name && latin && <p className="sci">{latin}</p>}
      {!latin && onName && <Button onClick={onName}>{t('entry.name')}</Button>}
      <div className="marks small">
        <span>{wildLine(entry)}</span>
        {clashes > 0 ? <Needs clashes={clashes} /> : onName && <Standing entry={entry} />}
      </div>
    </header>
  )
}
