import { fold } from '@biologidex/core/animals/search'
import type { SyncPlace } from '../../ui/sync-mark.tsx'
import { type Facts, type PlatePicture, placeOf, type Standing } from './facts.ts'

export const SORTS = ['number', 'date', 'name'] as const
export type Sort = (typeof SORTS)[number]

/** One plate. `entry` is what it opens; `sightings` only where a plate stands for an animal. */
export interface PlateCell {
  readonly kind: 'plate'
  readonly key: string
  readonly entry: string
  readonly number?: number
  readonly name: string
  readonly latin: string
  readonly sightings?: number
  readonly sync: SyncPlace
  readonly favourite: boolean
  readonly picture?: PlatePicture
}

/** Numbers not met yet, between one's own lowest and highest: one, or a run as one quiet stack. */
export interface GapCell {
  readonly kind: 'gap'
  readonly key: string
  readonly from: number
  readonly to: number
}

export type Cell = PlateCell | GapCell

/** From how many on neighbouring gaps become one stack. */
const RUN = 3

/** The last character of Unicode's private use: what sorts after every name. */
const LAST = '\uf8ff'

const WEIGHT: Record<SyncPlace, number> = { server: 0, here: 1, needs: 2 }

function plate(key: string, facts: Facts, sync: SyncPlace, favourite: boolean, sightings?: number): PlateCell {
  const number = facts.animal?.number
  return {
    kind: 'plate',
    key,
    entry: facts.entry.id,
    ...(number === undefined ? {} : { number }),
    name: facts.name,
    latin: facts.latin,
    ...(sightings === undefined ? {} : { sightings }),
    sync,
    favourite,
    ...(facts.picture ? { picture: facts.picture } : {}),
  }
}

/** Newest first; of two on one day the one kept later, then by id, so that the order never wavers. */
const newest = (a: Facts, b: Facts): number => {
  if (a.dateKey !== b.dateKey) return a.dateKey > b.dateKey ? -1 : 1
  return b.entry.created - a.entry.created || (a.entry.id < b.entry.id ? -1 : 1)
}

/** By folded name, what has none last. The keys are made once, not at each comparison. */
function sortedByName(all: readonly Facts[]): Facts[] {
  const keyed = all.map((facts) => ({ facts, key: facts.name ? fold(facts.name) : LAST }))
  keyed.sort((a, b) => (a.key === b.key ? newest(a.facts, b.facts) : a.key < b.key ? -1 : 1))
  return keyed.map(({ facts }) => facts)
}

/** Sightings of one animal; those typed by a name that an animal of this dex has are of that animal. */
interface Group {
  readonly key: string
  readonly number: number | undefined
  readonly sightings: Facts[]
}

function groups(all: readonly Facts[]): Group[] {
  const byKey = new Map<string, Group>()
  const byLatin = new Map<string, Group>()
  const put = (facts: Facts, key: string, latin: string) => {
    const group = byKey.get(key) ?? { key, number: facts.animal?.number, sightings: [] }
    group.sightings.push(facts)
    byKey.set(key, group)
    if (latin) byLatin.set(latin, group)
  }
  for (const facts of all) if (facts.animal) put(facts, facts.animal.id, facts.latin.toLowerCase())
  for (const facts of all) {
    if (facts.animal) continue
    const latin = facts.latin.toLowerCase()
    const known = latin ? byLatin.get(latin) : undefined
    if (known) known.sightings.push(facts)
    else put(facts, latin || `entry ${facts.entry.id}`, latin)
  }
  return [...byKey.values()]
}

/** One plate for a group: the newest sighting opens and is seen, the most urgent mark shows. */
function groupPlate(group: Group, standing: Standing): PlateCell {
  const sorted = group.sightings.length > 1 ? group.sightings.sort(newest) : group.sightings
  const first = sorted[0] as Facts
  let sync: SyncPlace = 'server'
  for (const { entry } of sorted) {
    const place = placeOf(entry, standing)
    if (WEIGHT[place] > WEIGHT[sync]) sync = place
  }
  const favourite = sorted.some(({ entry }) => entry.favourite === true)
  const shown = sorted.find(({ picture }) => picture)?.picture
  const named = sorted.find(({ animal }) => animal) ?? first
  const facts = { ...first, animal: named.animal, name: named.name, latin: named.latin, picture: shown }
  return plate(group.key, facts, sync, favourite, named.latin ? sorted.length : undefined)
}

/** The quiet outlines between two numbers. */
export function gapsBetween(lower: number, upper: number): GapCell[] {
  const [from, to] = [lower + 1, upper - 1]
  const gap = (a: number, b: number): GapCell => ({ kind: 'gap', key: `gap ${a}`, from: a, to: b })
  if (to - from + 1 >= RUN) return [gap(from, to)]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => gap(from + at, from + at))
}

/** Numbered animals with the gaps between them, then those without a number yet, then what has no name, newest first. */
function cellsByNumber(all: readonly Facts[], standing: Standing, gaps: boolean): Cell[] {
  const made = groups(all)
  const numbered = made.filter((group) => group.number !== undefined).sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
  const cells: Cell[] = []
  let last: number | undefined
  for (const group of numbered) {
    if (gaps && last !== undefined && group.number !== undefined) cells.push(...gapsBetween(last, group.number))
    last = group.number
    cells.push(groupPlate(group, standing))
  }
  const rest = made.filter((group) => group.number === undefined)
  const first = (group: Group) => group.sightings.reduce((a, b) => (newest(a, b) <= 0 ? a : b))
  const named = (group: Group) => (first(group).latin ? 0 : 1)
  rest.sort((a, b) => named(a) - named(b) || newest(first(a), first(b)))
  for (const group of rest) cells.push(groupPlate(group, standing))
  return cells
}

/** The cells of the wall in an order. `gaps`: show the numbers not met yet, which only make sense where nothing is filtered out. */
export function cellsOf(all: readonly Facts[], sort: Sort, standing: Standing, gaps = true): Cell[] {
  if (sort === 'number') return cellsByNumber(all, standing, gaps)
  const sorted = sort === 'date' ? [...all].sort(newest) : sortedByName(all)
  return sorted.map((facts) => plate(facts.entry.id, facts, placeOf(facts.entry, standing), facts.entry.favourite === true))
}
