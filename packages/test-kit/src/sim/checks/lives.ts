import type { Done, Ledger } from '../ledger.ts'
import type { Rows } from './rows.ts'

const isKept = ({ deed }: Done): boolean => deed.kept === true
/** What an old copy of a disk sends again comes after all that was known. */
const isOnce = ({ deed }: Done): boolean => deed.replays === 0

/** Somebody deleted it who knew of all that could bring it back. */
export function isCertainlyDeleted(ledger: Ledger, done: readonly Done[], bringsBack: (op: string) => boolean): boolean {
  const others = done.filter(({ draft }) => bringsBack(draft.op))
  const knewAll = (one: Done) => others.every((other) => isOnce(other) && ledger.knew(one, other))
  return done.some((one) => one.draft.op === 'delete' && isKept(one) && knewAll(one))
}

/** Nobody deleted it, or somebody brought it back who knew of every deletion. */
export function isCertainlyAlive(ledger: Ledger, done: readonly Done[], bringsBack: (op: string) => boolean): boolean {
  const deletions = done.filter(({ draft }) => draft.op === 'delete')
  if (deletions.length === 0) return true
  const knewAll = (one: Done) => deletions.every((deletion) => isOnce(deletion) && ledger.knew(one, deletion))
  return done.some((one) => bringsBack(one.draft.op) && isKept(one) && knewAll(one))
}

/** A deletion that nobody knew of who changed the entry brings nothing to an end (O5); one that was taken back neither. */
const revives = (op: string): boolean => op !== 'delete'

/** Every entry that was made is there once, no other is, and each is deleted or not as those who dealt with it had to expect (check 2). */
export function* checkLives(rows: Rows, ledger: Ledger, aside: ReadonlySet<Done['draft']>): Iterable<string> {
  const there = ledger.possible().filter(({ draft }) => draft.type === 'entry' && !aside.has(draft))
  const byEntry = Map.groupBy(there, ({ draft }) => draft.id)
  for (const id of rows.entries.keys()) if (!byEntry.has(id)) yield `nobody made the entry ${id}`
  for (const [id, done] of byEntry) {
    const row = rows.entries.get(id)
    if (!row) {
      if (done.some(isKept)) yield `the entry ${id} is lost`
      continue
    }
    if (row.deleted_at === null && isCertainlyDeleted(ledger, done, revives)) {
      yield `the entry ${id} was deleted, and is there again`
    }
    if (row.deleted_at !== null && isCertainlyAlive(ledger, done, revives)) {
      yield `the entry ${id} is deleted, and nobody wanted that`
    }
  }
}
