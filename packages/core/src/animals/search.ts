import type { AnimalItem } from './animal.ts'
import { commonName } from './common-name.ts'

/** Lower case without accents: what people type on a phone finds what the guide prints. */
export const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').replaceAll(/[’'`]/g, '').toLowerCase()

interface Row {
  readonly animal: AnimalItem
  readonly usual: string
  readonly others: readonly string[]
  readonly latin: readonly string[]
}

/** Score of one folded name against the folded query: the smaller the better, undefined when it does not match. */
function score(name: string, query: string): number | undefined {
  if (name === query) return 0
  if (name.startsWith(query)) return 1
  const at = name.indexOf(query)
  if (at > 0) return /[\s-]/.test(name.charAt(at - 1)) ? 2 : undefined
  const words = query.split(' ')
  return words.length > 1 && words.every((word) => name.split(/[\s-]+/).some((part) => part.startsWith(word))) ? 3 : undefined
}

/** A search over animals by common name, other name and scientific name, in memory, ranked for one language. */
export class AnimalIndex {
  readonly #rows: Row[]

  constructor(animals: Iterable<AnimalItem>, language: string) {
    this.#rows = Array.from(animals, (animal) => {
      const usual = commonName(animal, language) ?? ''
      const others = Object.values(animal.names ?? {})
        .flat()
        .filter((name) => name !== usual)
      const latin = [animal.scientificName, ...(animal.synonyms ?? [])]
      return { animal, usual: fold(usual), others: others.map(fold), latin: latin.map(fold) }
    })
  }

  /**
   * The best `limit` animals for what was typed; empty for an empty query. The usual name counts before the
   * scientific one, that before other names; among equals the one met more often (`weight`), then the shorter name.
   */
  find(typed: string, limit: number, weight: (id: string) => number = () => 0): AnimalItem[] {
    const query = fold(typed).trim().replaceAll(/\s+/g, ' ')
    if (!query) return []
    const found: { row: Row; rank: number }[] = []
    for (const row of this.#rows) {
      let best = Number.POSITIVE_INFINITY
      const consider = (names: readonly string[], handicap: number) => {
        for (const name of names) {
          const points = score(name, query)
          if (points !== undefined && points * 3 + handicap < best) best = points * 3 + handicap
        }
      }
      consider([row.usual], 0)
      consider(row.latin, 1)
      consider(row.others, 2)
      if (best < Number.POSITIVE_INFINITY) found.push({ row, rank: best })
    }
    found.sort(
      (a, b) =>
        a.rank - b.rank ||
        weight(b.row.animal.id) - weight(a.row.animal.id) ||
        a.row.usual.length - b.row.usual.length ||
        (a.row.animal.scientificName < b.row.animal.scientificName ? -1 : 1),
    )
    return found.slice(0, limit).map(({ row }) => row.animal)
  }
}
