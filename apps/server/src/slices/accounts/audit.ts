import { randomUUID } from 'node:crypto'
import type { Tx } from '../../db/db.ts'
import { addAudit } from './accounts.store.ts'

/** What is noted of accounts (privacy.md: Audit log). */
export type Noted =
  | 'sign_up'
  | 'sign_in'
  | 'sign_out'
  | 'session_end'
  | 'sessions_end'
  | 'password_change'
  | 'password_reset'
  | 'reset_link'
  | 'reset_link_for_other'

/** @param address network address it came from; null when the host did it in the terminal */
export async function note(tx: Tx, account: string, what: Noted, address: string | null): Promise<void> {
  await addAudit(tx, { id: randomUUID(), account_id: account, what, at: await tx.now(), address })
}
