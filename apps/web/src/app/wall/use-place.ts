import { type RefObject, useLayoutEffect, useMemo, useRef } from 'react'
import type { Cell } from './cells.ts'
import type { WallLayout } from './layout.ts'
import { type Place, placeAt, type Rows, readPlace, rowTops, scrollFor, writePlace } from './wall-place.ts'

/** How long scrolling must rest before its place is written, in milliseconds. */
const REST = 150

export interface PlaceOf {
  /** Name of this way of showing the wall; a search has its text in it. */
  readonly wall: string
  /** True where the place may be remembered: a search's is not. */
  readonly kept: boolean
  /** False while the wall is a stored one: its place is found again once all plates are there. */
  readonly live: boolean
  /** The cell to begin at where no place is known, if any: the plate of the entry that is open. */
  readonly begin: number | undefined
  /** A plate to bring into sight, and again wherever it moves. */
  readonly follow: number | undefined
}

/** The place that shows a cell in the middle of what is seen. */
function inTheMiddle(scroller: HTMLElement, { cells, columns, tops }: Rows, index: number): Place {
  const row = Math.floor(index / columns)
  const height = (tops[row + 1] ?? tops[row] ?? 0) - (tops[row] ?? 0)
  const cell = cells[index]
  const dy = -Math.max(0, Math.round((scroller.clientHeight - height) / 2))
  return { index, dy, ...(cell?.kind === 'plate' ? { entry: cell.entry } : {}) }
}

/** Where the wall stands, and where it was last scrolled to from here: what comes of that is nobody's scrolling. */
interface Standing {
  place: Place | undefined
  scrolledTo: number | undefined
}

function scrollTo(scroller: HTMLElement, rows: Rows, standing: Standing): void {
  const wanted = standing.place ? Math.max(0, scrollFor(rows, standing.place)) : 0
  if (Math.abs(scroller.scrollTop - wanted) > 1) scroller.scrollTop = wanted
  // What it came to: a wall that is still arriving may be too short.
  standing.scrolledTo = scroller.scrollTop
}

/** Knows where the wall stands while it is scrolled, and remembers it once it rests. */
function useKeepPlace(scroller: HTMLElement, rows: Rows, at: RefObject<Standing>, { wall, kept }: PlaceOf): void {
  const now = useRef(rows)
  useLayoutEffect(() => {
    now.current = rows
  })
  // Before the next wall is scrolled: what it is scrolled by is no place of this one.
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let scrolled = false
    const write = () => {
      clearTimeout(timer)
      timer = undefined
      if (scrolled && kept) writePlace(wall, at.current.place)
    }
    const onScroll = () => {
      const { scrollTop } = scroller
      const standing = at.current
      if (standing.scrolledTo !== undefined && Math.abs(scrollTop - standing.scrolledTo) <= 1) return
      standing.scrolledTo = undefined
      standing.place = placeAt(now.current, scrollTop)
      scrolled = true
      timer ??= setTimeout(write, REST)
    }
    scroller.addEventListener('scroll', onScroll, { passive: true })
    window.addEventListener('pagehide', write)
    return () => {
      scroller.removeEventListener('scroll', onScroll)
      window.removeEventListener('pagehide', write)
      write()
    }
  }, [scroller, at, wall, kept])
}

/**
 * Where the wall stands: found again when somebody comes back to it (from an entry, another screen, a reload, by going
 * back), at its top when it is shown in another way, and the same plates in sight when others come or the columns change.
 */
export function usePlace(
  scroller: HTMLElement,
  wall: { readonly cells: readonly Cell[]; readonly heights: readonly number[]; readonly layout: WallLayout },
  of: PlaceOf,
): void {
  const { cells, heights, layout } = wall
  const rows = useMemo(
    (): Rows => ({ cells, columns: layout.columns, tops: rowTops(heights, layout.gap) }),
    [cells, heights, layout],
  )
  const standing = useRef<Standing>({ place: undefined, scrolledTo: undefined })
  useKeepPlace(scroller, rows, standing, of)
  const stood = useRef<PlaceOf & { readonly rows: Rows }>(undefined)
  useLayoutEffect(() => {
    const before = stood.current
    stood.current = { ...of, rows }
    const isOther = before?.wall !== of.wall
    const { follow, begin } = of
    if (follow !== undefined && (isOther || follow !== before.follow))
      standing.current.place = inTheMiddle(scroller, rows, follow)
    else if (isOther) standing.current.place = of.kept ? readPlace(of.wall) : undefined
    else if (before.rows === rows && before.live === of.live) return
    const isFirst = before === undefined || !before.live
    if (!standing.current.place && begin !== undefined && isFirst) standing.current.place = inTheMiddle(scroller, rows, begin)
    if (standing.current.place || (before && isOther)) scrollTo(scroller, rows, standing.current)
  })
}
