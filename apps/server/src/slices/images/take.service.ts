import { createHash } from 'node:crypto'
import { AppError } from '@biologidex/core/errors'
import type { PictureType } from '@biologidex/core/images/image'
import { SNIFF_BYTES } from '@biologidex/core/images/sniff'
import { LIMITS } from '@biologidex/core/limits'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { receiveImage } from './images.service.ts'
import { findImage } from './images.store.ts'
import { typeOf } from './uploads.bytes.ts'

/** A whole picture that came in one piece, kept by its checksum, on no entry yet. */
export interface WholePicture {
  readonly sha256: string
  readonly size: number
  readonly mediaType: PictureType
}

/**
 * Judges and keeps a picture that came in one piece.
 * @throws AppError not_a_picture, picture_type_refused, picture_too_large, picture_format_later
 */
export async function keepWhole(ctx: Pick<Context, 'blobs'>, bytes: Uint8Array): Promise<WholePicture> {
  if (bytes.length > LIMITS.pictureBytes) throw new AppError('picture_too_large')
  const mediaType = typeOf(bytes.subarray(0, SNIFF_BYTES))
  if (mediaType === 'image/heic') throw new AppError('picture_format_later')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await ctx.blobs.put(bytes)
  return { sha256, size: bytes.length, mediaType }
}

/** Says that the bytes of an announced image are here, and has its renditions made. The caller holds the owner's lock. */
export async function receiveWhole(
  tx: Tx,
  ctx: Pick<Context, 'jobs' | 'nudges'>,
  owner: string,
  id: string,
  picture: WholePicture,
): Promise<void> {
  const image = await findImage(tx.q, owner, id)
  if (!image || !(await receiveImage(tx, ctx, image, picture.mediaType))) throw new AppError('missing_target')
}
