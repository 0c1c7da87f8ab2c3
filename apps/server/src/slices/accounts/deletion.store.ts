import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { AccountsTable, Tables } from '../../db/tables.ts'

/**
 * Empties an account's row of all that says who it was. It stays, since other rows name it, until those are gone; its name and
 * code are free again. The caller holds its lock.
 */
export async function emptyAccount(tx: Tx, id: string): Promise<void> {
  await tx.q.updateTable('accounts').set({ guardian_id: null }).where('guardian_id', '=', id).execute()
  const nobody: Partial<AccountsTable> = { username: '', display_name: '', email: null, password_hash: '', bio: null }
  // Neither can be a name or a code of anybody.
  const unique = { username_folded: `deleted ${id}`, friend_code: id }
  const emptied = {
    ...nobody,
    ...unique,
    avatar: null,
    seal: '',
    role: 'member',
    guardian_id: null,
    deleted_at: await tx.now(),
  }
  await tx.q.updateTable('accounts').set(emptied).where('id', '=', id).execute()
}

/** Remembers the tokens of an account's sessions as those of one that was deleted. */
export async function voidTokens(tx: Tx, account: string): Promise<void> {
  const rows = await tx.q.selectFrom('sessions').select('token_hash').where('account_id', '=', account).execute()
  const since = await tx.now()
  if (rows.length === 0) return
  await tx.q
    .insertInto('void_tokens')
    .values(rows.map(({ token_hash }) => ({ token_hash, since })))
    .execute()
}

/** Forgets tokens that no device keeps any more. */
export async function forgetVoidTokens(tx: Tx, before: number): Promise<void> {
  await tx.q.deleteFrom('void_tokens').where('since', '<', before).execute()
}

/** Whether an account is there and not being deleted. */
export async function isThere(q: Kysely<Tables>, id: string): Promise<boolean> {
  const found = q.selectFrom('accounts').select('id').where('id', '=', id).where('deleted_at', 'is', null)
  return (await found.executeTakeFirst()) !== undefined
}

/** Removes what is left of an account: its log, its links, its row. */
export async function removeAccount(tx: Tx, id: string): Promise<void> {
  await tx.q.deleteFrom('audit').where('account_id', '=', id).execute()
  await tx.q.deleteFrom('password_resets').where('account_id', '=', id).execute()
  await tx.q.deleteFrom('accounts').where('id', '=', id).execute()
}
