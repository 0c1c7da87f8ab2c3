import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'

/** Rows in one transaction. */
const BATCH = 500

/**
 * Takes an account's feeds away: who followed them is told that they are gone, and nothing of them is found any more (P5, G3).
 * Their items are left for `purgeFeeds`. The caller holds the owner's lock.
 * @returns the ids of the feeds
 */
export async function dropFeeds(tx: Tx, owner: string): Promise<number[]> {
  const feeds = await tx.q.deleteFrom('feeds').where('owner_id', '=', owner).returning('id').execute()
  const ids = feeds.map(({ id }) => id)
  if (ids.length > 0) await tx.q.deleteFrom('closings').where('feed_id', 'in', ids).execute()
  return ids
}

/** Removes the items of feeds that are gone, and what was remembered of their owner's devices. */
export async function purgeFeeds({ db }: Pick<Context, 'db'>, owner: string, feeds: readonly number[]): Promise<void> {
  for (const feed of feeds) {
    for (;;) {
      const rows = await db.read
        .selectFrom('feed_items')
        .select('seq')
        .where('feed_id', '=', feed)
        .orderBy('seq')
        .limit(BATCH)
        .execute()
      const last = rows.at(-1)?.seq
      if (last === undefined) break
      await db.write((tx) => tx.q.deleteFrom('feed_items').where('feed_id', '=', feed).where('seq', '<=', last).execute())
      await breathe()
    }
  }
  await db.write(async (tx) => {
    await tx.q.deleteFrom('mutations').where('account_id', '=', owner).execute()
    await tx.q.deleteFrom('clients').where('account_id', '=', owner).execute()
  })
}
