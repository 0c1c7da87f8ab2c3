import type { Role } from '@biologidex/core/accounts/account'
import type { Kysely } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import type { PersonRow } from './friends.store.ts'

/** An account's role; undefined when it is not there. */
async function roleOf(q: Kysely<Tables>, account: string): Promise<Role | undefined> {
  const row = q.selectFrom('accounts').select('role').where('id', '=', account).where('deleted_at', 'is', null)
  return (await row.executeTakeFirst())?.role as Role | undefined
}

const managed = (q: Kysely<Tables>) =>
  q
    .selectFrom('accounts')
    .select(['id', 'username', 'display_name', 'avatar'])
    .where('role', '=', 'managed')
    .where('deleted_at', 'is', null)

/** Managed accounts that an account decides for: as their guardian or, where they have none any more, as an admin. */
export async function wardsOf(q: Kysely<Tables>, account: string): Promise<PersonRow[]> {
  const own = await managed(q).where('guardian_id', '=', account).orderBy('username_folded').execute()
  if ((await roleOf(q, account)) !== 'admin') return own
  return [...own, ...(await managed(q).where('guardian_id', 'is', null).orderBy('username_folded').execute())]
}

export async function mayDecideFor(q: Kysely<Tables>, account: string, ward: string): Promise<boolean> {
  const row = await q
    .selectFrom('accounts')
    .select(['guardian_id'])
    .where('id', '=', ward)
    .where('role', '=', 'managed')
    .executeTakeFirst()
  if (!row) return false
  return row.guardian_id === account || (row.guardian_id === null && (await roleOf(q, account)) === 'admin')
}
