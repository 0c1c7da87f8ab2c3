import type { Cell } from './cells.ts'

/** Sizes of the wall in CSS pixels. */
export interface WallLayout {
  readonly columns: number
  readonly columnWidth: number
  readonly rowHeight: number
  readonly gap: number
  readonly side: number
}

const WIDE = 1024

/**
 * How many plates stand side by side, and how large they are: as many columns of at least 9.5 rem (9.75 on a phone) as fit, pictures
 * square, labels of one height, so that nothing moves when a name is long or a picture comes late.
 * @param width of the wall, @param viewport of the window, @param rem size of the root's letters: all in CSS pixels
 */
export function layoutFor(width: number, viewport: number, rem: number): WallLayout {
  const wide = viewport >= WIDE
  const [gap, side, least] = wide ? [rem, 1.5 * rem, 9.5 * rem] : [0.75 * rem, rem, 9.75 * rem]
  const room = Math.max(0, width - 2 * side)
  const columns = Math.max(1, Math.floor((room + gap) / (least + gap)))
  const columnWidth = Math.floor((room - (columns - 1) * gap) / columns)
  return { columns, columnWidth, rowHeight: columnWidth + Math.round(LABEL * rem), gap, side }
}

/** Height of a plate's label in rem: number, two lines of name, one of Latin. */
const LABEL = 6.6

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
