import type { ImagePart, ImageState, PictureType, Rendition, RenditionName } from '@biologidex/core/images/image'
import type { Kysely } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { ImagesTable, Tables } from '../../db/tables.ts'

/** Ids in one query. */
const BATCH = 300

/** A picture's row as its entry's payload has it. */
export function toImagePart(row: ImagesTable): ImagePart {
  return {
    id: row.id,
    state: row.state as ImageState,
    reason: row.reason ?? undefined,
    width: row.width ?? undefined,
    height: row.height ?? undefined,
    thumbhash: row.thumbhash ?? undefined,
    alt: row.alt ?? undefined,
    position: row.position,
    original: { sha256: row.sha256, size: row.size, type: row.media_type as PictureType },
    renditions: row.renditions === null ? undefined : (JSON.parse(row.renditions) as Record<RenditionName, Rendition>),
  }
}

/** Pictures of an owner's entries but those in the bin, by entry, in order: by position, then id. Entries without any are left out. */
export async function imagesOf(
  q: Kysely<Tables>,
  owner: string,
  entryIds: readonly string[],
): Promise<Map<string, ImagePart[]>> {
  const found = new Map<string, ImagePart[]>()
  for (let at = 0; at < entryIds.length; at += BATCH) {
    const rows = await q
      .selectFrom('images')
      .selectAll()
      .where('owner_id', '=', owner)
      .where('entry_id', 'in', entryIds.slice(at, at + BATCH))
      .where('deleted_at', 'is', null)
      .orderBy('position')
      .orderBy('id')
      .execute()
    for (const row of rows) {
      const list = found.get(row.entry_id) ?? []
      list.push(toImagePart(row))
      found.set(row.entry_id, list)
    }
  }
  return found
}

/** An image, in the bin or not. */
export const findAnyImage = (q: Kysely<Tables>, owner: string, id: string): Promise<ImagesTable | undefined> =>
  q.selectFrom('images').selectAll().where('owner_id', '=', owner).where('id', '=', id).executeTakeFirst()

/** An image that is not in the bin. */
export async function findImage(q: Kysely<Tables>, owner: string, id: string): Promise<ImagesTable | undefined> {
  const image = await findAnyImage(q, owner, id)
  return image?.deleted_at === null ? image : undefined
}

/** An owner's images that announce the same bytes, whatever became of them. */
export const imagesWithChecksum = (q: Kysely<Tables>, owner: string, sha256: string): Promise<ImagesTable[]> =>
  q.selectFrom('images').selectAll().where('owner_id', '=', owner).where('sha256', '=', sha256).execute()

/** How many pictures an entry has, those in the bin apart. */
export async function countImages(q: Kysely<Tables>, owner: string, entry: string): Promise<number> {
  const { count } = await q
    .selectFrom('images')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('owner_id', '=', owner)
    .where('entry_id', '=', entry)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

export async function insertImage(tx: Tx, row: ImagesTable): Promise<void> {
  await tx.q.insertInto('images').values(row).execute()
}

export async function updateImage(
  tx: Tx,
  owner: string,
  id: string,
  set: Partial<Omit<ImagesTable, 'owner_id' | 'id'>>,
): Promise<void> {
  await tx.q.updateTable('images').set(set).where('owner_id', '=', owner).where('id', '=', id).execute()
}

/** Images in one round of emptying the bin: others write between two rounds. */
const BIN_AT_ONCE = 200

/** Some that were put into the bin before `before`, the first ones first: by the bin's index, and not through all images. */
export const imagesLongInBin = (q: Kysely<Tables>, before: number): Promise<Pick<ImagesTable, 'owner_id' | 'id'>[]> =>
  q
    .selectFrom('images')
    .select(['owner_id', 'id'])
    .where('deleted_at', '<', before)
    .orderBy('deleted_at')
    .limit(BIN_AT_ONCE)
    .execute()

/** All images of these entries, in the bin or not. */
export const imagesOfEntries = (q: Kysely<Tables>, owner: string, entries: readonly string[]): Promise<ImagesTable[]> =>
  q.selectFrom('images').selectAll().where('owner_id', '=', owner).where('entry_id', 'in', entries).execute()

export async function deleteImages(tx: Tx, owner: string, ids: readonly string[]): Promise<void> {
  await tx.q.deleteFrom('images').where('owner_id', '=', owner).where('id', 'in', ids).execute()
}
