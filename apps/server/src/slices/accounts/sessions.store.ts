import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { SessionsTable, Tables } from '../../db/tables.ts'

/** An account's sessions, the one seen last first. */
export function sessionsOf(q: Kysely<Tables>, account: string): Promise<SessionsTable[]> {
  return q
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', account)
    .orderBy('last_seen_at', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}

export async function addSession(tx: Tx, row: SessionsTable): Promise<void> {
  await tx.q.insertInto('sessions').values(row).execute()
}

/** Whose sessions are to go: one of them, or all but one. */
export interface Which {
  readonly only?: string
  readonly except?: string
}

/** Deletes an account's sessions; answers the ids of those that were there. */
export async function deleteSessions(tx: Tx, account: string, { only, except }: Which = {}): Promise<string[]> {
  let query = tx.q.deleteFrom('sessions').where('account_id', '=', account)
  if (only !== undefined) query = query.where('id', '=', only)
  if (except !== undefined) query = query.where('id', '!=', except)
  return (await query.returning('id').execute()).map(({ id }) => id)
}
