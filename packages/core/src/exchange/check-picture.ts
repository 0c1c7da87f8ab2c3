import type { PictureType } from '../images/image.ts'
import { pngSize } from '../images/png.ts'
import { SNIFF_BYTES, sniff } from '../images/sniff.ts'
import { LIMITS } from '../limits.ts'
import type { ImportCode } from './import-codes.ts'

/** A picture that can come along, or why it cannot. */
export type CheckedPicture = { readonly type: PictureType } | { readonly code: ImportCode }

/** Whether the bytes of an old picture file are a whole picture that is taken; by what they are, never by the file's name. */
export function checkPicture(bytes: Uint8Array): CheckedPicture {
  if (bytes.length > LIMITS.pictureBytes) return { code: 'picture_too_large' }
  const sniffed = sniff(bytes.subarray(0, SNIFF_BYTES))
  // Old clients kept PNGs only: bytes that begin otherwise may be one whose beginning is damaged.
  if (sniffed.kind === 'not_a_picture') return { code: 'picture_damaged' }
  if (sniffed.kind === 'refused') return { code: 'picture_refused' }
  if (sniffed.type !== 'image/png') return { type: sniffed.type }
  const size = pngSize(bytes)
  if (!size) return { code: 'picture_damaged' }
  return size.width * size.height > LIMITS.picturePixels ? { code: 'picture_too_large' } : { type: sniffed.type }
}
