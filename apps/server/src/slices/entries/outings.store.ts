import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { OutingsTable, Tables } from '../../db/tables.ts'

/** An outing of the owner's, a deleted one included. */
export const outingById = (q: Kysely<Tables>, owner: string, id: string): Promise<OutingsTable | undefined> =>
  q.selectFrom('outings').selectAll().where('owner_id', '=', owner).where('id', '=', id).executeTakeFirst()

export async function insertOuting(tx: Tx, row: OutingsTable): Promise<void> {
  await tx.q.insertInto('outings').values(row).execute()
}

export async function updateOuting(tx: Tx, { owner_id, id, created_at: _fixed, ...set }: OutingsTable): Promise<void> {
  await tx.q.updateTable('outings').set(set).where('owner_id', '=', owner_id).where('id', '=', id).execute()
}
