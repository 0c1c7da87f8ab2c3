import type { Facts } from './facts.ts'

export const SORTS = ['number', 'date', 'name', 'changed'] as const
export type Sort = (typeof SORTS)[number]

/** Newest first; of two on one day the one kept later, then by id, so that the order never wavers. */
export const newest = (a: Facts, b: Facts): number => {
  if (a.dateKey !== b.dateKey) return a.dateKey > b.dateKey ? -1 : 1
  return b.entry.created - a.entry.created || (a.entry.id < b.entry.id ? -1 : 1)
}

/** What was changed last first; what has a change that is still here was changed after all that has none. */
const lastChanged = (a: Facts, b: Facts): number =>
  Number(b.entry.pending) - Number(a.entry.pending) || b.entry.updated - a.entry.updated || newest(a, b)

/**
 * Names as the reader's language orders them. Comparing by its rules is slow, so each name is compared once among the
 * names and then has a rank; ten thousand entries have a few hundred names.
 */
export class NameRanks {
  readonly #collator: Intl.Collator
  #ranks: ReadonlyMap<string, number> = new Map()

  constructor(locales: readonly string[]) {
    this.#collator = new Intl.Collator([...locales], { numeric: true })
  }

  /** Ranks of at least these names. */
  of(all: readonly Facts[]): ReadonlyMap<string, number> {
    if (all.some(({ name }) => !this.#ranks.has(name))) {
      const names = [...new Set(all.map(({ name }) => name))]
      const { compare } = this.#collator
      names.sort((a, b) => compare(a, b) || (a < b ? -1 : 1))
      this.#ranks = new Map(names.map((name, rank) => [name, rank]))
    }
    return this.#ranks
  }
}

/** By name, what has none last in either direction; those of one name newest first. */
function byName(all: readonly Facts[], reverse: boolean, names: NameRanks): Facts[] {
  const ranks = names.of(all)
  const rank = ({ name }: Facts): number =>
    name === '' ? Number.POSITIVE_INFINITY : (ranks.get(name) ?? 0) * (reverse ? -1 : 1)
  return [...all].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)]
    return x === y ? newest(a, b) : x - y
  })
}

/**
 * The entries in an order; `cellsOf` keeps it. By number: newest first, since a plate of an animal opens its newest sighting.
 */
export function ordered(all: readonly Facts[], sort: Sort, reverse: boolean, names: NameRanks): readonly Facts[] {
  if (sort === 'name') return byName(all, reverse, names)
  const made = [...all].sort(sort === 'changed' ? lastChanged : newest)
  return reverse && sort !== 'number' ? made.reverse() : made
}
