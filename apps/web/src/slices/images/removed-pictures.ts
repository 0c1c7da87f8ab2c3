import type { Revision } from '@biologidex/core/entries/entry'
import { LIMITS } from '@biologidex/core/limits'
import type { Mutation } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'

const RESTORE_MS = LIMITS.restoreDays * 24 * 60 * 60 * 1000

/** A picture in the bin. `at`: when it was removed, in UTC milliseconds. */
export interface RemovedPicture {
  readonly id: string
  readonly at: number
}

/** What was last done to each picture, by the history: when it was removed, or that it came. */
function lastKnown(revisions: readonly Revision[]): Map<string, number | undefined> {
  const last = new Map<string, number | undefined>()
  for (const { at, changes } of revisions) {
    for (const change of changes) {
      const [kind, id, part] = 'field' in change ? change.field.split('/') : []
      if (kind !== 'image' || !id || part || last.has(id)) continue
      last.set(id, 'to' in change && change.to === null ? at : undefined)
    }
  }
  return last
}

/**
 * The pictures that were taken off an entry and can be brought back, the last removed first.
 * @param pending changes of the entry that the server does not know yet
 * @param revisions its history so far read, latest first
 */
export function removedPictures(
  entry: EntryOnScreen,
  pending: readonly Mutation[],
  revisions: readonly Revision[],
  now: number,
): RemovedPicture[] {
  const last = lastKnown(revisions)
  for (const { type, id, op, at = now } of pending) {
    if (type === 'image' && (op === 'delete' || op === 'restore')) last.set(id, op === 'delete' ? at : undefined)
  }
  for (const { id } of entry.images ?? []) last.delete(id)
  const removed = [...last].flatMap(([id, at]) => (at !== undefined && now - at < RESTORE_MS ? [{ id, at }] : []))
  return removed.sort((a, b) => b.at - a.at)
}
