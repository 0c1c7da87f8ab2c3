import { webHasher } from '@biologidex/client/adapters/system'
import { AppError } from '@biologidex/core/errors'
import type { PictureType } from '@biologidex/core/images/image'
import { SNIFF_BYTES, sniff } from '@biologidex/core/images/sniff'
import { LIMITS } from '@biologidex/core/limits'
import { type Exif, readExif } from './exif.ts'

/** A photo as it was taken: its bytes untouched, what they are, and what they say of date and place. */
export interface PhotoRead extends Exif {
  readonly bytes: Uint8Array
  readonly type: PictureType
  readonly sha256: string
}

/**
 * Decides by size and first bytes whether a file is kept; name and announced type are not believed.
 * @throws AppError picture_too_large, picture_type_refused (SVG, TIFF, BMP) or not_a_picture
 */
export function pictureTypeOf(head: Uint8Array, size: number): PictureType {
  if (size > LIMITS.pictureBytes) throw new AppError('picture_too_large')
  const sniffed = sniff(head)
  if (sniffed.kind === 'refused') throw new AppError('picture_type_refused', { what: sniffed.what })
  if (sniffed.kind === 'not_a_picture') throw new AppError('not_a_picture')
  return sniffed.type
}

/**
 * Reads a chosen file whole, once its first bytes say that it is kept.
 * @throws AppError as `pictureTypeOf`
 */
export async function readPhoto(file: Blob): Promise<PhotoRead> {
  const head = new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer())
  const type = pictureTypeOf(head, file.size)
  const bytes = new Uint8Array(await file.arrayBuffer())
  const [sha256, exif] = await Promise.all([webHasher().sha256(bytes), readExif(bytes)])
  return { bytes, type, sha256, ...exif }
}
