import { AppError } from '@biologidex/core/errors'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { forgetKeeper } from '../animals/animals.service.ts'
import { purgeDex } from '../entries/purge-dex.service.ts'
import { forgetEverybody } from '../friends/leaving.service.ts'
import { dropFeeds, purgeFeeds } from '../sync/leaving.service.ts'
import { accountById } from './accounts.store.ts'
import * as store from './deletion.store.ts'
import { dropDeletionNote, noteDeletion, notedDeletions } from './deletion-notes.ts'
import { verifyPassword } from './passwords.ts'
import { deleteResets } from './resets.store.ts'
import { endSessions } from './sessions.service.ts'

/** Kind of the job that removes what a deleted account leaves behind. */
const DELETION_JOB = 'delete account'
/** As long as a browser may keep a session's cookie. */
const TOKENS_MS = 400 * 24 * 60 * 60 * 1000

interface Deletion {
  readonly account: string
  /** Ids of the feeds that it had. */
  readonly feeds: readonly number[]
}

/**
 * The moment of a deletion: from this commit on nothing of the account is served by any route, its sessions are void and nobody can
 * get in. What its rows hold is removed by a job. The caller holds its lock.
 */
async function cut(tx: Tx, ctx: Pick<Context, 'jobs' | 'nudges'>, account: string): Promise<void> {
  await store.voidTokens(tx, account)
  await store.forgetVoidTokens(tx, (await tx.now()) - TOKENS_MS)
  await endSessions(tx, ctx.nudges, account)
  await deleteResets(tx, account)
  const job: Deletion = { account, feeds: await dropFeeds(tx, account) }
  await store.emptyAccount(tx, account)
  await ctx.jobs.enqueue(tx, DELETION_JOB, JSON.stringify(job))
}

/**
 * Deletes the caller's account, for good: everything of theirs goes, others' data stays (G3). Noted outside the database too.
 * @throws AppError password_wrong, not_signed_in, unavailable
 */
export async function deleteAccount(ctx: Context, caller: Caller, password: string): Promise<void> {
  const { account } = caller
  const before = await accountById(ctx.db.read, account)
  if (!before) throw new AppError('not_signed_in')
  if (!(await verifyPassword(password, before.password_hash))) throw new AppError('password_wrong')
  try {
    await ctx.db.write(async (tx) => {
      await tx.lockOwner(account)
      const now = await accountById(tx.q, account)
      if (now?.password_hash !== before.password_hash) throw new AppError('password_wrong')
      await cut(tx, ctx, account)
      await noteDeletion(ctx.config.dataDir, account)
    })
  } catch (error) {
    if (await store.isThere(ctx.db.read, account)) await dropDeletionNote(ctx.config.dataDir, account)
    throw error
  }
  ctx.log.info({ account }, 'an account was deleted')
}

/** The job: removes all that a deleted account left, in batches. Cut anywhere, it starts again and comes to the same end. */
async function runDeletion(ctx: Context, payload: string): Promise<void> {
  const { account, feeds } = JSON.parse(payload) as Deletion
  await forgetEverybody(ctx, account)
  await purgeDex(ctx, account)
  await purgeFeeds(ctx, account, feeds)
  await ctx.db.write(async (tx) => {
    await forgetKeeper(tx, account)
    await store.removeAccount(tx, account)
  })
}

/**
 * Names this work, and deletes again what was deleted before the database came back from a backup (G3); before the queue starts.
 */
export async function registerDeletionJobs(ctx: Context): Promise<void> {
  ctx.jobs.handle(DELETION_JOB, (payload) => runDeletion(ctx, payload))
  for (const account of await notedDeletions(ctx.config.dataDir)) {
    if (await store.isThere(ctx.db.read, account)) {
      await ctx.db.write(async (tx) => ((await tx.lockOwner(account)) ? cut(tx, ctx, account) : undefined))
    }
  }
}
