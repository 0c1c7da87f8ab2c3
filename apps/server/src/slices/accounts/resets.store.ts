import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { PasswordResetsTable, Tables } from '../../db/tables.ts'

export async function addReset(tx: Tx, row: PasswordResetsTable): Promise<void> {
  await tx.q.insertInto('password_resets').values(row).execute()
}

export function resetByHash(q: Kysely<Tables>, tokenHash: string): Promise<PasswordResetsTable | undefined> {
  return q.selectFrom('password_resets').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()
}

/** Takes every link of an account back. */
export async function deleteResets(tx: Tx, account: string): Promise<void> {
  await tx.q.deleteFrom('password_resets').where('account_id', '=', account).execute()
}

/** Forgets links that are too old to be used. */
export async function deleteExpired(tx: Tx, now: number): Promise<void> {
  await tx.q.deleteFrom('password_resets').where('expires_at', '<=', now).execute()
}
