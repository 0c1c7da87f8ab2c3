import { randomUUID } from 'node:crypto'
import type { Settings } from '@biologidex/core/accounts/account'
import { isCoarser } from '@biologidex/core/entries/place'
import { AUDIENCES, type Audience, precisionFor } from '@biologidex/core/entries/project'
import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { closeFeeds, openFeeds } from '../sync/closing.service.ts'
import { placesOf, republishEntries } from './entries.service.ts'
import { feedsLeftOpen, feedsShowing, ownersSharing, sharedEntryIds } from './showing.store.ts'

/** Kind of the job that projects many entries of a dex anew (W3). */
const REPROJECT_JOB = 'reproject'
/** Kind of the job that looks for dexes to project anew after an animal's category changed. */
const REPROJECT_ANIMAL_JOB = 'reproject animal'
/** Kind of the daily job that sees to dexes which were left closed. */
const REOPEN_JOB = 'open closed dexes'
/** Entries in one transaction: few enough that nobody else waits long for the owner's lock or the writer. */
const BATCH = 50
/** Transactions of one run: other jobs get their turn between. */
const BATCHES_PER_RUN = 100
/** Who sees a dex that is not theirs. */
const OTHERS: readonly Audience[] = ['friends', 'public']
/** Longer than any write transaction may take: after it nobody projects by the old category any more. */
const STRAGGLERS_MS = 60_000

interface Reproject {
  /** What the closings are noted under. */
  readonly id: string
  readonly owner: string
  /** Only entries of this animal. */
  readonly animal?: string
  /** The entry after which it goes on. */
  readonly after?: string
}

type Jobs = Context['jobs']

/** Closes those of a dex's feeds that show what the job takes down. @returns whether there are any */
async function closeShowing(tx: Tx, { id, owner, animal }: Reproject, narrowed: readonly Audience[]): Promise<boolean> {
  // What holds no such entry shows nothing too finely; to close it would tell that there is a hidden one (F6).
  const showing = await feedsShowing(tx.q, owner, narrowed, animal)
  await closeFeeds(tx, owner, showing, id)
  return showing.length > 0
}

/**
 * Has a dex projected anew when its owner changed how finely others see places. Feeds that come to show less are closed in
 * this transaction (W3). The caller holds the owner's lock.
 * @returns whether anything changed
 */
export async function changePlaces(
  tx: Tx,
  jobs: Pick<Jobs, 'enqueue'>,
  owner: string,
  before: Settings,
  after: Settings,
): Promise<boolean> {
  const at = (settings: Settings, audience: Audience) => precisionFor(audience, placesOf(settings), undefined)
  const changed = AUDIENCES.filter((audience) => at(before, audience) !== at(after, audience))
  if (changed.length === 0) return false
  const narrowed = changed.filter((audience) => isCoarser(at(after, audience), at(before, audience)))
  const job: Reproject = { id: randomUUID(), owner }
  await closeShowing(tx, job, narrowed)
  await jobs.enqueue(tx, REPROJECT_JOB, JSON.stringify(job))
  return true
}

/** What the closings of one change are noted under, for one of the animals that it is about. */
const closingOf = (change: string, animal: string): string => `${change}/${animal}`

type Services = Pick<Context, 'db' | 'nudges' | 'jobs'>

/**
 * Closes every feed that shows an entry of an animal, dex by dex: all of them in the transaction that makes it vulnerable would keep
 * everybody waiting. Each opens again by itself, should that transaction never come.
 * @param change id of the change that is about to be made
 */
export async function closeAhead({ db, jobs }: Pick<Services, 'db' | 'jobs'>, change: string, animal: string): Promise<void> {
  for (const owner of await ownersSharing(db.read, animal)) {
    const job: Reproject = { id: closingOf(change, animal), owner, animal }
    await db.write(async (tx) => {
      if (!(await tx.lockOwner(owner))) return
      if (await closeShowing(tx, job, OTHERS)) await jobs.enqueue(tx, REPROJECT_JOB, JSON.stringify(job), STRAGGLERS_MS)
    })
    await breathe()
  }
}

/**
 * Has the entries of an animal projected anew that became vulnerable, or is so no more, in every dex. Where others come to see less, what
 * still shows one is closed in this transaction (W3), and nothing that `closeAhead` has closed. The caller holds the locks of `owners`.
 * @param change id of the change, as `closeAhead` was told
 * @param owners from `lockSharersOf`
 */
export async function changeVulnerability(
  tx: Tx,
  jobs: Pick<Jobs, 'enqueue' | 'enqueueAll'>,
  change: string,
  animal: string,
  owners: readonly string[],
  narrows: boolean,
): Promise<void> {
  const id = closingOf(change, animal)
  const left = narrows ? await feedsLeftOpen(tx.q, owners, OTHERS, animal, id) : []
  for (const { owner, kind } of left) await closeFeeds(tx, owner, [kind], id)
  const all = owners.map((owner) => JSON.stringify({ id, owner, animal } satisfies Reproject))
  await jobs.enqueueAll(tx, REPROJECT_JOB, all)
  // A push that began before this commit may still project by the old category.
  await jobs.enqueue(tx, REPROJECT_ANIMAL_JOB, animal, STRAGGLERS_MS)
}

