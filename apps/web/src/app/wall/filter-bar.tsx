import { type CSSProperties, useId, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import { t } from '../i18n.tsx'
import { useOther } from '../session.tsx'
import type { Counts } from './facets.ts'
import { FilterOptions } from './filter-options.tsx'
import { type FilterGroup, filterGroups } from './filter-words.ts'
import type { TakeView } from './use-view.ts'
import type { Wall } from './use-wall.ts'
import type { View } from './wall-address.ts'

/** Room between a menu and the edge of the window, in CSS pixels. */
const EDGE = 12

/** What a menu's button says: its label, or what is chosen there. */
function buttonWords({ label, options }: FilterGroup): string {
  const [first, ...others] = options.filter(({ on }) => on)
  if (!first) return label
  return others.length > 0 ? `${first.words} +${others.length}` : first.words
}

/** One group as a button that opens its values. The browser closes it: Escape, or a click elsewhere. */
function FilterMenu(props: { group: FilterGroup; counted: () => FilterGroup | undefined; toggle: TakeView['toggle'] }) {
  const { group, counted, toggle } = props
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState<CSSProperties>()
  const place = () => {
    const box = button.current?.getBoundingClientRect()
    if (box)
      setAt({
        left: Math.min(box.left, window.innerWidth - 300),
        top: box.bottom + 6,
        maxHeight: window.innerHeight - box.bottom - EDGE,
      })
  }
  const on = group.options.some((option) => option.on)
  const shown = open ? counted() : undefined
  return (
    <>
      <button
        ref={button}
        type="button"
        className={on ? 'chip on menu-of' : 'chip menu-of'}
        popoverTarget={id}
        aria-expanded={open}
        aria-label={on ? `${group.label}: ${buttonWords(group)}` : undefined}
      >
        {buttonWords(group)}
        <Icon name="down" small />
      </button>
      <fieldset
        id={id}
        popover="auto"
        className="menu"
        style={at}
        aria-label={group.label}
        onBeforeToggle={(event) => event.newState === 'open' && place()}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {shown && <FilterOptions group={shown} onToggle={({ facet, value }) => toggle(facet, value)} />}
      </fieldset>
    </>
  )
}

/** All choices in a row over the wall of a desktop. */
export function FilterBar(props: { wall: Wall; view: View; take: TakeView; onSelect: () => void }) {
  const { wall, view, take } = props
  const isOwn = useOther() === undefined
  const groupsWith = (counts: Counts) => filterGroups(wall.present(), counts, view.picks, wall.outing)
  // What each choice would leave is counted for a menu that is open, not at each letter typed.
  const groups = groupsWith(wall.present())
  const canSelect = isOwn && wall.all > 1
  if (groups.length === 0 && !canSelect) return null
  return (
    <div className="filter-bar">
      {groups
        .filter(({ key }) => key !== 'only')
        .map((group) => (
          <FilterMenu
            key={group.key}
            group={group}
            counted={() => groupsWith(wall.counts()).find(({ key }) => key === group.key)}
            toggle={take.toggle}
          />
        ))}
      {groups
        .filter(({ key }) => key === 'only')
        .flatMap(({ options }) => options)
        .map(({ facet, value, words, on }) => (
          <Chip key={facet} on={on} onClick={() => take.toggle(facet, value)}>
            {words}
          </Chip>
        ))}
      {canSelect && (
        <Button kind="plain" className="select-several" onClick={props.onSelect}>
          {t('select.begin')}
        </Button>
      )}
    </div>
  )
}
