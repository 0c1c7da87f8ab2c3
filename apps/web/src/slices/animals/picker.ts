import type { AnimalItem } from '@biologidex/core/animals/animal'
import { isNameless } from '@biologidex/core/animals/common-name'
import { nameKey, scientificName } from '@biologidex/core/animals/names'
import { AnimalIndex, fold } from '@biologidex/core/animals/search'
import { LIMITS } from '@biologidex/core/limits'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { AnimalChoice } from './choice.ts'

/** What may be done with a name that was typed. */
export interface Offer {
  /** Animals that match, the best first. */
  readonly found: readonly AnimalItem[]
  /** A new animal under this scientific name: the text could be one and no known animal bears it. */
  readonly typed?: AnimalChoice & { readonly kind: 'typed' }
  /** The text kept as a name for now: offered unless an animal found is called exactly so. */
  readonly text?: AnimalChoice & { readonly kind: 'text' }
}

/**
 * All animals that can be picked: the catalogue's, and those of one's own dex that the catalogue does not show yet, or has no name for.
 */
export function pickable(
  catalogue: ReadonlyMap<string, AnimalItem>,
  entries: Iterable<EntryOnScreen>,
  animal: (id: string) => AnimalItem | undefined,
): AnimalItem[] {
  const all = new Map(catalogue)
  const seen = new Set<string>()
  for (const { animal: id } of entries) {
    if (id === undefined || seen.has(id)) continue
    seen.add(id)
    const listed = catalogue.get(id)
    const own = listed && !isNameless(listed) ? undefined : animal(id)
    if (own) all.set(own.id, own)
  }
  return [...all.values()]
}

/** Finds animals by what was typed, and says what else could be done with the text. */
export class Picker {
  readonly #index: AnimalIndex
  readonly #keys: ReadonlySet<string>

  constructor(animals: readonly AnimalItem[], language: string) {
    this.#index = new AnimalIndex(animals, language)
    const names = animals.flatMap((animal) => [animal.scientificName, ...(animal.synonyms ?? [])])
    this.#keys = new Set(names.flatMap((name) => nameKey(name) ?? []))
  }

  offer(typed: string, limit: number, weight?: (id: string) => number): Offer {
    const text = typed.trim().replaceAll(/\s+/g, ' ').slice(0, LIMITS.nameChars)
    if (!text) return { found: [] }
    const found = this.#index.find(text, limit, weight)
    const latin = scientificName(text)
    const isNew = latin !== undefined && !this.#keys.has(nameKey(latin) ?? '')
    const named = found.some((animal) => namesOfAnimal(animal).some((name) => fold(name) === fold(text)))
    return {
      found,
      ...(isNew && !named ? { typed: { kind: 'typed', scientificName: latin } } : {}),
      ...(named ? {} : { text: { kind: 'text', text } }),
    }
  }
}

const namesOfAnimal = (animal: AnimalItem): string[] => [
  animal.scientificName,
  ...(animal.synonyms ?? []),
  ...Object.values(animal.names ?? {}).flat(),
]
