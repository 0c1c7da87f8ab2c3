import type { Cell } from './cells.ts'

/** Where the wall stands: the entry of the first plate seen, the number of its cell, and how far its row is scrolled, in CSS pixels. */
export interface Place {
  readonly entry?: string
  readonly index: number
  readonly dy: number
}

/** The rows of a wall: where each begins, in CSS pixels from the wall's top. */
export interface Rows {
  readonly cells: readonly Cell[]
  readonly columns: number
  readonly tops: readonly number[]
}

/** Where rows of these heights begin. */
export function rowTops(heights: readonly number[], gap: number): number[] {
  let top = 0
  return heights.map((height) => {
    const begins = top
    top += height + gap
    return begins
  })
}

/** The row that lies at a height of the wall: the last one that begins above it. */
function rowAt(tops: readonly number[], y: number): number {
  let [low, high] = [0, tops.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((tops[middle] ?? 0) <= y) low = middle
    else high = middle - 1
  }
  return low
}

/** The place of a wall that is scrolled this far; undefined at its top, which is where walls begin. */
export function placeAt({ cells, columns, tops }: Rows, scrollTop: number): Place | undefined {
  if (scrollTop <= 1) return undefined
  const row = rowAt(tops, scrollTop)
  const dy = Math.round(scrollTop - (tops[row] ?? 0))
  const first = row * columns
  const at = cells.findIndex((cell, index) => index >= first && index < first + columns && cell.kind === 'plate')
  const plate = cells[at]
  return { index: at < 0 ? first : at, dy, ...(plate?.kind === 'plate' ? { entry: plate.entry } : {}) }
}

/** How far to scroll to a place: to its entry wherever that is now, else to where it was. */
export function scrollFor({ cells, columns, tops }: Rows, { entry, index, dy }: Place): number {
  const same = cells[index]
  const stands = entry === undefined || (same?.kind === 'plate' && same.entry === entry)
  const found = stands ? index : cells.findIndex((cell) => cell.kind === 'plate' && cell.entry === entry)
  const row = Math.floor((found < 0 ? index : found) / columns)
  return (tops[Math.min(row, tops.length - 1)] ?? 0) + dy
}

const KEY = 'biologidex.places'

/** Walls, each with its own filters, whose places are remembered. */
const MOST = 20

type Places = Readonly<Record<string, Place>>

function readAll(): Places {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Places
  } catch {
    // Storage that is forbidden or was written over: walls then begin at their top.
    return {}
  }
}

/** The place of the wall with these filters, in this tab. */
export const readPlace = (wall: string): Place | undefined => readAll()[wall]

/** Remembers a place until the tab is closed: ids and numbers, no word of anybody's. Undefined forgets it. */
export function writePlace(wall: string, place: Place | undefined): void {
  const { [wall]: _, ...others } = readAll()
  const latest = Object.entries(others).slice(place ? 1 - MOST : 0)
  try {
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(place ? [...latest, [wall, place]] : latest)))
  } catch {
    // As above.
  }
}

/** Forgets all places: the dex they are of is closed. */
export function forgetPlaces(): void {
  try {
    sessionStorage.removeItem(KEY)
  } catch {
    // Nothing was remembered.
  }
}
