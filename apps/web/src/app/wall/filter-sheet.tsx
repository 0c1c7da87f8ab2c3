import { useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { t } from '../i18n.tsx'
import { useOther } from '../session.tsx'
import { FilterOptions } from './filter-options.tsx'
import { filterGroups } from './filter-words.ts'
import type { TakeView } from './use-view.ts'
import type { Wall } from './use-wall.ts'
import type { View } from './wall-address.ts'

function Groups({ wall, view, take }: { wall: Wall; view: View; take: TakeView }) {
  // All that is changed while the sheet is open is one step back.
  const changed = useRef(false)
  const groups = filterGroups(wall.present(), wall.counts(), view.picks, wall.outing)
  return groups.map((group) => (
    <fieldset key={group.key} className="filter-group">
      <legend>{group.label}</legend>
      <FilterOptions
        group={group}
        onToggle={({ facet, value }) => {
          take.toggle(facet, value, changed.current)
          changed.current = true
        }}
      />
    </fieldset>
  ))
}

/** All choices on a phone, from the bottom, with how many sightings they leave. */
export function FilterSheet(props: {
  wall: Wall
  view: View
  take: TakeView
  open: boolean
  onClose: () => void
  onClear: () => void
  onSelect: () => void
}) {
  const { wall, view, take, open, onClose } = props
  const isOwn = useOther() === undefined
  const select = () => {
    onClose()
    props.onSelect()
  }
  return (
    <Sheet open={open} onClose={onClose} title={t('wall.filter')}>
      {open && <Groups wall={wall} view={view} take={take} />}
      {isOwn && wall.found > 0 && (
        <Button kind="plain" className="select-several" onClick={select}>
          <Icon name="check" />
          {t('select.begin')}
        </Button>
      )}
      <div className="ends filter-ends">
        <Button onClick={props.onClear} disabled={wall.whole}>
          {t('wall.filter.clear')}
        </Button>
        <Button kind="go" onClick={onClose}>
          {t('wall.filter.show', { count: wall.found })}
        </Button>
      </div>
    </Sheet>
  )
}