/** Locks every owner who shares an entry of any of these animals, in id order (W1). @returns them, by animal */
export async function lockSharersOf(tx: Tx, animals: readonly string[]): Promise<Map<string, string[]>> {
  const sharing = new Map<string, string[]>()
  for (const animal of animals) sharing.set(animal, await ownersSharing(tx.q, animal))
  for (const owner of [...new Set([...sharing.values()].flat())].sort()) await tx.lockOwner(owner)
  return sharing
}

/** One transaction of the job. @returns where it goes on; undefined when all is done */
async function batch(tx: Tx, ctx: Services, { id, owner, animal }: Reproject, after: string): Promise<string | undefined> {
  if (!(await tx.lockOwner(owner))) return undefined
  const { ids, next } = await sharedEntryIds(tx.q, owner, { after, limit: BATCH, animal })
  if (ids.length > 0) await republishEntries(tx, ctx.nudges, owner, ids)
  if (next === undefined) await openFeeds(tx, ctx.nudges, owner, id)
  return next
}

/**
 * The job: projects what others see anew, in batches, and opens what was closed for it. Cut anywhere, it starts again; a long one
 * goes on in another job.
 */
async function runReproject(ctx: Services, payload: string): Promise<void> {
  const job = JSON.parse(payload) as Reproject
  let after = job.after ?? ''
  for (let run = 1; ; run += 1) {
    const from = after
    const next = await ctx.db.write(async (tx) => {
      const reached = await batch(tx, ctx, job, from)
      if (reached !== undefined && run === BATCHES_PER_RUN) {
        await ctx.jobs.enqueue(tx, REPROJECT_JOB, JSON.stringify({ ...job, after: reached } satisfies Reproject))
      }
      return reached
    })
    if (next === undefined || run === BATCHES_PER_RUN) return
    after = next
    await breathe()
  }
}

/** The job that finds whoever shared an entry of the animal while its category changed. */
async function runReprojectAnimal(ctx: Services, animal: string): Promise<void> {
  for (const owner of await ownersSharing(ctx.db.read, animal)) {
    const job: Reproject = { id: randomUUID(), owner, animal }
    await ctx.db.write((tx) => ctx.jobs.enqueue(tx, REPROJECT_JOB, JSON.stringify(job)))
    await breathe()
  }
}

/** What holds feeds closed and has no job any more that would open them. */
async function strayClosings({ db }: Services): Promise<Reproject[]> {
  const closings = await db.read
    .selectFrom('closings as c')
    .innerJoin('feeds as f', 'f.id', 'c.feed_id')
    .select(['c.job_id as id', 'f.owner_id as owner'])
    .distinct()
    .execute()
  if (closings.length === 0) return []
  const jobs = await db.read.selectFrom('jobs').select('payload').where('kind', '=', REPROJECT_JOB).execute()
  const known = new Set(jobs.map(({ payload }) => (JSON.parse(payload) as Reproject).id))
  return closings.filter(({ id }) => !known.has(id))
}

/**
 * The daily job: dexes that stay closed to others, because their job failed for the last time or is not there, are projected anew
 * once more. Nobody else would ever open them.
 */
async function runReopen(ctx: Services & Pick<Context, 'log'>): Promise<void> {
  const begun = (await ctx.jobs.again(REPROJECT_JOB)) + (await ctx.jobs.again(REPROJECT_ANIMAL_JOB))
  const strays = await strayClosings(ctx)
  for (const job of strays) await ctx.db.write((tx) => ctx.jobs.enqueue(tx, REPROJECT_JOB, JSON.stringify(job)))
  const jobs = begun + strays.length
  if (jobs > 0) ctx.log.warn({ jobs }, 'dexes that stayed closed to others are projected anew once more')
}

/** Names this work; before the queue starts. */
export function registerReprojectJobs(ctx: Services & Pick<Context, 'log'>): void {
  ctx.jobs.handle(REPROJECT_JOB, async (payload, last) => {
    try {
      await runReproject(ctx, payload)
    } catch (error) {
      const { owner } = JSON.parse(payload) as Reproject
      if (last) ctx.log.error({ account: owner }, 'a dex stays closed to others until the daily job tries once more')
      throw error
    }
  })
  ctx.jobs.handle(REOPEN_JOB, () => runReopen(ctx))
  ctx.jobs.daily(REOPEN_JOB)
  ctx.jobs.handle(REPROJECT_ANIMAL_JOB, (animal) => runReprojectAnimal(ctx, animal))
}
