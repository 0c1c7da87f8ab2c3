import { AppError, type ErrorCode } from '@biologidex/core/errors'
import type { ImagePart, PictureType, Rendition, RenditionName } from '@biologidex/core/images/image'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import type { ImagesTable } from '../../db/tables.ts'
import { republishEntries } from '../entries/entries.service.ts'
import { readable } from '../sync/sync.service.ts'
import { originalKept } from './images.rules.ts'
import { findAnyImage, updateImage } from './images.store.ts'
import { makeRenditions } from './renditions.ts'

/** Kind of the job that makes an image's renditions; its payload is JSON of `RenditionJob`. */
export const RENDITION_JOB = 'rendition'

interface RenditionJob {
  readonly owner: string
  readonly image: string
}

type Services = Pick<Context, 'jobs' | 'nudges'>

/**
 * Changes an image that is still as it was when the work began, and its entry with it; false when it is not. One that went to
 * the bin meanwhile is changed too: it may come back.
 */
async function change(tx: Tx, ctx: Pick<Context, 'nudges'>, before: ImagesTable, set: Partial<ImagesTable>): Promise<boolean> {
  const { owner_id: owner, id, sha256, state } = before
  const now = await findAnyImage(tx.q, owner, id)
  if (now?.state !== state || now.sha256 !== sha256) return false
  await updateImage(tx, owner, id, set)
  await republishEntries(tx, ctx.nudges, owner, [now.entry_id])
  return true
}

/**
 * Notes that a waiting image's bytes are kept, and has its renditions made. The caller holds the owner's lock.
 * @returns false when the image is not there any more
 */
export async function receiveImage(tx: Tx, ctx: Services, image: ImagesTable, type: PictureType): Promise<boolean> {
  if (type === 'image/heic') {
    return change(tx, ctx, image, { media_type: type, state: 'failed', reason: 'picture_format_later' satisfies ErrorCode })
  }
  if (!(await change(tx, ctx, image, { media_type: type, state: 'processing' }))) return false
  const job: RenditionJob = { owner: image.owner_id, image: image.id }
  await ctx.jobs.enqueue(tx, RENDITION_JOB, JSON.stringify(job))
  return true
}

/** Notes why a waiting image's bytes were turned away. The caller holds the owner's lock. */
export async function refuseImage(tx: Tx, ctx: Pick<Context, 'nudges'>, image: ImagesTable, reason: ErrorCode): Promise<void> {
  await change(tx, ctx, image, { state: 'failed', reason })
}

/** What becomes of an image once its original was looked at. */
export type Developed = Partial<Pick<ImagesTable, 'state' | 'reason' | 'width' | 'height' | 'thumbhash' | 'renditions'>>

/** Makes the renditions of an original: shown, or failed by its own fault. @throws whatever may be gone when it is tried again */
export async function develop(ctx: Pick<Context, 'blobs'>, sha256: string): Promise<Developed> {
  try {
    const { width, height, thumbhash, ...made } = await makeRenditions(await ctx.blobs.readAll(sha256))
    const keep = async (bytes: Uint8Array): Promise<Rendition> => ({
      sha256: await ctx.blobs.put(bytes),
      size: bytes.length,
    })
    const renditions: Record<RenditionName, Rendition> = { wall: await keep(made.wall), screen: await keep(made.screen) }
    return { state: 'ready', width, height, thumbhash, renditions: JSON.stringify(renditions) }
  } catch (error) {
    if (error instanceof AppError) return { state: 'failed', reason: error.code }
    throw error
  }
}

/** The job: makes an image's renditions and shows them on its entry. Run again, it comes to the same end. */
export async function runRenditionJob(ctx: Context, payload: string, last: boolean): Promise<void> {
  const { owner, image: id } = JSON.parse(payload) as RenditionJob
  const image = await findAnyImage(ctx.db.read, owner, id)
  if (image?.state !== 'processing') return
  const settle = (set: Partial<ImagesTable>) =>
    ctx.db.write(async (tx) => (await tx.lockOwner(owner)) && change(tx, ctx, image, set))
  try {
    await settle(await develop(ctx, image.sha256))
  } catch (error) {
    // The entry must not say for ever that its picture is being worked on.
    if (last) await settle({ state: 'failed', reason: 'internal' satisfies ErrorCode })
    throw error
  }
}

/** Shows many images at once whose originals are kept and developed already. The caller holds the owner's lock. */
export async function showImages(
  tx: Tx,
  ctx: Pick<Context, 'nudges'>,
  owner: string,
  developed: ReadonlyMap<string, Developed>,
): Promise<void> {
  const entries = new Set<string>()
  for (const [id, set] of developed) {
    const image = await findAnyImage(tx.q, owner, id)
    if (!image) continue
    await updateImage(tx, owner, id, set)
    entries.add(image.entry_id)
  }
  await republishEntries(tx, ctx.nudges, owner, [...entries])
}

/** Which picture is asked for. */
export interface PictureAddress {
  readonly dex: string
  readonly entry: string
  readonly image: string
  readonly rendition: RenditionName | 'original'
}

/** A picture that the viewer may have. */
export interface Picture {
  readonly sha256: string
  readonly size: number
  readonly type: string
}

function offered(part: ImagePart, rendition: PictureAddress['rendition']): { sha256: string; type: string } | undefined {
  if (rendition === 'original') return part.original && originalKept(part) ? part.original : undefined
  const made = part.renditions?.[rendition]
  return made && { sha256: made.sha256, type: 'image/webp' }
}

interface Shown {
  readonly images?: readonly ImagePart[]
}

/** The pictures of an entry in the viewer's own feed of that dex; its owner has those of deleted ones too (O5). */
async function imagesShown(ctx: Context, viewer: string, { dex, entry }: PictureAddress): Promise<readonly ImagePart[]> {
  const payload = await readable(ctx, viewer, dex, `entry/${entry}`)
  if (payload !== undefined) return (JSON.parse(payload) as Shown).images ?? []
  const deleted = await readable(ctx, viewer, dex, `trash/${entry}`)
  return deleted === undefined ? [] : ((JSON.parse(deleted) as { entry: Shown }).entry.images ?? [])
}

/**
 * Finds a picture by the row in the viewer's own feed, anew on each request (I3).
 * @throws AppError `not_found`, alike for what is not there and what is not theirs
 */
export async function findPicture(ctx: Context, viewer: string, at: PictureAddress): Promise<Picture> {
  const images = await imagesShown(ctx, viewer, at)
  const part = images.find((image) => image.id === at.image)
  const found = part && offered(part, at.rendition)
  const size = found && (await ctx.blobs.size(found.sha256))
  if (!found || size === undefined) throw new AppError('not_found')
  return { ...found, size }
}
