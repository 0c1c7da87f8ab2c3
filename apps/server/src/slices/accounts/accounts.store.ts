import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { AccountsTable, AuditTable, Tables } from '../../db/tables.ts'

export function accountById(q: Kysely<Tables>, id: string): Promise<AccountsTable | undefined> {
  return q.selectFrom('accounts').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
}

export function accountByName(q: Kysely<Tables>, folded: string): Promise<AccountsTable | undefined> {
  return q.selectFrom('accounts').selectAll().where('username_folded', '=', folded).executeTakeFirst()
}

export async function isFriendCodeTaken(tx: Tx, code: string): Promise<boolean> {
  const row = await tx.q.selectFrom('accounts').select('id').where('friend_code', '=', code).executeTakeFirst()
  return row !== undefined
}

/** True while there is no account: the next one is the admin's. */
export async function isEmpty(q: Kysely<Tables>): Promise<boolean> {
  return (await q.selectFrom('accounts').select('id').where('deleted_at', 'is', null).limit(1).executeTakeFirst()) === undefined
}

/** Makes sign-ups take turns until this transaction ends: what it then reads of accounts stays true. */
export async function lockSignUps(tx: Tx): Promise<void> {
  await tx.q
    .insertInto('counters')
    .values({ name: 'sign_ups', value: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ value: eb('counters.value', '+', 1) })))
    .execute()
}

export async function addAccount(tx: Tx, row: AccountsTable): Promise<void> {
  await tx.q.insertInto('accounts').values(row).execute()
}

/** Changes an account's row; the caller holds its lock. */
export async function updateAccount(tx: Tx, id: string, set: Partial<Omit<AccountsTable, 'id'>>): Promise<void> {
  await tx.q.updateTable('accounts').set(set).where('id', '=', id).execute()
}

/** Accounts in the order of their folded names, after one of them. */
export function accountsAfter(q: Kysely<Tables>, folded: string, limit: number): Promise<AccountsTable[]> {
  return q
    .selectFrom('accounts')
    .selectAll()
    .where('username_folded', '>', folded)
    .where('deleted_at', 'is', null)
    .orderBy('username_folded')
    .limit(limit)
    .execute()
}

/** What is noted of an account, the latest first; after one of them, if told. */
export function auditBefore(
  q: Kysely<Tables>,
  account: string,
  limit: number,
  from?: { readonly at: number; readonly id: string },
): Promise<AuditTable[]> {
  let query = q.selectFrom('audit').selectAll().where('account_id', '=', account)
  if (from) {
    const { at, id } = from
    query = query.where((eb) => eb.or([eb('at', '<', at), eb.and([eb('at', '=', at), eb('id', '<', id)])]))
  }
  return query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export async function addAudit(tx: Tx, row: AuditTable): Promise<void> {
  await tx.q.insertInto('audit').values(row).execute()
}
