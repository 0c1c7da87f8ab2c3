import { DEFAULT_SETTINGS, type Settings } from '@biologidex/core/accounts/account'
import type { PlacePrecision } from '@biologidex/core/entries/place'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useMemo } from 'react'
import { formatObserved } from '../../app/format.ts'
import { type MessageId, T, t } from '../../app/i18n.tsx'
import { useCatalogue, useDex } from '../../app/session.tsx'
import { categoryOf } from '../animals/category.ts'
import type { Naming } from '../animals/use-naming.ts'
import { primaryImage } from '../images/entry-thumb.tsx'
import { Fact } from './fact.tsx'
import { seenByOthers } from './what-others-see.ts'
import { shortPlace } from './when-where-row.tsx'

const FRIENDS: Record<PlacePrecision, MessageId> = {
  exact: 'others.exact.friends',
  area: 'others.area.friends',
  hidden: 'others.hidden.friends',
}
const PUBLIC: Record<PlacePrecision, MessageId> = {
  exact: 'others.exact.public',
  area: 'others.area.public',
  hidden: 'others.hidden.public',
}
/** Without a place there is only the date, and of it the day, unless places are shown exactly. */
const DAY = { friends: 'others.day.friends', public: 'others.day.public' } as const

/** What others see of where and when it was; nothing is said where there is nothing that could be seen. */
function othersLines(entry: EntryOnScreen, settings: Settings, category: string | undefined): string[] {
  const seen = seenByOthers(entry, settings, category)
  const day = (who: keyof typeof DAY): MessageId[] => (entry.observed && seen[who] && seen[who] !== 'exact' ? [DAY[who]] : [])
  if (!entry.place) return [...day('friends'), ...day('public')].map((id) => t(id))
  const lines: MessageId[] = []
  if (seen.friends) lines.push(FRIENDS[seen.friends])
  if (seen.public) lines.push(PUBLIC[seen.public])
  if (seen.guarded) lines.push('others.vulnerable')
  return lines.map((id) => t(id))
}

/** Why others do not see an entry yet that they may see (F5). */
function notYet(entry: EntryOnScreen, naming: Naming): string[] {
  if (entry.visibility === 'private') return []
  if (!naming.latin) return [t('visibility.later.name')]
  return primaryImage(entry)?.state === 'ready' ? [] : [t('visibility.later.picture')]
}

/** When, where, and who sees it. */
export function EntryFacts({ entry, naming }: { entry: EntryOnScreen; naming: Naming }) {
  const { profile } = useDex()
  const { observed, place, visibility } = entry
  const settings = profile?.settings ?? DEFAULT_SETTINGS
  const catalogue = useCatalogue()
  const { animal, latin } = naming
  const category = useMemo(() => categoryOf({ animal, latin }, catalogue), [animal, latin, catalogue])
  return (
    <dl className="facts">
      <Fact icon="calendar" label={t('entry.fact.seen')}>
        {observed ? formatObserved(observed) : t('entry.fact.seen.none')}
      </Fact>
      <Fact icon="place" label={t('entry.fact.place')} more={othersLines(entry, settings, category)}>
        {place ? <T id="entry.fact.place.exact" values={{ place: shortPlace(place) }} /> : t('entry.fact.place.none')}
      </Fact>
      <Fact icon="eye" label={t('visibility.label')} more={notYet(entry, naming)}>
        <T id={visibility === 'friends' ? 'visibility.friends.soft' : `visibility.${visibility}`} />
      </Fact>
    </dl>
  )
}
