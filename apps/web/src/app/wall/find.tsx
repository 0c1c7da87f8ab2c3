import { type RefObject, Suspense, useEffect, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { Icon } from '../../ui/icon.tsx'
import { isSheetOpen } from '../../ui/sheet-open.ts'
import { type MessageId, t } from '../i18n.tsx'
import { LackingSheet } from '../lacking.tsx'
import { lazyPart } from '../lazy-part.tsx'
import { useWide } from '../wide.ts'
import { FilterBar } from './filter-bar.tsx'
import { SORTS } from './order.ts'
import type { TakeView } from './use-view.ts'
import type { Wall } from './use-wall.ts'
import type { View } from './wall-address.ts'

const FilterSheet = lazyPart(async () => (await import('./filter-sheet.tsx')).FilterSheet, LackingSheet)

export interface FindProps {
  readonly wall: Wall
  readonly view: View
  readonly take: TakeView
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly onClear: () => void
  /** From the search line into the plates. */
  readonly onLeave: () => void
  readonly input: RefObject<HTMLInputElement | null>
  /** Begins to choose several plates; only in one's own dex. */
  readonly onSelect: () => void
}

/** The orders, each in both directions, as one choice. */
const ORDERS = SORTS.flatMap((sort) => [
  { key: sort, words: `wall.sort.${sort}` as MessageId, sort, reverse: false },
  { key: `${sort} reverse`, words: `wall.sort.${sort}.reverse` as MessageId, sort, reverse: true },
])

function SortChoice({ view, take }: Pick<FindProps, 'view' | 'take'>) {
  const key = view.reverse ? `${view.sort} reverse` : view.sort
  const choose = (wanted: string) => {
    const order = ORDERS.find((one) => one.key === wanted)
    if (order) take.take({ ...view, sort: order.sort, reverse: order.reverse })
  }
  return (
    <label className="sort">
      <span className="sr">{t('wall.sort')}</span>
      <select value={key} onChange={(event) => choose(event.target.value)}>
        {ORDERS.map((order) => (
          <option key={order.key} value={order.key}>
            {t(order.words)}
          </option>
        ))}
      </select>
      <Icon name="down" small />
    </label>
  )
}

/** True where a `/` is a letter that somebody types. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** `/` leads to the search line from anywhere on the wall, unless somebody is typing or a dialog is open. */
function useSlash(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (isSheetOpen()) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [input])
}

function SearchLine({ query, onQuery, onLeave, input }: Pick<FindProps, 'query' | 'onQuery' | 'onLeave' | 'input'>) {
  const wide = useWide()
  useSlash(input)
  return (
    <label className="q">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        enterKeyHint="search"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={query}
        placeholder={t(wide ? 'wall.search.hint' : 'wall.search.short')}
        aria-label={t('wall.search')}
        aria-keyshortcuts="/"
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            if (query) onQuery('')
            else event.currentTarget.blur()
          } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault()
            onLeave()
          }
        }}
      />
      {query ? (
        <button type="button" className="clear" aria-label={t('wall.search.clear')} onClick={() => onQuery('')}>
          <Icon name="close" small />
        </button>
      ) : (
        wide && <kbd aria-hidden="true">/</kbd>
      )}
    </label>
  )
}

/** A phone's way to the filters: the sheet is loaded when it is first asked for, and stays. */
function FilterButton({ wall, view, take, onClear, onSelect }: Omit<FindProps, 'query' | 'onQuery' | 'onLeave' | 'input'>) {
  const [open, setOpen] = useState<boolean>()
  const count = Object.values(view.picks).reduce((sum, values) => sum + values.length, 0)
  return (
    <>
      <button
        type="button"
        className={classes('chip', 'filter', count > 0 && 'on')}
        aria-haspopup="dialog"
        aria-label={count > 0 ? t('wall.filter.on', { count }) : t('wall.filter')}
        onClick={() => setOpen(true)}
      >
        <Icon name="sort" />
        {count > 0 && (
          <span className="n badge" aria-hidden="true">
            {count}
          </span>
        )}
      </button>
      {open !== undefined && (
        <Suspense>
          <FilterSheet {...{ wall, view, take, open, onClear, onSelect }} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

/** Finding, narrowing and ordering: on top of the wall on a desktop, under the thumb on a phone. */
export function Find(props: FindProps) {
  const wide = useWide()
  return (
    <search className="find">
      <SearchLine {...props} />
      <SortChoice {...props} />
      {!wide && <FilterButton {...props} />}
      {wide && props.wall.live && <FilterBar {...props} />}
    </search>
  )
}
