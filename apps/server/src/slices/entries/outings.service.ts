import type { Tx } from '../../db/db.ts'
import { FeedWriter } from '../sync/feed-writer.ts'
import type { Nudges } from '../sync/nudges.ts'
import { publishOuting } from './entries.feed.ts'
import { outingById } from './outings.store.ts'

/** Publishes outings as they stand. The caller holds the owner's lock. */
export async function republishOutings(tx: Tx, nudges: Nudges, owner: string, ids: readonly string[]): Promise<void> {
  const feeds = await FeedWriter.open(tx, nudges, owner)
  for (const id of ids) {
    const row = await outingById(tx.q, owner, id)
    if (row) publishOuting(feeds, row)
  }
  await feeds.flush()
}
