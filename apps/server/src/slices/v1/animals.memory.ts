import { type AnimalItem, isNameless } from '@biologidex/core/animals/animal'
import type { SharedEntry } from '@biologidex/core/entries/entry'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/db.ts'
import { type DatedAnimal, datedAnimals } from '../animals/animals.service.ts'

/** v1 has one common name: the English one, else the first there is. */
export const commonNameOf = ({ names }: Pick<AnimalItem, 'names'>): string =>
  names?.en?.[0] ?? Object.values(names ?? {})[0]?.[0] ?? ''

/** An animal, and what every entry of it says of it in an answer of sync, as JSON. */
export interface KnownAnimal extends DatedAnimal {
  readonly text: string
}

/** Animals that are remembered: a kilobyte or two each. */
const REMEMBER = 10_000

interface Known {
  readonly namedAt: number
  readonly animals: Map<string, KnownAnimal>
}

const memory = new WeakMap<Db, Known>()

function toKnown(dated: DatedAnimal): KnownAnimal {
  const { id, number, scientificName } = dated.item
  const said = { animal_id: id, creation_index: number, scientific_name: scientificName, common_name: commonNameOf(dated.item) }
  return { ...dated, text: JSON.stringify(said).slice(1, -1) }
}

/** An animal as an entry of it calls it, where the catalogue has no name for it. */
export const calledOn = ({ called }: Pick<SharedEntry, 'called'>, animal: KnownAnimal): KnownAnimal =>
  called && isNameless(animal.item) ? toKnown({ ...animal, item: { ...animal.item, names: called } }) : animal

function remembered(db: Db, namedAt: number): Map<string, KnownAnimal> {
  const before = memory.get(db)
  if (before?.namedAt === namedAt && before.animals.size < REMEMBER) return before.animals
  const animals = new Map<string, KnownAnimal>()
  memory.set(db, { namedAt, animals })
  return animals
}

/**
 * Animals by id, remembered until one is named anew. Only those with a number: that one never changes.
 * @param namedAt when an animal was named anew last, read before this
 */
export async function knownAnimals(
  { db }: Pick<Context, 'db'>,
  namedAt: number,
  ids: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, KnownAnimal>> {
  const animals = remembered(db, namedAt)
  const unknown = new Set<string>()
  for (const id of ids) if (id !== undefined && !animals.has(id)) unknown.add(id)
  if (unknown.size === 0) return animals
  for (const dated of await datedAnimals(db.read, [...unknown])) {
    if (dated.item.number !== undefined) animals.set(dated.item.id, toKnown(dated))
  }
  return animals
}
