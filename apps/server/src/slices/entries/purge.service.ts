import { LIMITS } from '@biologidex/core/limits'
import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { purgeImages } from '../images/purge.service.ts'
import { FeedWriter } from '../sync/feed-writer.ts'
import { withdrawTrash } from './entries.feed.ts'
import { entriesById } from './entries.store.ts'
import { deletedBefore, deleteEntries } from './trash.store.ts'

/** How long a deleted entry can be brought back, in milliseconds (O5). */
export const RESTORE_MS = LIMITS.restoreDays * 24 * 60 * 60 * 1000

/** Kind of the daily job that empties the trash. */
export const PURGE_JOB = 'purge entries'

type Services = Pick<Context, 'db' | 'nudges' | 'blobs' | 'log'>

/** Removes those of an owner's entries that are still past their time under the lock; answers how many. */
async function purge(tx: Tx, ctx: Services, owner: string, ids: readonly string[]): Promise<number> {
  if (!(await tx.lockOwner(owner))) return 0
  const before = (await tx.now()) - RESTORE_MS
  const rows = await entriesById(tx.q, owner, ids)
  const ended = rows.filter((row) => row.deleted_at !== null && row.deleted_at < before).map((row) => row.id)
  await purgeImages(tx, ctx, owner, ended)
  await deleteEntries(tx, owner, ended)
  const feeds = await FeedWriter.open(tx, ctx.nudges, owner)
  for (const id of ended) withdrawTrash(feeds, id)
  await feeds.flush()
  return ended.length
}

/**
 * Removes for good what was deleted more than 30 days ago: entries, their history, clashes and pictures (O5). What an old phone
 * still says of them finds nothing and is set aside there, text and all (O6). Cut anywhere, it goes on where it stood.
 */
export async function purgeTrash(ctx: Services): Promise<void> {
  for (;;) {
    const before = (await ctx.db.write((tx) => tx.now())) - RESTORE_MS
    const found = await deletedBefore(ctx.db.read, before)
    let gone = 0
    for (const [owner, rows] of Map.groupBy(found, (row) => row.owner_id)) {
      const ids = rows.map((row) => row.id)
      gone += await ctx.db.write((tx) => purge(tx, ctx, owner, ids))
      await breathe()
    }
    if (gone === 0) return
  }
}
