import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { ImagesTable, Tables, UploadsTable } from '../../db/tables.ts'

/** The upload of an image; its id names the draft. */
export const findUpload = (q: Kysely<Tables>, owner: string, image: string): Promise<UploadsTable | undefined> =>
  q.selectFrom('uploads').selectAll().where('owner_id', '=', owner).where('image_id', '=', image).executeTakeFirst()

export async function insertUpload(tx: Tx, image: ImagesTable): Promise<void> {
  const { owner_id, id: image_id, size } = image
  await tx.q
    .insertInto('uploads')
    .values({ id: randomUUID(), owner_id, image_id, size, offset: 0, created_at: await tx.now() })
    .execute()
}

/** Notes how much is durable; false when the upload was ended meanwhile. */
export async function setOffset(tx: Tx, id: string, offset: number): Promise<boolean> {
  const { numUpdatedRows } = await tx.q.updateTable('uploads').set({ offset }).where('id', '=', id).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Ends the uploads of images; answers their ids, which name drafts. */
export async function deleteUploads(tx: Tx, owner: string, ...images: readonly string[]): Promise<string[]> {
  const gone = await tx.q
    .deleteFrom('uploads')
    .where('owner_id', '=', owner)
    .where('image_id', 'in', images)
    .returning('id')
    .execute()
  return gone.map(({ id }) => id)
}

/** Those among these ids that name an upload. */
export async function uploadsAmong(q: Kysely<Tables>, ids: readonly string[]): Promise<Set<string>> {
  const found = await q.selectFrom('uploads').select('id').where('id', 'in', ids).execute()
  return new Set(found.map(({ id }) => id))
}
