import type { OwnEntry } from '../entries/entry.ts'
import type { AnimalItem, Names } from './animal.ts'
import { isNameless } from './common-name.ts'

/** When an entry was made is its owner's alone: others' have no such time. */
type Called = Pick<OwnEntry, 'id' | 'animal' | 'called'> & Partial<Pick<OwnEntry, 'created'>>

const later = ({ created: a = 0, ...one }: Called, { created: b = 0, ...other }: Called): boolean =>
  a > b || (a === b && one.id > other.id)

/** What the owner of a dex calls animals, by what was typed on its entries: of several entries of one animal the latest says it. */
export function namesTyped(entries: Iterable<Called>): ReadonlyMap<string, Names> {
  const found = new Map<string, Called>()
  for (const entry of entries) {
    if (entry.animal === undefined || !entry.called) continue
    const known = found.get(entry.animal)
    if (!known || later(entry, known)) found.set(entry.animal, entry)
  }
  return new Map([...found].flatMap(([animal, { called }]) => (called ? [[animal, called]] : [])))
}

/** The record of an animal, under the name that was typed where it has none. */
export function calledAs(animal: AnimalItem | undefined, typed: () => ReadonlyMap<string, Names>): AnimalItem | undefined {
  if (!animal || !isNameless(animal)) return animal
  const names = typed().get(animal.id)
  return names ? { ...animal, names } : animal
}
