import { FACETS, type Facet, type Picks, VALUES } from './facets.ts'
import { SORTS, type Sort } from './order.ts'

/**
 * What of the wall stands in the address: `?class=aves,mammalia&year=2026&sort=date`. What somebody searches for is not
 * there: browsers keep addresses, and the words may be those of a private note.
 */
export type WallSearch = { readonly [F in Facet]?: string } & { readonly sort?: string; readonly reverse?: string }

/** How the wall is shown: what of it, and in which order. `reverse`: against the usual direction of the order. */
export interface View {
  readonly picks: Picks
  readonly sort: Sort
  readonly reverse: boolean
}

export const PLAIN: View = { picks: {}, sort: 'number', reverse: false }

/** More values of one facet than anybody chooses by hand. */
const MOST = 60
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function isValue(facet: Facet, value: string): boolean {
  if (facet === 'year') return /^\d{4}$/.test(value)
  if (facet === 'outing') return UUID.test(value)
  return VALUES[facet]?.includes(value) ?? false
}

/** One order for the values of a facet, so that the same choice has the same address. */
function inOrder(facet: Facet, values: readonly string[]): string[] {
  const listed = VALUES[facet]
  const sorted = [...new Set(values)].filter((value) => isValue(facet, value))
  if (listed) sorted.sort((a, b) => listed.indexOf(a) - listed.indexOf(b))
  else sorted.sort((a, b) => (a < b ? 1 : -1))
  return sorted.slice(0, MOST)
}

/** What an address says, whatever it says: what makes no sense is as if it were not there. */
export function viewOf(search: Readonly<Record<string, unknown>>): View {
  const text = (name: string): string => (typeof search[name] === 'string' ? search[name].toLowerCase() : '')
  const picks: { [F in Facet]?: readonly string[] } = {}
  for (const facet of FACETS) {
    const values = inOrder(
      facet,
      text(facet)
        .split(',')
        .slice(0, 10 * MOST),
    )
    if (values.length > 0) picks[facet] = values
  }
  return { picks, sort: SORTS.find((one) => one === text('sort')) ?? PLAIN.sort, reverse: text('reverse') === 'yes' }
}

/** The shortest address that says the same. */
export function searchOf({ picks, sort, reverse }: View): WallSearch {
  const search: Record<string, string> = {}
  for (const facet of FACETS) {
    const values = inOrder(facet, picks[facet] ?? [])
    if (values.length > 0) search[facet] = values.join(',')
  }
  if (sort !== PLAIN.sort) search.sort = sort
  if (reverse) search.reverse = 'yes'
  return search
}
