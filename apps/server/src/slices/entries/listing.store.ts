import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Db } from '../../db/db.ts'
import { JSON_TEXT } from '../../db/json-text.ts'
import type { Tables } from '../../db/tables.ts'

/** Which of an owner's entries; each condition left out holds for all. */
export interface Listing {
  readonly animal?: string | undefined
  readonly visibility?: string | undefined
  readonly favourite?: boolean | undefined
  /** Text in a name of the animal or in the note, whatever its case. */
  readonly search?: string | undefined
  readonly order: 'creation_index' | 'catch_date' | 'created_at' | 'updated_at'
  readonly descending: boolean
}

const ORDERS: Record<Listing['order'], (dialect: Db['dialect']) => string> = {
  creation_index: () => 'a.number',
  catch_date: (dialect) => JSON_TEXT[dialect]('e.observed', 'at'),
  created_at: () => 'e.created_at',
  updated_at: () => 'e.updated_at',
}

function among(dialect: Db['dialect'], q: Kysely<Tables>, owner: string, { animal, visibility, favourite, search }: Listing) {
  let query = q
    .selectFrom('entries as e')
    .innerJoin('animals as a', 'a.id', 'e.animal_id')
    .where('e.owner_id', '=', owner)
    .where('e.deleted_at', 'is', null)
    .where('a.number', 'is not', null)
  if (animal !== undefined) query = query.where('e.animal_id', '=', animal)
  if (visibility !== undefined) query = query.where('e.visibility', '=', visibility)
  if (favourite !== undefined) query = query.where('e.favourite', '=', favourite ? 1 : 0)
  if (search) {
    const like = `%${search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
    const names = sql.raw(JSON_TEXT[dialect]('a.record', 'names'))
    const found = (column: unknown) => sql<SqlBool>`lower(coalesce(${column}, '')) LIKE ${like} ESCAPE '\\'`
    query = query.where(
      sql<SqlBool>`(${found(sql.raw('a.scientific_name'))} OR ${found(names)} OR ${found(sql.raw('e.called'))} OR ${found(sql.raw('e.note'))})`,
    )
  }
  return query
}

/** How many entries of an owner a listing has. */
export async function countListed(db: Db, owner: string, listing: Listing): Promise<number> {
  const row = await among(db.dialect, db.read, owner, listing)
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return row.rows
}

/** Ids of a page of a listing, in its order. */
export async function pageListed(db: Db, owner: string, listing: Listing, offset: number, limit: number): Promise<string[]> {
  const order = sql.raw(`${ORDERS[listing.order](db.dialect)} ${listing.descending ? 'DESC' : 'ASC'}`)
  const rows = await among(db.dialect, db.read, owner, listing)
    .select('e.id')
    .orderBy(sql`${order}`)
    .orderBy('e.id')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
