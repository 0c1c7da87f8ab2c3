import { AppError } from '@biologidex/core/errors'
import { SNIFF_BYTES, sniff } from '@biologidex/core/images/sniff'
import { LIMITS } from '@biologidex/core/limits'
import sharp from 'sharp'

/** Side of a profile's picture, in pixels. */
export const AVATAR_SIDE = 256
/** Seconds after which a picture that was made to keep the server busy is given up. */
const LONGEST_DECODE = 30

function checkKind(bytes: Uint8Array): void {
  const found = sniff(bytes.subarray(0, SNIFF_BYTES))
  if (found.kind === 'not_a_picture') throw new AppError('not_a_picture')
  if (found.kind === 'refused') throw new AppError('picture_type_refused', { what: found.what })
  if (found.type !== 'image/heic') return
  const words = 'HEIC pictures cannot be shown yet. Choose a JPEG, PNG, WebP, AVIF or GIF.'
  throw new AppError('picture_type_refused', { what: 'HEIC' }, words)
}

/**
 * What is kept of a profile's picture: its middle as a square, upright, WebP, made from pixels alone, so that nothing else of the
 * file can pass (I6). The work is done on sharp's threads.
 * @throws AppError not_a_picture, picture_type_refused, picture_too_many_pixels, picture_damaged
 */
export async function makeAvatar(original: Uint8Array): Promise<Uint8Array> {
  checkKind(original)
  const image = sharp(original, { limitInputPixels: LIMITS.picturePixels, failOn: 'error' })
  try {
    const { data, info } = await image
      .timeout({ seconds: LONGEST_DECODE })
      .autoOrient()
      .resize(AVATAR_SIDE, AVATAR_SIDE, { fit: 'cover' })
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { width, height, channels } = info
    return await sharp(data, { raw: { width, height, channels } }).webp({ quality: 82 }).toBuffer()
  } catch (error) {
    const words = error instanceof Error ? error.message : ''
    if (/exceeds pixel limit/i.test(words)) throw new AppError('picture_too_many_pixels')
    if (/out of memory|unable to allocate|cannot allocate/i.test(words)) throw error
    throw new AppError('picture_damaged', undefined, 'The picture is damaged and cannot be shown. Choose another.')
  }
}
