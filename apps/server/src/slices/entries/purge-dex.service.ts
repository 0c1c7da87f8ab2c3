import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import { settleAnimals } from '../animals/animals.service.ts'
import { purgeImages } from '../images/purge.service.ts'
import { NO_OWNER } from '../sync/feed-writer.ts'
import { deleteEntries, deleteRest, someEntries } from './trash.store.ts'

/** Entries in one transaction: few enough that nobody waits long. */
const BATCH = 100

/**
 * Removes every entry of a deleted account with its history and pictures, and its outings; animals that only it had shown leave the
 * catalogue. Its feeds are gone already. Run again, it comes to the same end.
 */
export async function purgeDex(ctx: Pick<Context, 'db' | 'nudges' | 'blobs' | 'log'>, owner: string): Promise<void> {
  for (;;) {
    const left = await ctx.db.write(async (tx) => {
      const rows = await someEntries(tx.q, owner, BATCH)
      const ids = rows.map(({ id }) => id)
      await purgeImages(tx, ctx, owner, ids)
      await deleteEntries(tx, owner, ids)
      const shown = rows.flatMap(({ animal_id: animal, visibility }) => (animal && visibility === 'public' ? [animal] : []))
      await settleAnimals(tx, ctx.nudges, NO_OWNER, [], shown)
      return rows.length
    })
    if (left === 0) break
    await breathe()
  }
  await ctx.db.write((tx) => deleteRest(tx, owner))
}
