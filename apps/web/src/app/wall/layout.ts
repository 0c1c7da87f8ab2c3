import type { Cell } from './cells.ts'
import { type LineKind, linesOf } from './text-fit.ts'

/** Sizes of the wall in CSS pixels. */
export interface WallLayout {
  readonly columns: number
  readonly columnWidth: number
  readonly gap: number
  readonly side: number
  /** Size of the root's letters. */
  readonly rem: number
}

const WIDE = 1024

/**
 * How many plates stand side by side, and how wide they are: as many columns of at least 9.5 rem (9.75 on a phone) as fit.
 * @param width of the wall with its scroll bar, which lies in the margin; @param viewport of the window; @param rem size of
 * the root's letters: all in CSS pixels
 */
export function layoutFor(width: number, viewport: number, rem: number): WallLayout {
  const wide = viewport >= WIDE
  const [gap, side, least] = wide ? [rem, 1.5 * rem, 9.5 * rem] : [0.75 * rem, rem, 9.75 * rem]
  const room = Math.max(0, width - 2 * side)
  const columns = Math.max(1, Math.floor((room + gap) / (least + gap)))
  const columnWidth = Math.floor((room - (columns - 1) * gap) / columns)
  return { columns, columnWidth, gap, side, rem }
}

/** Parts of a plate's label in rem, as wall.css has them: margins with the number's line, and lines of name and Latin. */
const LABEL = { rest: 2.6, name: 1.26, latin: 1.06, beside: 1.25 } as const

/** Lines that a name was found to take, by name: a dex says a few hundred names ten thousand times. For one room at a time. */
const known = { room: 0, name: new Map<string, number>(), latin: new Map<string, number>() }

function linesIn(text: string, kind: LineKind, room: number): number {
  if (known.room !== room) Object.assign(known, { room, name: new Map(), latin: new Map() })
  const before = known[kind].get(text)
  if (before !== undefined) return before
  const lines = linesOf(text, kind, room)
  known[kind].set(text, lines)
  return lines
}

/** Height of the plainest label, in rem. */
const PLAINEST = LABEL.rest + LABEL.name + LABEL.latin

/** How many cells are seen at once, at most, where the wall's scroller is this high: rows of the plainest plates, the last one cut. */
export function screenful({ columns, columnWidth, gap, rem }: WallLayout, height: number): number {
  return columns * Math.ceil(height / (columnWidth + Math.ceil(PLAINEST * rem) + gap))
}

/** Height of the label of one plate, in rem. A gap asks for no more than the plates beside it. */
function labelOf(cell: Cell, room: number): number {
  const bare = cell.kind === 'gap' || cell.name === ''
  const named = bare ? 1 : linesIn(cell.name, cell.name === cell.latin ? 'latin' : 'name', room)
  const latin = bare || cell.latin === '' || cell.latin === cell.name ? 1 : linesIn(cell.latin, 'latin', room)
  return LABEL.rest + named * LABEL.name + latin * LABEL.latin
}

/**
 * Height of each row in CSS pixels: a square picture, and room for the longest label of the row, so that plates of a row
 * end together and nothing moves when they are drawn.
 * @param total cells in all; rows past `cells` (a stored wall knows its first ones only) get the height of the plainest
 */
export function rowHeights(cells: readonly Cell[], total: number, layout: WallLayout): number[] {
  const { columns, columnWidth, rem } = layout
  const room = columnWidth / rem - LABEL.beside
  const heights: number[] = []
  for (let first = 0; first < total; first += columns) {
    let label = PLAINEST
    for (let at = first; at < Math.min(first + columns, cells.length); at++)
      label = Math.max(label, labelOf(cells[at] as Cell, room))
    heights.push(columnWidth + Math.ceil(label * rem))
  }
  return heights
}

export type Move = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End' | 'PageUp' | 'PageDown'

const PAGE_ROWS = 3

/** Where an arrow key leads from a plate: the next one in that direction that is no gap; the same when there is none. */
export function moveFrom(cells: readonly Cell[], from: number, move: Move, columns: number): number {
  const steps: Record<Move, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * PAGE_ROWS,
    PageDown: columns * PAGE_ROWS,
    Home: -1,
    End: 1,
  }
  const step = steps[move]
  if (move === 'Home') return firstPlate(cells, 0, 1) ?? from
  if (move === 'End') return firstPlate(cells, cells.length - 1, -1) ?? from
  const target = from + step
  if (target >= 0 && target < cells.length)
    return firstPlate(cells, target, step) ?? firstPlate(cells, target, Math.sign(step)) ?? from
  if (Math.abs(step) > columns) return (step > 0 ? firstPlate(cells, cells.length - 1, -1) : firstPlate(cells, 0, 1)) ?? from
  return from
}

function firstPlate(cells: readonly Cell[], start: number, step: number): number | undefined {
  for (let at = start; at >= 0 && at < cells.length; at += step) if (cells[at]?.kind === 'plate') return at
  return undefined
}
