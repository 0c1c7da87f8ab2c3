import { type AnimalItem, type AnimalRef } from '@biologidex/core/animals/animal'
import { nameKey, scientificName } from '@biologidex/core/animals/names'
import { AppError } from '@biologidex/core/errors'
import { same } from '@biologidex/core/json'
import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { AnimalsTable, Tables } from '../../db/tables.ts'
import { FeedWriter, NO_OWNER } from '../sync/feed-writer.ts'
import type { Nudges } from '../sync/nudges.ts'
import { publishAnimal } from './animals.feed.ts'
import {
  type AnimalRecord,
  addAnimal,
  animalByKey,
  animalsById,
  animalsWithoutNumber,
  existingAnimals,
  isShown,
  iucnById,
  keysOf,
  lockCatalogue,
  numberAnimal,
  partsByKey,
  speciesKey,
  toAnimalItem,
  updateAnimal,
} from './animals.store.ts'

/**
 * The id of the animal that a change names. A common name that was typed with it is not the animal's: others may keep the same one and
 * are not to learn what it is called by whom (privacy.md). It lies with the entry.
 * @param make whether a name that nobody knows yet becomes a new record
 * @throws AppError missing_target when an id is unknown
 */
export async function resolveAnimal(tx: Tx, ref: AnimalRef, make: boolean): Promise<string | null> {
  if ('id' in ref) {
    const known = await existingAnimals(tx.q, [ref.id])
    if (!known.has(ref.id)) throw new AppError('missing_target', { animal: ref.id })
    return ref.id
  }
  const key = nameKey(ref.scientificName)
  const name = scientificName(ref.scientificName)
  if (!key || !name) throw new AppError('invalid_mutation', { field: 'animal' })
  const known = await animalByKey(tx.q, key)
  if (known || !make) return known ?? null
  // New names one at a time: two pushes that bring the same ones in another order would wait for each other.
  await lockCatalogue(tx)
  const meanwhile = await animalByKey(tx.q, key)
  if (meanwhile) return meanwhile
  const [genus, species, subspecies] = name.split(' ')
  const rank = subspecies ? 'subspecies' : species ? 'species' : 'genus'
  const ranks = { genus, ...(species ? { species: `${genus} ${species}` } : {}), ...(subspecies ? { subspecies: name } : {}) }
  const record: AnimalRecord = { scientificName: name, rank, ranks }
  const row = newRow(tx, record, { verified: 0, source: 'typed', source_id: null })
  await addAnimal(tx, row, key)
  return row.id
}

/** A row for an animal that the database does not have yet. */
export function newRow(
  tx: Pick<Tx, 'random'>,
  record: AnimalRecord,
  from: Pick<AnimalsTable, 'verified' | 'source' | 'source_id'>,
): AnimalsTable {
  return {
    id: tx.random.uuid(),
    number: null,
    scientific_name: record.scientificName,
    rank: record.rank ?? null,
    record: JSON.stringify(record),
    iucn: record.iucn?.category ?? null,
    ...from,
    first_kept_by: null,
    first_kept_at: null,
    rev: 1,
    named_at: 0,
    species: speciesKey(record.scientificName),
  }
}

/**
 * Numbers those of `animals` that nobody has kept before, in the transaction that keeps them (W1), in their order, which is
 * that of keeping. Rows are locked in id order, the counter last, so that there are no gaps.
 */
async function numberKept(tx: Tx, owner: string, animals: Iterable<string>): Promise<void> {
  const inOrder = [...new Set(animals)]
  const open = await animalsWithoutNumber(tx.q, inOrder)
  for (const id of [...open].sort()) await tx.lockAnimal(id)
  // Asked again under their locks: another write may have numbered some.
  const fresh = new Set(await animalsWithoutNumber(tx.q, open))
  for (const id of inOrder) {
    if (fresh.has(id)) await numberAnimal(tx, id, await tx.nextNumber('animal_number'), owner, await tx.now())
  }
}

