import { AppError } from '@biologidex/core/errors'
import { SNIFF_BYTES } from '@biologidex/core/images/sniff'
import { LIMITS } from '@biologidex/core/limits'
import type { V1Transformations } from '@biologidex/core/v1/inputs'
import sharp from 'sharp'
import type { Context } from '../../context.ts'
import { originalKept } from './images.rules.ts'
import { findImage } from './images.store.ts'
import { typeOf } from './uploads.bytes.ts'

/** Longest side of a PNG, in pixels. */
export const PNG_SIDE = 2560
/** Seconds after which a picture that was made to keep the server busy is given up. */
const LONGEST_DECODE = 120

export interface Png {
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
  /** What the picture was: `jpeg`, `webp` … */
  readonly from: string
}

const isBusy = (words: string): boolean => /out of memory|unable to allocate|cannot allocate/i.test(words)

async function drawn(original: Uint8Array, { rotation, crop }: V1Transformations): Promise<Omit<Png, 'from'>> {
  const options = { limitInputPixels: LIMITS.picturePixels, failOn: 'error' } as const
  let image = sharp(original, options).timeout({ seconds: LONGEST_DECODE }).autoOrient()
  if (rotation || crop) {
    const turned = await image
      .rotate(rotation ?? 0)
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { width, height, channels } = turned.info
    image = sharp(turned.data, { raw: { width, height, channels } })
    if (crop) {
      const [left, top] = [Math.floor(Math.min(crop.x, width - 1)), Math.floor(Math.min(crop.y, height - 1))]
      const fitted = (size: number, most: number) => Math.max(1, Math.min(Math.round(size), most))
      image = image.extract({ left, top, width: fitted(crop.width, width - left), height: fitted(crop.height, height - top) })
    }
  }
  const { data, info } = await image
    .resize(PNG_SIDE, PNG_SIDE, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const bytes = await sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 6 }).toBuffer()
  return { bytes, width, height }
}

/**
 * A picture as PNG: upright, its longest side at most 2560, white behind transparency, made from pixels alone, so that nothing
 * else of the file can pass (I6). The work is done on sharp's threads.
 * @throws AppError not_a_picture, picture_type_refused, picture_format_later, picture_too_many_pixels, picture_damaged
 */
export async function toPng(original: Uint8Array, change: V1Transformations = {}): Promise<Png> {
  const type = typeOf(original.subarray(0, SNIFF_BYTES))
  if (type === 'image/heic') throw new AppError('picture_format_later')
  try {
    return { ...(await drawn(original, change)), from: type.slice('image/'.length) }
  } catch (error) {
    const words = error instanceof Error ? error.message : ''
    if (/exceeds pixel limit/i.test(words)) throw new AppError('picture_too_many_pixels')
    if (isBusy(words)) throw error
    throw new AppError('picture_damaged')
  }
}

/** The bytes of an image as its owner sent them; undefined when it is gone, or they are not here. */
export async function originalOf(
  ctx: Pick<Context, 'db' | 'blobs'>,
  owner: string,
  id: string,
): Promise<Uint8Array | undefined> {
  const image = await findImage(ctx.db.read, owner, id)
  if (!image || !originalKept(image) || !(await ctx.blobs.has(image.sha256))) return undefined
  return ctx.blobs.readAll(image.sha256)
}
