import type { Json } from '@biologidex/core/json'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { Chance } from './chance.ts'

/** Fields that the simulated person edits. */
export const EDITED = [
  'note',
  'privateNote',
  'place',
  'count',
  'visibility',
  'favourite',
  'captive',
  'observed',
  'animal',
  'customizations',
] as const
const CLEARED: ReadonlySet<string> = new Set(['note', 'privateNote', 'place', 'count', 'observed', 'animal', 'customizations'])
export type EditedField = (typeof EDITED)[number]

/** Ways in which people write the same few scientific names; one of them is in the catalogue. */
const TYPED = [
  ['Testudo fictilis', 'testudo fictilis', ' Testudo  fictilis ', 'Testudo fictilis (Smith, 1900)', 'TESTUDO FICTILIS'],
  ['Rana simulata', 'rana simulata', 'Rana simulata Jones, 1888'],
  ['Corvus probabilis', 'Corvus probabilis cf.'],
  ['Vulpes vulpes', 'VULPES VULPES (Linnaeus, 1758)'],
] as const

/** Draws what a person types or chooses. Texts, counts and places are never the same twice, so that each can be found again. */
export class Values {
  readonly #chance: Chance
  readonly #who: string
  readonly #north: number
  #drawn = 0

  /** @param who tells apart what several people type, and where they are */
  constructor(chance: Chance, who: string) {
    this.#chance = chance
    this.#who = who
    this.#north = Array.from(who).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 60, 0)
  }

  #next(): number {
    this.#drawn += 1
    return this.#drawn
  }

  /** A text that was not typed before. */
  text(what: string): string {
    return `${what} ${this.#next()} of ${this.#who}${this.#chance.happens(0.1) ? ' ǀ äöü 🦔' : ''}`
  }

  animal(known: readonly string[]): Json {
    if (known.length > 0 && this.#chance.happens(0.5)) return { id: this.#chance.pick(known) }
    const scientificName = this.#chance.pick(this.#chance.pick(TYPED))
    return this.#chance.happens(0.3) ? { scientificName, commonName: this.text('animal'), language: 'en' } : { scientificName }
  }

  /** What a field may become, other than it is. */
  of(field: EditedField, entry: Pick<EntryOnScreen, EditedField> | undefined, known: readonly string[]): Json {
    // Only what is there can be cleared.
    if (entry?.[field] !== undefined && CLEARED.has(field) && this.#chance.happens(0.1)) return null
    if (field === 'note' || field === 'privateNote') return this.text(field)
    if (field === 'place') {
      const place = { lat: this.#north + this.#next() / 100, lon: 13.4, name: this.text('place') }
      return this.#chance.happens(0.5) ? { ...place, region: this.text('region') } : place
    }
    if (field === 'count') return this.#next()
    if (field === 'visibility') return this.#chance.pick(['private', 'friends', 'public'])
    if (field === 'favourite' || field === 'captive') return entry?.[field] ? null : true
    if (field === 'observed') {
      const time = this.#chance.happens(0.5) ? 'T07:10' : ''
      return { at: `2026-05-${String(this.#chance.between(10, 28))}${time}`, zone: this.#next() % 840 }
    }
    if (field === 'animal') return this.animal(known)
    return { border: this.text('border') }
  }
}

/** What a field is on the screen, as a change says what it was. */
export function shown(entry: EntryOnScreen, field: string): Json {
  const [, image, name] = field.split('/')
  if (name === 'alt') return entry.images?.find(({ id }) => id === image)?.alt ?? null
  if (field === 'animal') return entry.animal ? { id: entry.animal } : (entry.typedAnimal ?? null)
  const value: unknown = Object.entries(entry).find(([name]) => name === field)?.[1]
  return (value ?? null) as Json
}
