import type { AnimalItem } from '@biologidex/core/animals/animal'
import { nameKey } from '@biologidex/core/animals/names'
import { type Kysely, sql } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { AnimalsTable, Tables } from '../../db/tables.ts'

/** What an animal's `record` column holds: an AnimalItem without what has a column of its own. */
export type AnimalRecord = Omit<AnimalItem, 'type' | 'id' | 'number' | 'verified' | 'rev'>

/** The animal as one who may know its number sees it. */
export function toAnimalItem(row: AnimalsTable, number: number | null): AnimalItem {
  return {
    type: 'animal',
    id: row.id,
    ...(number === null ? {} : { number }),
    ...(JSON.parse(row.record) as AnimalRecord),
    ...(row.verified ? { verified: true as const } : {}),
    rev: row.rev,
  }
}

export function animalsById(q: Kysely<Tables>, ids: readonly string[]): Promise<AnimalsTable[]> {
  if (ids.length === 0) return Promise.resolve([])
  return q.selectFrom('animals').selectAll().where('id', 'in', ids).execute()
}

/**
 * Key of the species that an animal is a part of; null: of none, it is one itself or of a higher rank. By its name, of which it is the
 * beginning: ranks may be missing, or be those of an older name.
 */
export function speciesKey(scientificName: string): string | null {
  const [genus, epithet, lower] = nameKey(scientificName)?.split(' ') ?? []
  return lower ? `${genus} ${epithet}` : null
}

/** IUCN letters of species by the keys of their names. */
async function iucnByKey(q: Kysely<Tables>, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await q
    .selectFrom('animal_keys as k')
    .innerJoin('animals as a', 'a.id', 'k.animal_id')
    .select(['k.name_key', 'a.iucn'])
    .where('k.name_key', 'in', keys)
    .execute()
  return new Map(rows.flatMap(({ name_key: key, iucn }) => (iucn ? [[key, iucn]] : [])))
}

/**
 * IUCN letters of those that have some, by animal: their own, or else those of the species that they are a part of. Without the records,
 * a kilobyte each.
 */
export async function iucnById(q: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await q.selectFrom('animals').select(['id', 'iucn', 'species']).where('id', 'in', ids).execute()
  const keys = rows.flatMap(({ iucn, species }) => (species && !iucn ? [species] : []))
  const above = keys.length > 0 ? await iucnByKey(q, keys) : undefined
  const letters = rows.map(({ id, iucn, species }) => [id, iucn ?? above?.get(species ?? '')] as const)
  return new Map(letters.flatMap(([id, iucn]) => (iucn ? [[id, iucn]] : [])))
}

/** Animals without a category of their own that are parts of species of these names, by the key of the species. */
export async function partsByKey(q: Kysely<Tables>, keys: readonly string[]): Promise<Map<string, string[]>> {
  if (keys.length === 0) return new Map()
  const rows = await q
    .selectFrom('animals')
    .select(['id', 'species'])
    .where('species', 'in', keys)
    .where('iucn', 'is', null)
    .execute()
  const byKey = Map.groupBy(rows, ({ species }) => species ?? '')
  return new Map([...byKey].map(([key, parts]) => [key, parts.map(({ id }) => id)]))
}

/** The names that an animal is known by, as keys. */
export async function keysOf(q: Kysely<Tables>, animal: string): Promise<string[]> {
  const rows = await q.selectFrom('animal_keys').select('name_key').where('animal_id', '=', animal).execute()
  return rows.map((row) => row.name_key)
}

/** Those that nobody has kept yet. */
export async function animalsWithoutNumber(q: Kysely<Tables>, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await q.selectFrom('animals').select('id').where('id', 'in', ids).where('number', 'is', null).execute()
  return rows.map(({ id }) => id)
}

export async function animalByKey(q: Kysely<Tables>, key: string): Promise<string | undefined> {
  const row = await q.selectFrom('animal_keys').select('animal_id').where('name_key', '=', key).executeTakeFirst()
  return row?.animal_id
}

/** Ids of those that exist. */
export async function existingAnimals(q: Kysely<Tables>, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await q.selectFrom('animals').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map((row) => row.id))
}

/** Adds an animal under its key. The caller holds the catalogue's lock and has looked that the key is free. */
export async function addAnimal(tx: Tx, row: AnimalsTable, key: string): Promise<void> {
  await tx.q.insertInto('animals').values(row).execute()
  await tx.q.insertInto('animal_keys').values({ name_key: key, animal_id: row.id }).execute()
}

/** Writes an animal's record anew; its number and first keeper stay. The row is locked by the caller. */
export async function updateAnimal(tx: Tx, { id, record, iucn, rev, named_at }: AnimalsTable): Promise<void> {
  await tx.q.updateTable('animals').set({ record, iucn, rev, named_at }).where('id', '=', id).execute()
}

/** Locks the catalogue against other writers and answers the id of its feed. */
export async function lockCatalogue(tx: Tx): Promise<number> {
  const feed = await tx.q.selectFrom('feeds').select('id').where('owner_id', '=', '').executeTakeFirstOrThrow()
  await tx.lockFeed(feed.id)
  return feed.id
}

/** Gives a number to an animal that has none, and notes who kept it first. The row is locked by the caller. */
export async function numberAnimal(tx: Tx, id: string, number: number, owner: string, now: number): Promise<void> {
  await tx.q
    .updateTable('animals')
    .set({ number, first_kept_by: owner, first_kept_at: now })
    .where('id', '=', id)
    .where('number', 'is', null)
    .execute()
}

/**
 * True when some public feed holds an entry of it: then it and its number are for all to see (privacy.md). A transaction waits for the
 * answer, and an animal may have a hundred thousand entries: only public ones are looked at, by their index, and of an owner without feeds, whose
 * account is being deleted, one.
 */
export async function isShown(q: Kysely<Tables>, animal: string): Promise<boolean> {
  const open = sql`e.animal_id = ${animal} AND e.visibility = 'public' AND e.deleted_at IS NULL`
  const { rows } = await sql`
    WITH RECURSIVE sharing (owner_id) AS (
      SELECT (SELECT e.owner_id FROM entries e WHERE ${open} ORDER BY e.owner_id, e.id LIMIT 1)
      UNION ALL
      SELECT (SELECT e.owner_id FROM entries e WHERE ${open} AND e.owner_id > s.owner_id ORDER BY e.owner_id, e.id LIMIT 1)
      FROM sharing s WHERE s.owner_id IS NOT NULL)
    SELECT 1 FROM sharing s CROSS JOIN feeds f
    WHERE f.owner_id = s.owner_id AND f.kind = 'public' AND EXISTS (SELECT 1 FROM entries e JOIN feed_items i ON i.feed_id = f.id AND i.item = 'entry/' || e.id
      WHERE ${open} AND e.owner_id = s.owner_id AND i.payload IS NOT NULL)
    LIMIT 1`.execute(q)
  return rows.length > 0
}
