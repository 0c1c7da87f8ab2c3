import { LIMITS } from '@biologidex/core/limits'
import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { NO_OWNER } from './feed-writer.ts'
import { dropRemovals, type Removal, removalsBefore } from './tombstones.store.ts'

/** Kind of the daily job that forgets old removals (F2). */
export const TOMBSTONES_JOB = 'forget removals'

/** How long a feed remembers a removal, in milliseconds. */
export const TOMBSTONE_MS = LIMITS.tombstoneDays * 24 * 60 * 60 * 1000

/** Drops an owner's removals under the lock; answers how many. */
async function forget(tx: Tx, owner: string, removals: readonly Removal[]): Promise<number> {
  // Whoever is deleted meanwhile has no feeds any more: what is left of them goes with the account.
  if (owner !== NO_OWNER && !(await tx.lockOwner(owner))) return 0
  let gone = 0
  for (const [feed, rows] of Map.groupBy(removals, (row) => row.feed_id)) {
    if (owner === NO_OWNER) await tx.lockFeed(feed)
    const seqs = rows.map(({ seq }) => seq)
    gone += await dropRemovals(tx, feed, seqs)
  }
  return gone
}

/**
 * The job: every feed forgets the removals that are older than 90 days, and its floor moves up (F2). Oldest first and in batches, so
 * that below a floor no removal is left, wherever it is cut; others have their turn in between. What everyone sees stays as it is (F6).
 */
export async function forgetRemovals({ db, log }: Pick<Context, 'db' | 'log'>): Promise<void> {
  const before = (await db.write((tx) => tx.now())) - TOMBSTONE_MS
  let total = 0
  for (;;) {
    let gone = 0
    for (const [owner, removals] of Map.groupBy(await removalsBefore(db.read, before), (row) => row.owner_id)) {
      gone += await db.write((tx) => forget(tx, owner, removals))
      await breathe()
    }
    total += gone
    if (gone === 0) break
  }
  if (total > 0) log.info({ removals: total }, 'removals older than 90 days were forgotten')
}
