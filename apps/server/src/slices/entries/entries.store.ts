import type { Names } from '@biologidex/core/animals/animal'
import type { ConflictItem, Identification, Visibility } from '@biologidex/core/entries/entry'
import type { Observed } from '@biologidex/core/entries/observed'
import type { AreaPoint, Place } from '@biologidex/core/entries/place'
import type { EntryRecord } from '@biologidex/core/entries/project'
import type { ImagePart } from '@biologidex/core/images/image'
import type { Json } from '@biologidex/core/json'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { EntriesTable, RevisionsTable, Tables } from '../../db/tables.ts'

const BATCH = 300

const parse = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))

/** An entry's row and its images as the projection takes them. */
export function toRecord(row: EntriesTable, images: readonly ImagePart[]): EntryRecord {
  return {
    id: row.id,
    publicId: row.public_id,
    animal: row.animal_id,
    observed: parse<Observed>(row.observed),
    place: parse<Place>(row.place),
    area: parse<AreaPoint>(row.area),
    outing: row.outing_id,
    count: row.count,
    captive: row.captive === 1,
    note: row.note,
    called: row.called_animal === row.animal_id ? parse<Names>(row.called) : null,
    privateNote: row.private_note,
    visibility: row.visibility as Visibility,
    favourite: row.favourite === 1,
    primaryImage: row.primary_image,
    customizations: parse<Record<string, Json>>(row.customizations),
    identifications: JSON.parse(row.identifications) as Identification[],
    images,
    created: row.created_at,
    updated: row.updated_at,
    deleted: row.deleted_at !== null,
  }
}

/** The owner's entries among `ids`, deleted ones included. */
export async function entriesById(q: Kysely<Tables>, owner: string, ids: readonly string[]): Promise<EntriesTable[]> {
  const found: EntriesTable[] = []
  for (let at = 0; at < ids.length; at += BATCH) {
    const some = ids.slice(at, at + BATCH)
    // Looked up one by one: with `id IN (…)` SQLite may walk all of the owner's entries (G1).
    const keys = some.map((id) => sql`(CAST(${owner} AS TEXT), CAST(${id} AS TEXT))`)
    const wanted = sql<SqlBool>`(owner_id, id) IN (VALUES ${sql.join(keys)})`
    found.push(...(await q.selectFrom('entries').selectAll().where(wanted).execute()))
  }
  return found
}

export function entryWithPublicId(q: Kysely<Tables>, publicId: string): Promise<{ owner: string; id: string } | undefined> {
  return q.selectFrom('entries').select(['owner_id as owner', 'id']).where('public_id', '=', publicId).executeTakeFirst()
}

/** Columns that a change of an entry may change. */
const CHANGING = [
  'animal_id',
  'called',
  'called_animal',
  'observed',
  'place',
  'area',
  'outing_id',
  'count',
  'captive',
  'note',
  'private_note',
  'visibility',
  'favourite',
  'primary_image',
  'customizations',
  'identifications',
  'revision',
  'updated_at',
  'deleted_at',
] as const satisfies readonly (keyof EntriesTable)[]

/** A row as it was read, and as it is to be. */
export interface ChangedEntry {
  readonly was: EntriesTable
  readonly row: EntriesTable
}

/** Writes entries that are there, those of their columns that changed in any of them. */
export async function updateEntries(tx: Tx, entries: readonly ChangedEntry[]): Promise<void> {
  const changed = CHANGING.filter((column) => entries.some(({ was, row }) => was[column] !== row[column]))
  await tx.updateAll(
    'entries',
    ['owner_id', 'id'],
    changed,
    entries.map(({ row }) => row),
  )
}

export async function insertConflicts(tx: Tx, owner: string, items: readonly ConflictItem[]): Promise<void> {
  const rows = items.map((item) => ({ owner_id: owner, id: item.id, entry_id: item.entry, item: JSON.stringify(item) }))
  await tx.insertAll('conflicts', rows)
}

/** Removes a conflict; false when it is not there. */
export async function deleteConflict(tx: Tx, owner: string, id: string): Promise<boolean> {
  const result = await tx.q.deleteFrom('conflicts').where('owner_id', '=', owner).where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function conflictsOf(q: Kysely<Tables>, owner: string, entry: string): Promise<ConflictItem[]> {
  const rows = await q
    .selectFrom('conflicts')
    .select('item')
    .where('owner_id', '=', owner)
    .where('entry_id', '=', entry)
    .execute()
  return rows.map((row) => JSON.parse(row.item) as ConflictItem)
}

/** Revisions of an entry below a number, latest first. */
export const revisionsBefore = (
  q: Kysely<Tables>,
  owner: string,
  entry: string,
  before: number,
  limit: number,
): Promise<RevisionsTable[]> =>
  q
    .selectFrom('revisions')
    .selectAll()
    .where('owner_id', '=', owner)
    .where('entry_id', '=', entry)
    .where('n', '<', before)
    .orderBy('n', 'desc')
    .limit(limit)
    .execute()
