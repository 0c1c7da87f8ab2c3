import { AppError } from '@biologidex/core/errors'
import type { Mutation } from '@biologidex/core/sync/mutation'
import type { Outcome, PushWork } from '../sync/push-work.ts'
import { publishConflict, withdrawConflict } from './entries.feed.ts'
import { conflictsOf, deleteConflict, insertConflicts } from './entries.store.ts'
import { outingById } from './outings.store.ts'

/** Carries out a mutation of type `conflict`: the person has chosen, so it goes. */
export async function applyConflictMutation(work: PushWork, mutation: Mutation): Promise<Outcome> {
  if (mutation.op !== 'delete') throw new AppError('invalid_mutation', { op: mutation.op })
  if (await deleteConflict(work.tx, work.owner, mutation.id)) withdrawConflict(work.feeds, mutation.id)
  return {}
}

/** Clashes of a deleted entry or outing wait with it: shown again when it comes back. */
export async function showConflicts(work: PushWork, subject: string, shown: boolean): Promise<void> {
  for (const item of await conflictsOf(work.tx.q, work.owner, subject)) {
    if (shown) publishConflict(work.feeds, item)
    else withdrawConflict(work.feeds, item.id)
  }
}

/** Whether what clashed is there: an entry, an outing, or the account itself. */
async function isThere(work: PushWork, subject: string): Promise<boolean> {
  if (subject === work.owner) return true
  const row = work.desk.get(subject) ?? (await outingById(work.tx.q, work.owner, subject))
  return row?.deleted_at === null
}

/** Keeps and shows the losing sides of a push's clashes (O4). */
export async function keepConflicts(work: PushWork): Promise<void> {
  await insertConflicts(work.tx, work.owner, work.conflicts)
  // One whose entry the same push went on to delete waits with it.
  for (const item of work.conflicts) if (await isThere(work, item.entry)) publishConflict(work.feeds, item)
}
