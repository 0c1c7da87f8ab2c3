import type { SyncPlace } from '../../ui/sync-mark.tsx'
import { type Facts, type PlatePicture, placeOf, type Standing } from './facts.ts'
import type { Sort } from './order.ts'

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

const entryPlates = new WeakMap<Facts, PlateCell>()

/** The plate of one entry: the same object for as long as it looks the same, so that it is not drawn anew. */
function entryPlate(facts: Facts, sync: SyncPlace): PlateCell {
  const known = entryPlates.get(facts)
  if (known?.sync === sync) return known
  const made = plate(facts.entry.id, facts, sync, facts.entry.favourite === true)
  entryPlates.set(facts, made)
  return made
}

/** Sightings of one animal; those typed by a name that an animal of this dex has are of that animal. */
interface Group {
  readonly key: string
  /** Newest first. */
  readonly sightings: Facts[]
}

/** @param all newest first; the groups come in the order of their newest sighting, and keep theirs */
function groups(all: readonly Facts[]): Group[] {
  const byKey = new Map<string, Group>()
  const byLatin = new Map<string, string>()
  const isTyped = ({ animal, latin }: Facts): boolean => !animal && latin !== ''
  if (all.some(isTyped)) for (const { animal, latin } of all) if (animal) byLatin.set(latin.toLowerCase(), animal.id)
  const keyOf = ({ animal, latin, entry }: Facts): string => {
    if (animal) return animal.id
    const typed = latin.toLowerCase()
    return byLatin.get(typed) ?? (typed || `entry ${entry.id}`)
  }
  for (const facts of all) {
    const key = keyOf(facts)
    const group = byKey.get(key)
    if (group) group.sightings.push(facts)
    else byKey.set(key, { key, sightings: [facts] })
  }
  return [...byKey.values()]
}

const numberOf = ({ sightings }: Group): number | undefined => sightings.find(({ animal }) => animal)?.animal?.number

/** One plate for a group: the newest sighting opens and is seen, the most urgent mark shows. */
function groupPlate({ key, sightings: sorted }: Group, standing: Standing): PlateCell {
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
  return plate(key, facts, sync, favourite, named.latin ? sorted.length : undefined)
}

/** The quiet outlines between two numbers. */
export function gapsBetween(lower: number, upper: number): GapCell[] {
  const [from, to] = [lower + 1, upper - 1]
  const gap = (a: number, b: number): GapCell => ({ kind: 'gap', key: `gap ${a}`, from: a, to: b })
  if (to - from + 1 >= RUN) return [gap(from, to)]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => gap(from + at, from + at))
}

/** How cells are made of entries. */
export interface Making {
  readonly sort: Sort
  readonly reverse?: boolean
  readonly standing: Standing
  /** Show the numbers not met yet, which only make sense where nothing is left out. */
  readonly gaps?: boolean
}

/** Numbered animals with the gaps between them, then those without a number yet, then what has no name, newest first. */
function cellsByNumber(all: readonly Facts[], { standing, reverse = false, gaps = true }: Making): Cell[] {
  const numbered: { readonly number: number; readonly group: Group }[] = []
  const named: Group[] = []
  const unnamed: Group[] = []
  for (const group of groups(all)) {
    const number = numberOf(group)
    if (number !== undefined) numbered.push({ number, group })
    else if (group.sightings[0]?.latin) named.push(group)
    else unnamed.push(group)
  }
  numbered.sort((a, b) => (reverse ? b.number - a.number : a.number - b.number))
  const cells: Cell[] = []
  let last: number | undefined
  for (const { number, group } of numbered) {
    if (gaps && last !== undefined) {
      const between = gapsBetween(Math.min(last, number), Math.max(last, number))
      cells.push(...(reverse ? between.reverse() : between))
    }
    last = number
    cells.push(groupPlate(group, standing))
  }
  for (const group of [...named, ...unnamed]) cells.push(groupPlate(group, standing))
  return cells
}

/**
 * The cells of the wall: by number one plate for each animal, else one for each entry.
 * @param all in their order (`ordered`)
 */
export function cellsOf(all: readonly Facts[], making: Making): Cell[] {
  if (making.sort === 'number') return cellsByNumber(all, making)
  return all.map((facts) => entryPlate(facts, placeOf(facts.entry, making.standing)))
}
