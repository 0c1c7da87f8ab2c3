import { type RefObject, useEffect } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { isSheetOpen } from '../../ui/sheet-open.ts'
import { type MessageId, t } from '../i18n.tsx'
import { useWide } from '../wide.ts'
import { SORTS, type Sort } from './cells.ts'
import { takeSort, useSort } from './use-wall.ts'

const ORDERS: Record<Sort, MessageId> = { number: 'wall.sort.number', date: 'wall.sort.date', name: 'wall.sort.name' }

function SortChoice() {
  const sort = useSort()
  return (
    <label className="chip on sort">
      <span className="sr">{t('wall.sort')}</span>
      <select value={sort} onChange={(event) => takeSort(event.target.value as Sort)}>
        {SORTS.map((one) => (
          <option key={one} value={one}>
            {t(ORDERS[one])}
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

/** Finding and ordering: on top of the wall on a desktop, under the thumb on a phone. */
export function Find(props: {
  query: string
  onQuery: (query: string) => void
  /** From the search line into the plates. */
  onLeave: () => void
  input: RefObject<HTMLInputElement | null>
}) {
  const wide = useWide()
  useSlash(props.input)
  return (
    <search className="find">
      <label className="q">
        <Icon name="search" />
        <input
          ref={props.input}
          type="search"
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={props.query}
          placeholder={t(wide ? 'wall.search.hint' : 'wall.search.short')}
          aria-label={t('wall.search')}
          aria-keyshortcuts="/"
          onChange={(event) => props.onQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation()
              if (props.query) props.onQuery('')
              else event.currentTarget.blur()
            } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
              event.preventDefault()
              props.onLeave()
            }
          }}
        />
        {props.query ? (
          <button type="button" className="clear" aria-label={t('wall.search.clear')} onClick={() => props.onQuery('')}>
            <Icon name="close" small />
          </button>
        ) : (
          wide && <kbd aria-hidden="true">/</kbd>
        )}
      </label>
      <SortChoice />
    </search>
  )
}
