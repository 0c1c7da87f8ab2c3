import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Db } from '../../db/db.ts'
import { JSON_TEXT } from '../../db/json-text.ts'
import type { Tables } from '../../db/tables.ts'
import { NO_OWNER } from '../sync/feed-writer.ts'

/** Animals of the catalogue: those that are verified or that somebody shows to all. */
function listed({ dialect, read }: Db, search: string | undefined) {
  let query = read
    .selectFrom('animals as a')
    .innerJoin('feeds as f', (join) => join.on('f.owner_id', '=', NO_OWNER).on('f.kind', '=', 'catalogue'))
    .innerJoin('feed_items as i', (join) =>
      join.onRef('i.feed_id', '=', 'f.id').on('i.item', '=', sql<string>`'animal/' || a.id`),
    )
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
export async function listedAnimal(db: Db, id: string): Promise<string | undefined> {
  const row = await listed(db, undefined).select('i.payload').where('a.id', '=', id).executeTakeFirst()
  return row?.payload ?? undefined
}

/** Whether a feed that an account follows has an entry of an animal, its own or a friend's: then it may know its number (F4). */
export async function isFollowed(q: Kysely<Tables>, animal: string, feeds: readonly { id: number; owner: string }[]): Promise<boolean> {
  if (feeds.length === 0) return false
  const row = await q
    .selectFrom('entries as e')
    .innerJoin('feeds as f', 'f.owner_id', 'e.owner_id')
    .innerJoin('feed_items as i', (join) =>
      join.onRef('i.feed_id', '=', 'f.id').on('i.item', '=', sql<string>`'entry/' || e.id`),
    )
    .select('e.id')
    .where('e.animal_id', '=', animal)
    .where('f.id', 'in', feeds.map(({ id }) => id))
    .where('i.payload', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
