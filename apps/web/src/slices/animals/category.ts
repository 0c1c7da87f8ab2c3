import type { AnimalItem } from '@biologidex/core/animals/animal'
import { nameKey } from '@biologidex/core/animals/names'
import type { Naming } from './use-naming.ts'

/**
 * IUCN letters that hold for what an entry shows: those of its animal, of the one that its name will turn out to be, or else those of the
 * species that it is a part of, as the server goes by them (privacy: Location).
 */
export function categoryOf({ animal, latin }: Naming, catalogue: ReadonlyMap<string, AnimalItem>): string | undefined {
  if (animal?.iucn) return animal.iucn.category
  const key = nameKey(latin ?? '')
  const [genus, epithet, lower] = key?.split(' ') ?? []
  const keys = lower ? [key, `${genus} ${epithet}`] : animal ? [] : [key]
  if (!key || keys.length === 0) return undefined
  const byKey = new Map(Array.from(catalogue.values(), (one) => [nameKey(one.scientificName), one.iucn?.category]))
  return keys.map((one) => byKey.get(one)).find((category) => category !== undefined)
}
