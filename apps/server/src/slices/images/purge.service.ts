import type { Rendition } from '@biologidex/core/images/image'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import type { ImagesTable } from '../../db/tables.ts'
import { dropDrafts } from './drafts.service.ts'
import { markGarbage } from './garbage.store.ts'
import { BIN_MS } from './images.mutations.ts'
import { deleteImages, findAnyImage, imagesLongInBin, imagesOfEntries } from './images.store.ts'
import { deleteUploads } from './uploads.store.ts'

function checksumsOf({ sha256, renditions }: ImagesTable): string[] {
  const made = Object.values(JSON.parse(renditions ?? '{}') as Record<string, Rendition>)
  return [sha256, ...made.map((one) => one.sha256)]
}

async function purge(
  tx: Tx,
  ctx: Pick<Context, 'blobs' | 'log'>,
  owner: string,
  images: readonly ImagesTable[],
): Promise<void> {
  if (images.length === 0) return
  const ids = images.map(({ id }) => id)
  dropDrafts(tx, ctx, await deleteUploads(tx, owner, ...ids))
  await markGarbage(tx, images.flatMap(checksumsOf))
  await deleteImages(tx, owner, ids)
}

/**
 * Forgets all pictures of entries that are gone for good, with what has arrived of them; their bytes are collected 24 hours later
 * unless something else refers to them (I5). The caller holds the owner's lock.
 */
export async function purgeImages(
  tx: Tx,
  ctx: Pick<Context, 'blobs' | 'log'>,
  owner: string,
  entries: readonly string[],
): Promise<void> {
  if (entries.length > 0) await purge(tx, ctx, owner, await imagesOfEntries(tx.q, owner, entries))
}

/** Forgets an owner's images among these that are still in the bin past their time, whatever came between. */
function purgeFromBin(ctx: Context, owner: string, ids: readonly string[]): Promise<number> {
  return ctx.db.write(async (tx) => {
    if (!(await tx.lockOwner(owner))) return 0
    const before = (await tx.now()) - BIN_MS
    const images = await Promise.all(ids.map((id) => findAnyImage(tx.q, owner, id)))
    const over = images.filter((image) => image !== undefined && image.deleted_at !== null && image.deleted_at < before)
    await purge(tx, ctx, owner, over as ImagesTable[])
    return over.length
  })
}

/** Empties the bin of what has been in it for longer than it can come back; answers how many pictures that were. */
export async function emptyBin(ctx: Context): Promise<number> {
  let emptied = 0
  for (;;) {
    const before = (await ctx.db.write((tx) => tx.now())) - BIN_MS
    const rows = await imagesLongInBin(ctx.db.read, before)
    let gone = 0
    for (const [owner, images] of Map.groupBy(rows, (row) => row.owner_id)) {
      gone += await purgeFromBin(
        ctx,
        owner,
        images.map(({ id }) => id),
      )
    }
    emptied += gone
    if (gone === 0) return emptied
  }
}
