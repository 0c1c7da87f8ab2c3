import type { Visibility } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { CLASSES, classOf } from './animal-classes.ts'
import type { Facts } from './facts.ts'

/** What the wall can be narrowed by. Each has values; of one facet any may fit, of several facets all must. */
export const FACETS = ['class', 'year', 'outing', 'visibility', 'favourite', 'uploaded', 'animal', 'captive'] as const
export type Facet = (typeof FACETS)[number]

/** The chosen values of each facet. One that is absent or empty lets everything through. */
export type Picks = { readonly [F in Facet]?: readonly string[] }

/** How many entries bear each value of each facet. */
export type Counts = Readonly<Record<Facet, ReadonlyMap<string, number>>>

/** Said here once more: the contract's own list would bring the schema library into the first screen. */
const VISIBILITIES = ['private', 'friends', 'public'] as const satisfies readonly Visibility[]

/** Values from a closed list, in the order in which they are shown; undefined where any text of a form may be one. */
export const VALUES: Readonly<Partial<Record<Facet, readonly string[]>>> = {
  class: CLASSES,
  visibility: VISIBILITIES,
  favourite: ['yes'],
  uploaded: ['no'],
  animal: ['none'],
  captive: ['yes', 'no'],
}

/** True when the entry has an animal, though its record may not be here yet. */
const isNamed = ({ animal, typedAnimal }: EntryOnScreen): boolean => animal !== undefined || typedAnimal !== undefined

/** The value of an entry in a facet; undefined where it has none, so that no choice of that facet fits it. */
export function valueOf(facet: Facet, { entry, animal, dateKey }: Facts): string | undefined {
  switch (facet) {
    case 'class':
      return isNamed(entry) ? classOf(animal) : undefined
    case 'year':
      return dateKey.slice(0, 4)
    case 'outing':
      return entry.outing
    case 'visibility':
      return entry.visibility
    case 'favourite':
      return entry.favourite ? 'yes' : undefined
    case 'uploaded':
      return entry.pending || entry.images?.some(({ state }) => state === 'waiting') ? 'no' : undefined
    case 'animal':
      return isNamed(entry) ? undefined : 'none'
    case 'captive':
      return entry.captive ? 'yes' : 'no'
  }
}

const chosen = (picks: Picks): (readonly [Facet, readonly string[]])[] =>
  FACETS.flatMap((facet) => {
    const values = picks[facet]
    return values && values.length > 0 ? [[facet, values] as const] : []
  })

/** True when nothing is chosen. */
export const isEmpty = (picks: Picks): boolean => chosen(picks).length === 0

/** The entries that fit, in their order. */
export function narrow(all: readonly Facts[], picks: Picks): readonly Facts[] {
  const asked = chosen(picks)
  if (asked.length === 0) return all
  return all.filter((facts) => asked.every(([facet, values]) => values.includes(valueOf(facet, facts) ?? '')))
}

/**
 * For each value: how many entries would be left if it were chosen beside what other facets ask for. One walk: an entry
 * that fails one facet alone still counts in that one, one that fails two counts nowhere.
 */
export function countFacets(all: readonly Facts[], picks: Picks): Counts {
  const asked = chosen(picks)
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map<string, number>()])) as Record<
    Facet,
    Map<string, number>
  >
  const count = (facet: Facet, facts: Facts) => {
    const value = valueOf(facet, facts)
    if (value !== undefined) counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1)
  }
  for (const facts of all) {
    const failed = asked.filter(([facet, values]) => !values.includes(valueOf(facet, facts) ?? ''))
    const [only] = failed
    if (failed.length === 1 && only) count(only[0], facts)
    else if (failed.length === 0) for (const facet of FACETS) count(facet, facts)
  }
  return counts
}

/** The choice with one value more, or without it. */
export function toggled(picks: Picks, facet: Facet, value: string): Picks {
  const before = picks[facet] ?? []
  return { ...picks, [facet]: before.includes(value) ? before.filter((one) => one !== value) : [...before, value] }
}
