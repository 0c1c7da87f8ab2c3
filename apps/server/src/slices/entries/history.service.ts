import type { HistoryView, RevisionChange } from '@biologidex/core/entries/entry'
import { AppError } from '@biologidex/core/errors'
import type { Context } from '../../context.ts'
import { entriesById, revisionsBefore } from './entries.store.ts'

/** Revisions in one answer. */
const PAGE = 50

/**
 * A page of an own entry's history, latest first, whether it is deleted or not.
 * @param before revisions below this number; the latest when undefined
 * @throws AppError not_found, alike for what is not there and what is another's
 */
export async function historyOf(ctx: Context, owner: string, entry: string, before: number | undefined): Promise<HistoryView> {
  const [row] = await entriesById(ctx.db.read, owner, [entry])
  if (!row) throw new AppError('not_found')
  const rows = await revisionsBefore(ctx.db.read, owner, entry, before ?? Number.MAX_SAFE_INTEGER, PAGE + 1)
  const revisions = rows
    .slice(0, PAGE)
    .map(({ n, at, device, changes }) => ({ n, at, device, changes: JSON.parse(changes) as RevisionChange[] }))
  const last = revisions.at(-1)
  return { revisions, ...(rows.length > PAGE && last ? { before: last.n } : {}) }
}
