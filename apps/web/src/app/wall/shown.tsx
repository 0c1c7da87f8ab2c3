import { Icon } from '../../ui/icon.tsx'
import { formatCount } from '../format.ts'
import { T, t } from '../i18n.tsx'
import { FACETS } from './facets.ts'
import { valueWords } from './filter-words.ts'
import type { TakeView } from './use-view.ts'
import type { Wall } from './use-wall.ts'
import type { View } from './wall-address.ts'

/** The words of every choice that is on. */
export const pickedWords = ({ picks }: View, outing: Wall['outing']): string[] =>
  FACETS.flatMap((facet) => (picks[facet] ?? []).map((value) => valueWords(facet, value, outing)))

/** What of the wall is shown: how many of how many, each choice to take away, and all of them. Only while something is left out. */
export function Shown(props: { wall: Wall; view: View; take: TakeView; onClear: () => void }) {
  const { wall, view, take } = props
  if (wall.whole || !wall.live) return null
  const chips = FACETS.flatMap((facet) => (view.picks[facet] ?? []).map((value) => ({ facet, value })))
  return (
    <div className="shown">
      <p className="small">
        <T
          id="wall.shown"
          values={{ found: <span className="n">{formatCount(wall.found)}</span>, all: formatCount(wall.all), count: wall.all }}
        />
      </p>
      <div className="picked">
        {chips.map(({ facet, value }) => {
          const words = valueWords(facet, value, wall.outing)
          return (
            <button
              key={`${facet} ${value}`}
              type="button"
              className="chip on without"
              aria-label={t('wall.filter.without', { value: words })}
              onClick={() => take.toggle(facet, value)}
            >
              {words}
              <Icon name="close" small />
            </button>
          )
        })}
      </div>
      <button type="button" className="btn plain clear-all" onClick={props.onClear}>
        {t('wall.filter.clear')}
      </button>
    </div>
  )
}
