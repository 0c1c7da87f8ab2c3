import type { Names } from '@biologidex/core/animals/animal'
import type { OwnEntry } from '@biologidex/core/entries/entry'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Db, FeedHead } from '../../db/db.ts'
import { JSON_TEXT } from '../../db/json-text.ts'
import type { EntriesTable, Tables } from '../../db/tables.ts'
import { NO_OWNER } from '../sync/feed-writer.ts'

/** Animals of the catalogue: those that are verified or that somebody shows to all. */
function listed({ dialect, read }: Db, search: string | undefined) {
  // From the feed to the animals: the other way round SQLite would walk the feed for each of them.
  let query = read
    .selectFrom('feeds as f')
    .innerJoin('feed_items as i', 'i.feed_id', 'f.id')
    .innerJoin('animals as a', (join) => join.on('a.id', '=', sql<string>`substr(i.item, 8)`))
    .where('f.owner_id', '=', NO_OWNER)
    .where('f.kind', '=', 'catalogue')
    .where('i.payload', 'is not', null)
  if (search) {
    const like = `%${search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
    const names = sql.raw(JSON_TEXT[dialect]('a.record', 'names'))
    query = query.where(
      sql<SqlBool>`(lower(a.scientific_name) LIKE ${like} ESCAPE '\\' OR lower(coalesce(${names}, '')) LIKE ${like} ESCAPE '\\')`,
    )
  }
  return query
}

export async function countAnimals(db: Db, search: string | undefined): Promise<number> {
  const row = await listed(db, search)
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return row.rows
}

/** Payloads of a page of the catalogue, by scientific name. */
export async function pageOfAnimals(db: Db, search: string | undefined, offset: number, limit: number): Promise<string[]> {
  const rows = await listed(db, search)
    .select('i.payload')
    .orderBy('a.scientific_name')
    .orderBy('a.id')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows.flatMap(({ payload }) => (payload === null ? [] : [payload]))
}

/** An animal as the catalogue has it. */
export async function listedAnimal({ read }: Db, id: string): Promise<string | undefined> {
  const row = await read
    .selectFrom('feeds as f')
    .innerJoin('feed_items as i', 'i.feed_id', 'f.id')
    .select('i.payload')
    .where('f.owner_id', '=', NO_OWNER)
    .where('f.kind', '=', 'catalogue')
    .where('i.item', '=', `animal/${id}`)
    .executeTakeFirst()
  return row?.payload ?? undefined
}

/** Entries that are looked up for one animal: whoever follows more of it finds one among them. */
const LOOKED_UP = 300

/** An entry, as far as it says what its animal is called. */
export type CalledEntry = Pick<OwnEntry, 'id' | 'animal' | 'called' | 'created'>

/**
 * Entries of an animal in the first of these feeds, of one's own dex or a friend's, that has some: who follows it may know the
 * animal's number (F4) and what it is called there. Undefined when none has any.
 */
export async function followedOf(
  q: Kysely<Tables>,
  animal: string,
  feeds: readonly FeedHead[],
): Promise<CalledEntry[] | undefined> {
  const byOwner = new Map(feeds.filter(({ owner }) => owner !== NO_OWNER).map(({ owner, id }) => [owner, id]))
  if (byOwner.size === 0) return undefined
  const kept = await q
    .selectFrom('entries')
    .select(['owner_id', 'id', 'called', 'called_animal', 'created_at'])
    .where('animal_id', '=', animal)
    .where('owner_id', 'in', [...byOwner.keys()])
    .where('deleted_at', 'is', null)
    .limit(LOOKED_UP)
    .execute()
  if (kept.length === 0) return undefined
  const keys = kept.map((row) => sql`(CAST(${byOwner.get(row.owner_id)} AS BIGINT), CAST(${`entry/${row.id}`} AS TEXT))`)
  const among = sql<SqlBool>`(feed_id, item) IN (VALUES ${sql.join(keys)})`
  const rows = q.selectFrom('feed_items').select(['feed_id', 'item']).where(among).where('payload', 'is not', null)
  const held = new Set((await rows.execute()).map(({ feed_id, item }) => `${feed_id} ${item}`))
  const there = kept.filter(({ owner_id, id }) => held.has(`${byOwner.get(owner_id)} entry/${id}`))
  const first = feeds.find(({ owner }) => there.some(({ owner_id }) => owner_id === owner))
  const entries = there.filter(({ owner_id }) => owner_id === first?.owner)
  return first && entries.map((row) => toCalled(row, animal))
}

function toCalled(row: Pick<EntriesTable, 'id' | 'called' | 'called_animal' | 'created_at'>, animal: string): CalledEntry {
  const called = row.called_animal === animal && row.called !== null ? { called: JSON.parse(row.called) as Names } : {}
  return { id: row.id, animal, ...called, created: row.created_at }
}
