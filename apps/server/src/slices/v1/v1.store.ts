import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { Tables, V1ConversionsTable, V1JobsTable, V1PicturesTable } from '../../db/tables.ts'

/** Notes a PNG, for every feed of its owner that holds the entry. The caller holds the owner's lock. */
export async function putPicture(tx: Tx, row: V1PicturesTable): Promise<void> {
  const { sha256, size, entry_id } = row
  // That none can be made is nothing new for those who read the entry.
  const made_at = sha256 === null ? 0 : row.made_at
  await tx.q
    .insertInto('v1_pictures')
    .values({ ...row, made_at })
    .onConflict((conflict) => conflict.columns(['owner_id', 'image_id']).doUpdateSet({ sha256, size, made_at, entry_id }))
    .execute()
  if (sha256 === null) return
  const holds = tx.q
    .selectFrom('feed_items as i')
    .innerJoin('feeds as f', 'f.id', 'i.feed_id')
    .select('f.id')
    .where('f.owner_id', '=', row.owner_id)
    .where('i.item', '=', `entry/${entry_id}`)
    .where('i.payload', 'is not', null)
  await tx.q.updateTable('feeds').set({ pictured_at: made_at }).where('id', 'in', holds).execute()
}

/** Whether an account is signed in anywhere: addresses of pictures are dead without. */
export async function isSignedIn(q: Kysely<Tables>, account: string): Promise<boolean> {
  const row = await q.selectFrom('sessions').select('id').where('account_id', '=', account).limit(1).executeTakeFirst()
  return row !== undefined
}

export async function addConversion(tx: Tx, row: V1ConversionsTable): Promise<void> {
  await tx.q.insertInto('v1_conversions').values(row).execute()
}

export const conversionById = (q: Kysely<Tables>, id: string): Promise<V1ConversionsTable | undefined> =>
  q.selectFrom('v1_conversions').selectAll().where('id', '=', id).executeTakeFirst()

export async function addJob(tx: Tx, row: V1JobsTable): Promise<void> {
  await tx.q.insertInto('v1_jobs').values(row).execute()
}

export const jobById = (q: Kysely<Tables>, owner: string, id: string): Promise<V1JobsTable | undefined> =>
  q.selectFrom('v1_jobs').selectAll().where('owner_id', '=', owner).where('id', '=', id).executeTakeFirst()

export const jobsOf = (q: Kysely<Tables>, owner: string, offset: number, limit: number): Promise<V1JobsTable[]> =>
  q
    .selectFrom('v1_jobs')
    .selectAll()
    .where('owner_id', '=', owner)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .offset(offset)
    .limit(limit)
    .execute()

export async function countJobs(q: Kysely<Tables>, owner: string): Promise<number> {
  const rows = q.selectFrom('v1_jobs').select((eb) => eb.fn.countAll<number>().as('rows'))
  return (await rows.where('owner_id', '=', owner).executeTakeFirstOrThrow()).rows
}

export async function noteRetry(tx: Tx, owner: string, id: string): Promise<void> {
  await tx.q
    .updateTable('v1_jobs')
    .set((eb) => ({ retries: eb('retries', '+', 1) }))
    .where('owner_id', '=', owner)
    .where('id', '=', id)
    .execute()
}

/** Forgets conversions and jobs of before. Their bytes are collected when nothing else names them (I5). */
export async function forgetBefore(tx: Tx, conversions: number, jobs: number): Promise<void> {
  await tx.q.deleteFrom('v1_conversions').where('expires_at', '<', conversions).execute()
  await tx.q.deleteFrom('v1_jobs').where('created_at', '<', jobs).execute()
}

/** Notes what an account calls an animal: its next entries of it are called so. */
export async function putName(tx: Tx, account: string, animal: string, name: string): Promise<void> {
  await tx.q
    .insertInto('v1_names')
    .values({ account_id: account, animal_id: animal, name })
    .onConflict((conflict) => conflict.columns(['account_id', 'animal_id']).doUpdateSet({ name }))
    .execute()
}

/** What an account called an animal when it looked it up, if anything. */
export const calledBy = (
  q: Kysely<Tables>,
  account: string,
  animal: string,
): Promise<{ name: string; scientificName: string } | undefined> =>
  q
    .selectFrom('v1_names as n')
    .innerJoin('animals as a', 'a.id', 'n.animal_id')
    .select(['n.name', 'a.scientific_name as scientificName'])
    .where('n.account_id', '=', account)
    .where('n.animal_id', '=', animal)
    .executeTakeFirst()
