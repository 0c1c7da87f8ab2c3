import { Icon } from '../../ui/icon.tsx'
import { formatCount } from '../format.ts'
import type { FilterGroup, FilterOption } from './filter-words.ts'

/** The values of one group, each on or off, with how many entries it would leave. */
export function FilterOptions({ group, onToggle }: { group: FilterGroup; onToggle: (option: FilterOption) => void }) {
  return group.options.map((option) => (
    <label key={`${option.facet} ${option.value}`} className={option.count === 0 && !option.on ? 'option none' : 'option'}>
      <input type="checkbox" className="sr" checked={option.on} onChange={() => onToggle(option)} />
      <span className="box" aria-hidden="true">
        {option.on && <Icon name="check" small />}
      </span>
      <span className="words">{option.words}</span>
      <span className="n soft">{formatCount(option.count)}</span>
    </label>
  ))
}
