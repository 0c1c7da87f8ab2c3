import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { Tables } from '../../db/tables.ts'

/** Removals that are looked up together. */
const BATCH = 500

/** Where a removal stands, and whose feed it is in. */
export interface Removal {
  readonly feed_id: number
  readonly seq: number
  readonly owner_id: string
}

/** The oldest removals that came to pass before a time. Those of feeds that are gone leave with their owner's account. */
export function removalsBefore(q: Kysely<Tables>, before: number): Promise<Removal[]> {
  return q
    .selectFrom('feed_items as i')
    .innerJoin('feeds as f', 'f.id', 'i.feed_id')
    .select(['i.feed_id', 'i.seq', 'f.owner_id'])
    .where('i.payload', 'is', null)
    .where('i.changed_at', '<', before)
    .orderBy('i.changed_at')
    .orderBy('i.feed_id')
    .orderBy('i.seq')
    .limit(BATCH)
    .execute()
}

/**
 * Drops removals of a feed and moves its floor up to the last of them; nothing else of it moves (F6). The caller holds the lock of its
 * owner, or of the catalogue's feed.
 * @returns how many were still there
 */
export async function dropRemovals(tx: Tx, feed: number, seqs: readonly number[]): Promise<number> {
  const gone = await tx.q
    .deleteFrom('feed_items')
    .where('feed_id', '=', feed)
    .where('seq', 'in', seqs)
    .where('payload', 'is', null)
    .returning('seq')
    .execute()
  const floor = Math.max(0, ...gone.map(({ seq }) => seq))
  await tx.q.updateTable('feeds').set({ floor }).where('id', '=', feed).where('floor', '<', floor).execute()
  return gone.length
}
