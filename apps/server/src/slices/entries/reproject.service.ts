import { randomUUID } from 'node:crypto'
import { PRECISIONS } from '@biologidex/core/entries/place'
import { AUDIENCES, type Audience, type PlaceSettings, precisionFor } from '@biologidex/core/entries/project'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { closeFeeds, openFeeds } from '../sync/closing.service.ts'
import { republishEntries } from './entries.service.ts'
import { sharedEntryIds } from './entries.store.ts'

/** Kind of the job that projects many entries of a dex anew (W3). */
export const REPROJECT_JOB = 'reproject'
/** Entries in one transaction: few enough that nobody else waits long for the owner's lock or the writer. */
const BATCH = 100

interface Reproject {
  /** What the closings are noted under. */
  readonly id: string
  readonly owner: string
  /** Only entries of this animal. */
  readonly animal?: string
}

/** Coarser comes first. */
const rank = (settings: PlaceSettings, audience: Audience): number =>
  ['hidden', 'area', 'exact'].indexOf(precisionFor(audience, settings, undefined) satisfies (typeof PRECISIONS)[number])

/**
 * Has a dex projected anew after its owner changed how finely others see places. Feeds that come to show less are closed in
 * this transaction (W3). The caller holds the owner's lock.
 */
export async function changePlaces(
  tx: Tx,
  ctx: Pick<Context, 'jobs'>,
  owner: string,
  before: PlaceSettings,
  after: PlaceSettings,
): Promise<void> {
  const changed = AUDIENCES.filter((audience) => rank(before, audience) !== rank(after, audience))
  if (changed.length === 0) return
  const narrowed = changed.filter((audience) => rank(after, audience) < rank(before, audience))
  await reprojectLater(tx, ctx, { id: randomUUID(), owner }, narrowed)
}

/** The same for the entries of one animal, which became vulnerable or is so no more. */
export async function changeVulnerability(
  tx: Tx,
  ctx: Pick<Context, 'jobs'>,
  owner: string,
  animal: string,
  narrows: boolean,
): Promise<void> {
  await reprojectLater(tx, ctx, { id: randomUUID(), owner, animal }, narrows ? ['friends', 'public'] : [])
}

async function reprojectLater(tx: Tx, ctx: Pick<Context, 'jobs'>, job: Reproject, closed: readonly Audience[]): Promise<void> {
  await closeFeeds(tx, job.owner, closed, job.id)
  await ctx.jobs.enqueue(tx, REPROJECT_JOB, JSON.stringify(job))
}

/** The job: projects what others see anew, in batches, and opens what was closed for it. Cut anywhere, it starts again. */
export async function runReproject(ctx: Pick<Context, 'db' | 'nudges'>, payload: string): Promise<void> {
  const { id: job, owner, animal } = JSON.parse(payload) as Reproject
  let after = ''
  for (;;) {
    const done = await ctx.db.write(async (tx) => {
      if (!(await tx.lockOwner(owner))) return true
      const ids = await sharedEntryIds(tx.q, owner, { after, limit: BATCH, animal })
      if (ids.length > 0) await republishEntries(tx, ctx.nudges, owner, ids)
      else await openFeeds(tx, ctx.nudges, owner, job)
      after = ids.at(-1) ?? after
      return ids.length === 0
    })
    if (done) return
    // Others' requests come between two batches.
    await new Promise(setImmediate)
  }
}
