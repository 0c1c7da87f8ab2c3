import { onScreen } from '@biologidex/client/adapters/painted'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  type MouseEvent,
  startTransition,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { t } from '../i18n.tsx'
import { useOther } from '../session.tsx'
import { useWays } from '../ways.tsx'
import type { Cell, PlateCell } from './cells.ts'
import { type Move, moveFrom, rowHeights, type WallLayout } from './layout.ts'
import { Gap, Plate, spotStyle } from './plate.tsx'
import { type PlaceOf, usePlace } from './use-place.ts'
import { usePrefetchWall } from './use-prefetch-wall.ts'
import { useReadAhead } from './use-read-ahead.ts'

const MOVES = new Set<string>(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'])
const isMove = (key: string): key is Move => MOVES.has(key)

/** Rows drawn above and below what is seen, once that is on the screen. */
const OVERSCAN = 3

export interface WallGridProps {
  readonly dex: string
  readonly cells: readonly Cell[]
  readonly total: number
  readonly layout: WallLayout
  readonly scroller: HTMLElement
  /** True for the plate whose entry is open beside the wall. */
  readonly isOpen: (cell: PlateCell) => boolean
  readonly onOpen: (cell: PlateCell) => void
  /** Which plates are chosen; absent while none are being chosen. */
  readonly isChosen?: ((cell: PlateCell) => boolean) | undefined
  readonly place: PlaceOf
}

/** True for a click that the browser should carry out itself: a new tab, a download. */
const isForBrowser = (event: MouseEvent): boolean =>
  event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey

/** Which plate the keyboard stands on, and moving it. The plate is scrolled into view, then focused. */
function useKeyboard(props: WallGridProps, showRow: (row: number) => void) {
  const { cells, layout, scroller } = props
  const [at, setAt] = useState<number>()
  const wanted = useRef<number | undefined>(undefined)
  useLayoutEffect(() => {
    if (wanted.current === undefined) return
    const plate = scroller.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`)
    if (!plate) return
    wanted.current = undefined
    plate.focus({ preventScroll: true })
  })
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement
    const from = target.dataset.index
    // A plate to choose is a checkbox, whose key is the space bar; the link that it is does not know it.
    if (from !== undefined && event.key === ' ' && props.isChosen) {
      event.preventDefault()
      target.click()
      return
    }
    if (from === undefined || !isMove(event.key) || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const to = moveFrom(cells, Number(from), event.key, layout.columns)
    wanted.current = to
    setAt(to)
    showRow(Math.floor(to / layout.columns))
  }
  const onFocus = (event: { target: EventTarget }) => {
    const index = (event.target as HTMLElement).dataset.index
    if (index !== undefined) setAt(Number(index))
  }
  return { at, onKeyDown, onFocus }
}

function useOverscan(): number {
  const [rows, setRows] = useState(0)
  useEffect(() => {
    let here = true
    void onScreen().then(() => here && startTransition(() => setRows(OVERSCAN)))
    return () => {
      here = false
    }
  }, [])
  return rows
}

/** The plates that can be seen, and a few more, of a wall as high as all of them. */
export function WallGrid(props: WallGridProps) {
  const { cells, total, layout, scroller } = props
  const { columns, columnWidth, gap, side } = layout
  const heights = useMemo(() => rowHeights(cells, total, layout), [cells, total, layout])
  const virtualizer = useVirtualizer({
    count: heights.length,
    getScrollElement: () => scroller,
    estimateSize: (row) => (heights[row] ?? 0) + gap,
    overscan: useOverscan(),
    initialRect: { width: 0, height: window.innerHeight },
    useFlushSync: false,
  })
  // The virtualizer keeps the heights it was told; other cells or columns have others.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, heights])
  usePlace(scroller, { cells, heights, layout }, props.place)
  const ways = useWays()
  const own = useOther() === undefined
  const keyboard = useKeyboard(props, (row) => virtualizer.scrollToIndex(row, { align: 'auto' }))

  const rows = virtualizer.getVirtualItems()
  const shown = rows.flatMap((row) =>
    cells.slice(row.index * columns, (row.index + 1) * columns).map((cell, column) => ({
      cell,
      index: row.index * columns + column,
      spot: { x: side + column * (columnWidth + gap), y: row.start, width: columnWidth, height: heights[row.index] ?? 0 },
    })),
  )
  const last = shown.at(-1)?.index ?? -1
  usePrefetchWall(props.dex, cells, last, scroller)
  useReadAhead(props.dex, cells, shown[0]?.index ?? 0, last, scroller)
  const standing = shown.some(({ index, cell }) => index === keyboard.at && cell.kind === 'plate')
  const begin = shown.find(({ index }) => index === props.place.follow) ?? shown.find(({ cell }) => cell.kind === 'plate')
  const tabbable = standing ? keyboard.at : begin?.index

  const onClick = (event: MouseEvent<HTMLElement>) => {
    const index = (event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index
    const cell = index === undefined ? undefined : cells[Number(index)]
    if (cell?.kind !== 'plate' || isForBrowser(event)) return
    event.preventDefault()
    props.onOpen(cell)
  }

  return (
    <ul
      className="wall"
      aria-label={t('wall.plates')}
      style={{ height: virtualizer.getTotalSize() }}
      onClick={onClick}
      onKeyDown={keyboard.onKeyDown}
      onFocus={keyboard.onFocus}
    >
      {shown.map(({ cell, index, spot }) => (
        <li
          key={cell.key}
          style={spotStyle(spot)}
          aria-setsize={total}
          aria-posinset={index + 1}
          data-new={index === props.place.follow || undefined}
        >
          {cell.kind === 'gap' ? (
            <Gap cell={cell} />
          ) : (
            <Plate
              dex={props.dex}
              cell={cell}
              index={index}
              open={props.isOpen(cell)}
              tabbable={index === tabbable}
              href={ways.href(cell.entry)}
              own={own}
              chosen={props.isChosen?.(cell)}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
