import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { republishProfile } from '../accounts/profile.service.ts'
import { settleAnimals } from '../animals/animals.service.ts'
import { republishEntries } from '../entries/entries.service.ts'
import { republishOutings } from '../entries/outings.service.ts'
import { markCurrent, markFeedCurrent, oldFeed, oldRows } from './backfill.store.ts'
import { NO_OWNER } from './feed-writer.ts'
import type { Nudges } from './nudges.ts'

/** Kind of the job that brings feeds up to today's projections. */
export const BACKFILL_JOB = 'backfill'

type Services = Pick<Context, 'db' | 'nudges'>
type Republish = (tx: Tx, nudges: Nudges, owner: string, ids: readonly string[]) => Promise<void>

/** How items of a kind are projected anew. */
const REPUBLISH: Readonly<Record<string, Republish>> = {
  entry: republishEntries,
  trash: republishEntries,
  outing: republishOutings,
  profile: (tx, nudges, owner) => republishProfile(tx, nudges, owner),
  animal: (tx, nudges, _owner, ids) => settleAnimals(tx, nudges, NO_OWNER, [], ids),
  // Kept as it was written: there is nothing that it is projected from.
  conflict: async () => undefined,
  friend: async () => undefined,
  block: async () => undefined,
}

async function republish(tx: Tx, nudges: Nudges, owner: string, items: readonly string[]): Promise<void> {
  const parts = items.map((item) => item.split('/'))
  for (const [kind = '', keys] of Map.groupBy(parts, ([kind]) => kind)) {
    const work = REPUBLISH[kind]
    if (!work) throw new Error(`nothing projects items of kind ${kind} anew`)
    await work(
      tx,
      nudges,
      owner,
      keys.map(([, id = '']) => id),
    )
  }
}

/** Whether any feed holds rows of an older projection. */
export const needsBackfill = async ({ db }: Pick<Context, 'db'>): Promise<boolean> => (await oldFeed(db.read)) !== undefined

/**
 * Brings every feed up to today's projections, 500 rows at a time, each batch under its owner's lock. A seq moves only where the
 * content is new (W4). Cut anywhere, it goes on where it stood.
 */
export async function backfill({ db, nudges }: Services): Promise<void> {
  for (let feed = await oldFeed(db.read); feed; feed = await oldFeed(db.read)) {
    const { id, owner_id: owner } = feed
    let after = 0
    for (;;) {
      const rows = await oldRows(db.read, id, after)
      if (rows.length === 0) break
      after = rows.at(-1)?.seq ?? after
      const items = rows.map(({ item }) => item)
      await db.write(async (tx) => {
        if (owner !== NO_OWNER) await tx.lockOwner(owner)
        await republish(tx, nudges, owner, items)
        await markCurrent(tx, id, items)
      })
      await breathe()
    }
    await db.write((tx) => markFeedCurrent(tx, id))
  }
}