/** IUCN letters by animal, a subspecies' those of its species where it has none: what projections need of the catalogue (F4). */
export function iucnOf(q: Kysely<Tables>, animals: Iterable<string>): Promise<Map<string, string>> {
  return iucnById(q, [...new Set(animals)])
}

/** An animal, and those without a category of their own that are as threatened as it is: its subspecies. */
export async function withParts(q: Kysely<Tables>, animal: string): Promise<string[]> {
  const parts = await partsByKey(q, await keysOf(q, animal))
  return [...new Set([animal, ...[...parts.values()].flat()])]
}

/**
 * Sets an animal's IUCN category, in the catalogue too. What others see of its entries is not this function's to change.
 * @returns what it was, null for none; undefined when there is no such animal
 */
export async function setIucn(
  tx: Tx,
  nudges: Nudges,
  animal: string,
  iucn: AnimalItem['iucn'],
): Promise<AnimalItem['iucn'] | null> {
  const catalogue = await openCatalogue(tx, nudges)
  await tx.lockAnimal(animal)
  const [row] = await animalsById(tx.q, [animal])
  if (!row) return undefined
  const { iucn: before, ...rest } = JSON.parse(row.record) as AnimalRecord
  const record: AnimalRecord = { ...rest, ...(iucn ? { iucn } : {}) }
  if (same(before, iucn)) return before ?? null
  const next = {
    ...row,
    record: JSON.stringify(record),
    iucn: iucn?.category ?? null,
    rev: row.rev + 1,
    named_at: await tx.now(),
  }
  await updateAnimal(tx, next)
  publishAnimal(catalogue, next, await isShown(tx.q, animal))
  await catalogue.flush()
  return before ?? null
}

/** Nobody is named any more as who kept an animal first: a deleted account leaves its numbers behind, and not its name. */
export async function forgetKeeper(tx: Tx, account: string): Promise<void> {
  await tx.q.updateTable('animals').set({ first_kept_by: null }).where('first_kept_by', '=', account).execute()
}

/** Records for those who read an entry of each animal: their numbers included (F4). */
export async function animalItems(q: Kysely<Tables>, ids: readonly string[]): Promise<AnimalItem[]> {
  const rows = await animalsById(q, ids)
  return rows.map((row) => toAnimalItem(row, row.number))
}

/** An animal for those who read an entry of it, and when its names or ranks changed last. */
export interface DatedAnimal {
  readonly item: AnimalItem
  readonly namedAt: number
}

/** As `animalItems`, with when each was named anew last. */
export async function datedAnimals(q: Kysely<Tables>, ids: readonly string[]): Promise<DatedAnimal[]> {
  const rows = await animalsById(q, ids)
  return rows.map((row) => ({ item: toAnimalItem(row, row.number), namedAt: row.named_at }))
}

/**
 * Settles what a write meant for the animals it touched: new ones get numbers, and the catalogue follows the public feed.
 * Locks in one order for all: the catalogue, animals by id, the counter last (W1).
 * @param kept animals that the owner's entries name now
 * @param shown animals of which a public entry came or went
 * @param came those of them of which one came: they need no look
 */
export async function settleAnimals(
  tx: Tx,
  nudges: Nudges,
  owner: string,
  kept: Iterable<string>,
  shown: Iterable<string>,
  came: ReadonlySet<string> = new Set(),
): Promise<void> {
  const turned = [...new Set(shown)].sort()
  const catalogue = turned.length > 0 ? await openCatalogue(tx, nudges) : undefined
  await numberKept(tx, owner, kept)
  if (!catalogue) return
  for (const row of await animalsById(tx.q, turned)) {
    publishAnimal(catalogue, row, came.has(row.id) || (await isShown(tx.q, row.id)))
  }
  await catalogue.flush()
}

/** Opens the catalogue for writing, locked against other writers. */
export async function openCatalogue(tx: Tx, nudges: Nudges): Promise<FeedWriter> {
  await lockCatalogue(tx)
  return FeedWriter.open(tx, nudges, NO_OWNER)
}
