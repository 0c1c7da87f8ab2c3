import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { Tables } from '../../db/tables.ts'
import { PROJECTION_VERSION } from './feed-writer.ts'

/** Rows in one batch of a backfill. */
const BATCH = 500

/** A feed of which rows were written by an older projection; undefined when there is none. */
export const oldFeed = (q: Kysely<Tables>) =>
  q
    .selectFrom('feeds')
    .select(['id', 'owner_id', 'kind'])
    .where('version', '<', PROJECTION_VERSION)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()

/** The next of a feed's rows that an older projection wrote. */
export const oldRows = (q: Kysely<Tables>, feed: number, after: number) =>
  q
    .selectFrom('feed_items')
    .select(['seq', 'item'])
    .where('feed_id', '=', feed)
    .where('seq', '>', after)
    .where('version', '<', PROJECTION_VERSION)
    .orderBy('seq')
    .limit(BATCH)
    .execute()

/** Notes of rows that say the same as before that they are of today's projection: nothing moves (W4). */
export async function markCurrent(tx: Tx, feed: number, items: readonly string[]): Promise<void> {
  // Looked up one by one, as in the feed writer: with `item IN (…)` SQLite walks the whole feed.
  const keys = items.map((item) => sql`(CAST(${feed} AS BIGINT), CAST(${item} AS TEXT))`)
  await tx.q
    .updateTable('feed_items')
    .set({ version: PROJECTION_VERSION })
    .where(sql<SqlBool>`(feed_id, item) IN (VALUES ${sql.join(keys)})`)
    .execute()
}

export async function markFeedCurrent(tx: Tx, feed: number): Promise<void> {
  await tx.q.updateTable('feeds').set({ version: PROJECTION_VERSION }).where('id', '=', feed).execute()
}
