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

export async function setOffset(tx: Tx, id: string, offset: number): Promise<void> {
  await tx.q.updateTable('uploads').set({ offset }).where('id', '=', id).execute()
}

export async function deleteUploads(tx: Tx, owner: string, image: string): Promise<void> {
  await tx.q.deleteFrom('uploads').where('owner_id', '=', owner).where('image_id', '=', image).execute()
}
