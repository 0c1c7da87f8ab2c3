import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { EntriesTable, Tables } from '../../db/tables.ts'

/** Entries in one round of a purge. */
const AT_ONCE = 200

/** Some entries that were deleted before `before`; an owner's together. */
export const deletedBefore = (q: Kysely<Tables>, before: number): Promise<Pick<EntriesTable, 'owner_id' | 'id'>[]> =>
  q
    .selectFrom('entries')
    .select(['owner_id', 'id'])
    .where('deleted_at', '<', before)
    .orderBy('deleted_at')
    .orderBy('owner_id')
    .limit(AT_ONCE)
    .execute()

/** Some of an owner's entries, deleted ones included. */
export const someEntries = (
  q: Kysely<Tables>,
  owner: string,
  limit: number,
): Promise<Pick<EntriesTable, 'id' | 'animal_id' | 'visibility'>[]> =>
  q.selectFrom('entries').select(['id', 'animal_id', 'visibility']).where('owner_id', '=', owner).limit(limit).execute()

/** Removes what an owner without entries has left of them. */
export async function deleteRest(tx: Tx, owner: string): Promise<void> {
  for (const table of ['conflicts', 'revisions', 'outings'] as const) {
    await tx.q.deleteFrom(table).where('owner_id', '=', owner).execute()
  }
}

/** Removes entries with their history and clashes, for good. */
export async function deleteEntries(tx: Tx, owner: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  for (const table of ['conflicts', 'revisions'] as const) {
    await tx.q.deleteFrom(table).where('owner_id', '=', owner).where('entry_id', 'in', ids).execute()
  }
  await tx.q.deleteFrom('entries').where('owner_id', '=', owner).where('id', 'in', ids).execute()
}
