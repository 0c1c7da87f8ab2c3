import type { Audience } from '@biologidex/core/entries/project'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'

/**
 * Whether feed `f` holds an entry. In the order of the feed itself: what was removed is a short row there, and would be looked up one
 * by one if the index of items were followed.
 */
const HOLDS_ANY = sql<SqlBool>`EXISTS (
  SELECT 1 FROM (SELECT i.seq FROM feed_items i
    WHERE i.feed_id = f.id AND i.payload IS NOT NULL AND i.item LIKE 'entry/%' ORDER BY i.seq LIMIT 1) held)`

/** What others may see, and what everybody may, in the words of the indexes of the same names. */
const SHARED = sql<SqlBool>`e.visibility <> 'private' AND e.deleted_at IS NULL`
const PUBLIC = sql<SqlBool>`e.visibility = 'public' AND e.deleted_at IS NULL`

/** Whether feed `f` holds an entry of an animal: of what this feed may hold, not one by one of all that the animal has. */
const holds = (animal: string) => {
  const one = (which: typeof SHARED) => sql<SqlBool>`EXISTS (
    SELECT 1 FROM entries e JOIN feed_items i ON i.feed_id = f.id AND i.item = 'entry/' || e.id
    WHERE e.animal_id = ${animal} AND e.owner_id = f.owner_id AND ${which} AND i.payload IS NOT NULL)`
  return sql<SqlBool>`CASE f.kind WHEN 'public' THEN ${one(PUBLIC)} ELSE ${one(SHARED)} END`
}

/** Which of a dex's feeds hold an entry, or one of this animal. */
export async function feedsShowing(
  q: Kysely<Tables>,
  owner: string,
  kinds: readonly Audience[],
  animal?: string,
): Promise<Audience[]> {
  if (kinds.length === 0) return []
  const rows = await q
    .selectFrom('feeds as f')
    .select('f.kind')
    .where('f.owner_id', '=', owner)
    .where('f.kind', 'in', kinds)
    .where(animal === undefined ? HOLDS_ANY : holds(animal))
    .execute()
  return rows.map(({ kind }) => kind as Audience)
}

/** Owners whose feeds are asked for in one statement: well below both databases' limits on parameters. */
const BATCH = 500

/** Feeds of many dexes that hold an entry of an animal and are not closed under an id. */
export async function feedsLeftOpen(
  q: Kysely<Tables>,
  owners: readonly string[],
  kinds: readonly Audience[],
  animal: string,
  job: string,
): Promise<{ readonly owner: string; readonly kind: Audience }[]> {
  const left: { owner: string; kind: Audience }[] = []
  for (let at = 0; at < owners.length; at += BATCH) {
    const rows = await q
      .selectFrom('feeds as f')
      .select(['f.owner_id as owner', 'f.kind'])
      .where('f.owner_id', 'in', owners.slice(at, at + BATCH))
      .where('f.kind', 'in', kinds)
      .where(sql<SqlBool>`NOT EXISTS (SELECT 1 FROM closings c WHERE c.feed_id = f.id AND c.job_id = ${job})`)
      .where(holds(animal))
      .execute()
    left.push(...rows.map(({ owner, kind }) => ({ owner, kind: kind as Audience })))
  }
  return left
}

/**
 * Owners of entries of an animal that others may see, in order. From each owner to the next by the index: an animal that many keep
 * has a hundred thousand entries and a hundred owners.
 */
export async function ownersSharing(q: Kysely<Tables>, animal: string): Promise<string[]> {
  const shared = sql`e.animal_id = ${animal} AND ${SHARED}`
  // In the order of the index: with min() SQLite takes another one, which has what is private too.
  const { rows } = await sql<{ owner: string }>`
    WITH RECURSIVE sharing (owner_id) AS (
      SELECT (SELECT e.owner_id FROM entries e WHERE ${shared} ORDER BY e.owner_id, e.id LIMIT 1)
      UNION ALL
      SELECT (SELECT e.owner_id FROM entries e WHERE ${shared} AND e.owner_id > s.owner_id ORDER BY e.owner_id, e.id LIMIT 1)
      FROM sharing s WHERE s.owner_id IS NOT NULL)
    SELECT owner_id AS owner FROM sharing WHERE owner_id IS NOT NULL ORDER BY owner_id`.execute(q)
  return rows.map(({ owner }) => owner)
}

/** Entries of a dex that are looked at together: a dex may be long, and all of it private. */
const WINDOW = 2_000

/** The entry up to which a dex is looked at; undefined: to its end. */
async function windowEnd(q: Kysely<Tables>, owner: string, after: string): Promise<string | undefined> {
  const row = await q
    .selectFrom('entries')
    .select('id')
    .where('owner_id', '=', owner)
    .where('id', '>', after)
    .orderBy('id')
    .offset(WINDOW - 1)
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/** Some of a dex's entries, and after which entry the next ones are to be looked for; undefined: there are no more. */
interface SomeEntries {
  readonly ids: readonly string[]
  readonly next: string | undefined
}

/** Ids of entries that others may see, at most `limit`, in order; there may be fewer and more to come. */
export async function sharedEntryIds(
  q: Kysely<Tables>,
  owner: string,
  page: { readonly after: string; readonly limit: number; readonly animal?: string | undefined },
): Promise<SomeEntries> {
  const { after, limit, animal } = page
  // Those of one animal are found by its index.
  const end = animal === undefined ? await windowEnd(q, owner, after) : undefined
  let query = q
    .selectFrom('entries as e')
    .select('e.id')
    .where('e.owner_id', '=', owner)
    .where('e.id', '>', after)
    .where(SHARED)
    .orderBy('e.id')
    .limit(limit)
  if (animal !== undefined) query = query.where('e.animal_id', '=', animal)
  if (end !== undefined) query = query.where('e.id', '<=', end)
  const ids = (await query.execute()).map(({ id }) => id)
  return { ids, next: ids.length === limit ? ids.at(-1) : end }
}
