import type { Place } from '@biologidex/core/entries/place'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { formatObserved } from '../../app/format.ts'
import { T, t } from '../../app/i18n.tsx'
import { Fact } from './fact.tsx'
import { shortPlace } from './when-where-row.tsx'

/** Accuracy from which on a place is no point any more but the area that its owner shows, in metres. */
const AREA = 5000

const isArea = ({ accuracy }: Place): boolean => accuracy !== undefined && accuracy > AREA

/** When and where, as far as the owner shows it to whoever looks. */
export function OtherFacts({ entry: { observed, place } }: { entry: EntryOnScreen }) {
  return (
    <dl className="facts">
      <Fact icon="calendar" label={t('entry.fact.seen')}>
        {observed ? formatObserved(observed) : t('entry.fact.seen.hidden')}
      </Fact>
      <Fact icon="place" label={t('entry.fact.place')}>
        {!place && t('entry.fact.place.hidden')}
        {place && isArea(place) && <T id="entry.fact.place.area" values={{ place: place.region ?? shortPlace(place) }} />}
        {place && !isArea(place) && shortPlace(place)}
      </Fact>
    </dl>
  )
}
