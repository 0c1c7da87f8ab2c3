import { fold } from '@biologidex/core/animals/search'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { padNumber } from '../format.ts'
import type { Facts } from './facts.ts'

/** Anything but letters and digits parts words; marks that were folded away part none. */
const BETWEEN = /[^\p{L}\p{N}]+/gu

/** Scripts without spaces between words (and all above them) are found anywhere in a line. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/

/** Text as it is searched: folded words, a space before each. Splitting and folding is done once, not at each letter typed. */
const wordsOf = (texts: readonly (string | undefined)[]): string => {
  const said = texts.filter(Boolean).join(' ')
  return said ? ` ${fold(said).replaceAll(BETWEEN, ' ').trim()}` : ''
}

interface Kept {
  readonly rev: number
  readonly number: number | undefined
  readonly words: string
}

/** Everything that entries can be found by. What was worked out stays for as long as the entry is the same object. */
export class WordBook {
  readonly #entries = new WeakMap<EntryOnScreen, string>()
  readonly #animals = new Map<string, Kept>()

  /** Works an entry's words out before somebody looks for them. */
  read(facts: Facts): void {
    this.ofEntry(facts.entry)
    this.ofAnimal(facts)
  }

  /** What the person wrote: names of their own, note, private note, place. */
  ofEntry(entry: EntryOnScreen): string {
    const known = this.#entries.get(entry)
    if (known !== undefined) return known
    const { typedAnimal, identifications, place, note, privateNote } = entry
    const said = identifications?.map(({ text }) => text) ?? []
    const named = [typedAnimal?.commonName, typedAnimal?.scientificName, ...said, place?.name, place?.region]
    const made = wordsOf([...named, note, privateNote])
    this.#entries.set(entry, made)
    return made
  }

  /** What the animal is called in every language, and its number with and without the noughts before it. */
  ofAnimal({ animal }: Facts): string {
    if (!animal) return ''
    const { id, rev, number, scientificName, synonyms = [], names = {} } = animal
    const known = this.#animals.get(id)
    if (known?.rev === rev && known.number === number) return known.words
    const numbers = number === undefined ? [] : [String(number), padNumber(number)]
    const words = wordsOf([scientificName, ...synonyms, ...Object.values(names).flat(), ...numbers])
    this.#animals.set(id, { rev, number, words })
    return words
  }
}

const NUMBER = /^\s*(?:no\.?|nr\.?|nº|#)\s*(\d+)\s*$/i

/** The number that was asked for by its sign: `No. 42`, `#0042`; undefined for anything else, bare digits too. */
export const typedNumber = (query: string): string | undefined => NUMBER.exec(query)?.[1]

const numberFits = (number: number | undefined, digits: string): boolean =>
  number !== undefined && (String(number).startsWith(digits) || padNumber(number).startsWith(digits))

/** What one word of a query looks for in folded words. */
const needle = (word: string): string => (UNSPACED.test(word) ? word : ` ${word}`)

/** Words of an animal, and whether they fit what was asked last: its entries ask one after the other. */
interface AnimalLine {
  readonly words: string
  asked: readonly string[] | undefined
  readonly fits: boolean[]
}

/** All that an entry can be found by: words of its animal, and of the person. */
export interface Line {
  readonly animal: AnimalLine
  readonly entry: string
}

/** A line for each entry, in their order: what a letter typed walks through. @param outing name of an outing by its id */
export function linesFor(
  all: readonly Facts[],
  book: WordBook,
  outing: (id: string) => string | undefined = () => undefined,
): Line[] {
  const outings = new Map<string, string>()
  const ofOuting = (id: string): string => {
    const words = outings.get(id) ?? wordsOf([outing(id)])
    outings.set(id, words)
    return words
  }
  const animals = new Map<string, AnimalLine>()
  const ofAnimal = (facts: Facts): AnimalLine => {
    const id = facts.animal?.id ?? ''
    const line = animals.get(id) ?? { words: book.ofAnimal(facts), asked: undefined, fits: [] }
    animals.set(id, line)
    return line
  }
  return all.map((facts) => {
    const { entry } = facts
    const own = book.ofEntry(entry)
    return { animal: ofAnimal(facts), entry: entry.outing ? own + ofOuting(entry.outing) : own }
  })
}

function fitsLine({ animal, entry }: Line, needles: readonly string[]): boolean {
  if (animal.asked !== needles) {
    animal.asked = needles
    for (const [i, one] of needles.entries()) animal.fits[i] = animal.words.includes(one)
  }
  return needles.every((one, i) => animal.fits[i] === true || entry.includes(one))
}

/** Finds entries by what was typed; one letter more looks among those found before it. */
export class Finder {
  #last: { readonly lines: readonly Line[]; readonly needles: readonly string[]; readonly found: readonly number[] } | undefined

  /**
   * The entries that fit, in their order: each word typed begins a word of the animal's names or number, or of what the
   * person wrote; or the number alone where its sign was typed.
   * @param lines of all entries: asked for when there is something to look for, the same list while entries are
   */
  find(all: readonly Facts[], query: string, lines: () => readonly Line[]): readonly Facts[] {
    const digits = typedNumber(query)
    if (digits !== undefined) return all.filter(({ animal }) => numberFits(animal?.number, digits))
    const needles = wordsOf([query]).split(' ').filter(Boolean).map(needle)
    if (needles.length === 0) return all
    const made = lines()
    const last = this.#last
    const narrower = last?.lines === made && last.needles.every((one, i) => needles[i]?.startsWith(one))
    const found: number[] = []
    const fitting: Facts[] = []
    const look = (i: number) => {
      const line = made[i]
      const facts = all[i]
      if (!line || !facts || !fitsLine(line, needles)) return
      found.push(i)
      fitting.push(facts)
    }
    if (narrower) for (const i of last.found) look(i)
    else for (let i = 0; i < made.length; i++) look(i)
    this.#last = { lines: made, needles, found }
    return fitting
  }
}
