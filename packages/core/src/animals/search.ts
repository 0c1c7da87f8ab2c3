import type { AnimalItem } from './animal.ts'
import { commonName } from './common-name.ts'

/** Letters that are not a plain one with a mark over it. */
const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' }

const PLAIN = /^[ -&(-_a-~\n]*$/

/** Lower case without accents: what people type on a phone finds what the guide prints. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase()
  const bare = text
    .normalize('NFKD')
    .replace(/\p{M}|[’'`]/gu, '')
    .toLowerCase()
  return bare.replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
}

interface Row {
  readonly animal: AnimalItem
  readonly usual: string
  readonly others: readonly string[]
  readonly latin: readonly string[]
  /** How many names it has: what people meet often, they have many names for. */
  readonly known: number
}

/** From how many letters on the end of a compound (`Stockente`) is taken for what it is called. */
const COMPOUND = 4

/** True when a word (or its English plural) ends here; when one starts here. */
const endsAt = (name: string, end: number): boolean => /^(?:s?$|[\s-])/.test(name.slice(end))
const startsAt = (name: string, start: number): boolean => start === 0 || /[\s-]/.test(name.charAt(start - 1))

/**
 * Score of one folded name against the folded query: the smaller the better, undefined when it does not match. A name says
 * last what the animal is: a red fox is a fox before the fox moth is.
 */
function score(name: string, query: string): number | undefined {
  if (name === query) return 0
  if (name === `${query}s`) return 1
  if (name.endsWith(query)) {
    if (startsAt(name, name.length - query.length)) return 1
    if (query.length >= COMPOUND) return 3
  }
  let best: number | undefined
  for (let at = name.indexOf(query); at >= 0; at = name.indexOf(query, at + 1)) {
    if (!startsAt(name, at)) continue
    const points = endsAt(name, at + query.length) ? 2 : at === 0 || !/[\s-]/.test(name.slice(at)) ? 3 : 4
    best = best === undefined ? points : Math.min(best, points)
  }
  if (best !== undefined) return best
  const words = query.split(' ')
  return words.length > 1 && words.every((word) => name.split(/[\s-]+/).some((part) => part.startsWith(word))) ? 5 : undefined
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
      const known = others.length + (usual ? 1 : 0)
      return { animal, usual: fold(usual), others: others.map(fold), latin: latin.map(fold), known }
    })
  }

  /**
   * The best `limit` animals for what was typed; empty for an empty query. The usual name counts before the
   * scientific one, that before other names; among equals the one met more often (`weight`), then the one with more names,
   * then the shorter name.
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
        b.row.known - a.row.known ||
        a.row.usual.length - b.row.usual.length ||
        (a.row.animal.scientificName < b.row.animal.scientificName ? -1 : 1),
    )
    return found.slice(0, limit).map(({ row }) => row.animal)
  }
}
