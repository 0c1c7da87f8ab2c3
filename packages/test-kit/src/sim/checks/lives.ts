import { type Done, knew, type Ledger } from '../ledger.ts'
import type { Rows } from './rows.ts'

/** What happened to one entry as a whole. */
function isCertainlyDeleted(done: readonly Done[]): boolean {
  const others = done.filter(({ draft }) => draft.op !== 'delete')
  return done.some((one) => one.draft.op === 'delete' && others.every((other) => knew(one, other)))
}

/** A deletion that nobody knew of who changed the entry brings nothing to an end (O5); one that was taken back neither. */
function isCertainlyAlive(done: readonly Done[]): boolean {
  const deletions = done.filter(({ draft }) => draft.op === 'delete')
  if (deletions.length === 0) return true
  return done.some((one) => one.draft.op !== 'delete' && deletions.every((deletion) => knew(one, deletion)))
}

/** Every entry that was made is there once, no other is, and each is deleted or not as those who dealt with it had to expect (check 2). */
export function* checkLives(rows: Rows, ledger: Ledger, aside: ReadonlySet<Done['draft']>): Iterable<string> {
  const byEntry = new Map<string, Done[]>()
  for (const one of ledger.kept()) {
    if (one.draft.type !== 'entry' || aside.has(one.draft)) continue
    byEntry.set(one.draft.id, [...(byEntry.get(one.draft.id) ?? []), one])
  }
  for (const id of rows.entries.keys()) if (!byEntry.has(id)) yield `nobody made the entry ${id}`
  for (const [id, done] of byEntry) {
    const row = rows.entries.get(id)
    if (!row) {
      yield `the entry ${id} is lost`
      continue
    }
    if (row.deleted_at === null && isCertainlyDeleted(done)) yield `the entry ${id} was deleted, and is there again`
    if (row.deleted_at !== null && isCertainlyAlive(done)) yield `the entry ${id} is deleted, and nobody wanted that`
  }
}
