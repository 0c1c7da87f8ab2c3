import type { Audited, AuditView } from '@biologidex/core/accounts/audit'
import { AppError } from '@biologidex/core/errors'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { addAudit, auditBefore } from './accounts.store.ts'

const PER_PAGE = 100
const BEFORE = /^(\d{1,15})\.([0-9a-f-]{36})$/

/** @param address network address it came from; null when the host did it in the terminal */
export async function note(tx: Tx, account: string, what: Audited, address: string | null): Promise<void> {
  await addAudit(tx, { id: tx.random.uuid(), account_id: account, what, at: await tx.now(), address })
}

/**
 * A page of the caller's own log, latest first.
 * @param before what the page before answered
 * @throws AppError invalid_input
 */
export async function auditOf(ctx: Context, caller: Caller, before?: string): Promise<AuditView> {
  const [, at, id] = (before === undefined ? undefined : BEFORE.exec(before)) ?? []
  if (before !== undefined && !id) throw new AppError('invalid_input', [{ path: 'before', message: 'not of its form' }])
  const from = at && id ? { at: Number(at), id } : undefined
  const rows = await auditBefore(ctx.db.read, caller.account, PER_PAGE, from)
  const last = rows.length === PER_PAGE ? rows.at(-1) : undefined
  const events = rows.map((row) => ({ at: row.at, what: row.what, ...(row.address === null ? {} : { address: row.address }) }))
  return { events, ...(last ? { before: `${last.at}.${last.id}` } : {}) }
}
