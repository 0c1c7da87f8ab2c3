import { sql } from 'kysely'
import { CLAIM_LOCK } from '../db/claims.ts'
import type { Db, Tx } from '../db/db.ts'
import type { JobsTable } from '../db/tables.ts'

/** A job in the hands of this process until `claimedUntil`, which also tells this claim from a later one. */
export interface ClaimedJob {
  readonly id: string
  readonly kind: string
  readonly payload: string
  /** How many times it was claimed, this one included. */
  readonly attempts: number
  readonly claimedUntil: number
}

const MAX_ERROR_CHARS = 500

/** Jobs in one statement: well below both databases' limits on parameters. */
const BATCH = 500

type NewJob = Pick<JobsTable, 'id' | 'kind' | 'payload'>

export async function insertJobs(tx: Tx, jobs: readonly NewJob[], wait = 0): Promise<void> {
  const fresh = { attempts: 0, claimed_until: null, last_error: null, run_at: (await tx.now()) + wait }
  for (let at = 0; at < jobs.length; at += BATCH) {
    const some = jobs.slice(at, at + BATCH).map((job) => ({ ...job, ...fresh }))
    await tx.q.insertInto('jobs').values(some).execute()
  }
}

/**
 * Plans the daily job of a kind; answers whether it was not planned yet. Its id is made of its kind, so that of two servers, or two looks
 * at the calendar, that plan it at the same moment one does. One that was set aside begins anew.
 */
export async function planDaily(tx: Tx, kind: string, maxAttempts: number): Promise<boolean> {
  const fresh = { run_at: await tx.now(), attempts: 0, claimed_until: null }
  const planned = await tx.q
    .insertInto('jobs')
    .values({ id: `daily/${kind}`, kind, payload: '', last_error: null, ...fresh })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fresh).where('jobs.attempts', '>=', maxAttempts))
    .executeTakeFirst()
  return (planned.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Jobs of a kind that were set aside begin anew; answers how many. */
export async function beginAnew(tx: Tx, kind: string, maxAttempts: number): Promise<number> {
  const { numUpdatedRows } = await tx.q
    .updateTable('jobs')
    .set({ run_at: await tx.now(), attempts: 0, claimed_until: null })
    .where('kind', '=', kind)
    .where('attempts', '>=', maxAttempts)
    .where('claimed_until', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

const due = (tx: Tx, now: number, maxAttempts: number) =>
  tx.q
    .selectFrom('jobs')
    .select('id')
    .where('run_at', '<=', now)
    .where('attempts', '<', maxAttempts)
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
    .orderBy('run_at')
    .orderBy('id')
    .limit(1)

export async function anyDue(tx: Tx, maxAttempts: number): Promise<boolean> {
  return (await due(tx, await tx.now(), maxAttempts).executeTakeFirst()) !== undefined
}

/** Claims the job that has been due longest, for `lease` milliseconds; undefined when none is due. */
export async function claimJob(
  tx: Tx,
  dialect: Db['dialect'],
  lease: number,
  maxAttempts: number,
): Promise<ClaimedJob | undefined> {
  const now = await tx.now()
  const claimedUntil = now + lease
  const row = await tx.q
    .updateTable('jobs')
    .set((eb) => ({ claimed_until: claimedUntil, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', due(tx, now, maxAttempts).modifyEnd(sql.raw(CLAIM_LOCK[dialect])))
    .returning(['id', 'kind', 'payload', 'attempts'])
    .executeTakeFirst()
  return row && { ...row, claimedUntil }
}

const held = (tx: Tx, job: ClaimedJob) =>
  tx.q.updateTable('jobs').where('id', '=', job.id).where('claimed_until', '=', job.claimedUntil)

/** Holds a job longer; undefined when the claim was lost: the lease ran out and another took it. */
export async function renewClaim(tx: Tx, job: ClaimedJob, lease: number): Promise<ClaimedJob | undefined> {
  const claimedUntil = (await tx.now()) + lease
  const { numUpdatedRows } = await held(tx, job).set({ claimed_until: claimedUntil }).executeTakeFirst()
  return numUpdatedRows > 0n ? { ...job, claimedUntil } : undefined
}

/** Gives a failed job back, to run again after `wait` milliseconds; one that was lost is another's to give back. */
export async function returnJob(tx: Tx, job: ClaimedJob, wait: number, error: string): Promise<void> {
  await held(tx, job)
    .set({ claimed_until: null, run_at: (await tx.now()) + wait, last_error: error.slice(0, MAX_ERROR_CHARS) })
    .execute()
}

export async function deleteJob(tx: Tx, id: string): Promise<void> {
  await tx.q.deleteFrom('jobs').where('id', '=', id).execute()
}

/** Frees every claimed job. */
export async function freeClaims(tx: Tx): Promise<void> {
  await tx.q.updateTable('jobs').set({ claimed_until: null }).where('claimed_until', 'is not', null).execute()
}
