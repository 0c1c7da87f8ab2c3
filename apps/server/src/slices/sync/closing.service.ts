import type { Audience } from '@biologidex/core/entries/project'
import type { Tx } from '../../db/db.ts'
import { type Nudges, topicOf } from './nudges.ts'

/**
 * Closes feeds of a dex while a job narrows what they show (W3): from this transaction on nothing of them is served. A feed that
 * several jobs narrow opens with the last of them. The caller holds the owner's lock.
 * @param job id of what will open them
 */
export async function closeFeeds(tx: Tx, owner: string, kinds: readonly Audience[], job: string): Promise<void> {
  if (kinds.length === 0) return
  const feeds = await tx.q.selectFrom('feeds').select('id').where('owner_id', '=', owner).where('kind', 'in', kinds).execute()
  await tx.q
    .insertInto('closings')
    .values(feeds.map(({ id }) => ({ feed_id: id, job_id: job })))
    .onConflict((conflict) => conflict.columns(['feed_id', 'job_id']).doNothing())
    .execute()
  await countClosings(tx, owner)
}

/**
 * Opens what was closed under an id, and nudges those who follow. Done twice it does nothing more. The caller holds the owner's
 * lock.
 */
export async function openFeeds(tx: Tx, nudges: Nudges, owner: string, job: string): Promise<void> {
  const closed = await tx.q
    .selectFrom('feeds')
    .innerJoin('closings', 'closings.feed_id', 'feeds.id')
    .select(['feeds.id', 'feeds.kind'])
    .where('feeds.owner_id', '=', owner)
    .where('closings.job_id', '=', job)
    .execute()
  if (closed.length === 0) return
  const ids = closed.map(({ id }) => id)
  await tx.q.deleteFrom('closings').where('job_id', '=', job).where('feed_id', 'in', ids).execute()
  await countClosings(tx, owner)
  tx.afterCommit(() => nudges.moved(closed.map(({ kind }) => topicOf(owner, kind))))
}

async function countClosings(tx: Tx, owner: string): Promise<void> {
  await tx.q
    .updateTable('feeds')
    .set((eb) => ({
      closed: eb
        .selectFrom('closings')
        .select((sub) => sub.fn.countAll<number>().as('jobs'))
        .whereRef('closings.feed_id', '=', 'feeds.id'),
    }))
    .where('owner_id', '=', owner)
    .execute()
}
