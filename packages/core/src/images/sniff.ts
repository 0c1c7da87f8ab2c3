import type { PictureType } from './image.ts'

/** How many leading bytes `sniff` wants to see; fewer are judged as they are. */
export const SNIFF_BYTES = 512

export type Sniffed =
  | { readonly kind: 'picture'; readonly type: PictureType }
  /** A kind of picture that is not taken, with its name: SVG, TIFF, BMP … */
  | { readonly kind: 'refused'; readonly what: string }
  | { readonly kind: 'not_a_picture' }

const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))
const HEIC_BRANDS = new Set(['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'])

/**
 * What a file is by its first bytes, never by its name or announced type (a page or script in disguise must not pass).
 * Signatures: JPEG FF D8 FF; PNG; GIF87a/89a; RIFF….WEBP; ISO base media `ftyp` with AVIF or HEIF brands.
 */
export function sniff(bytes: Uint8Array): Sniffed {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return { kind: 'picture', type: 'image/jpeg' }
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return { kind: 'picture', type: 'image/png' }
  if (/^GIF8[79]a/.test(ascii(bytes, 0, 6))) return { kind: 'picture', type: 'image/gif' }
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return { kind: 'picture', type: 'image/webp' }
  if (ascii(bytes, 4, 8) === 'ftyp') {
    const brands = ascii(bytes, 8, 64).match(/.{4}/gs) ?? []
    if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return { kind: 'picture', type: 'image/avif' }
    if (brands.some((brand) => HEIC_BRANDS.has(brand))) return { kind: 'picture', type: 'image/heic' }
    return { kind: 'not_a_picture' }
  }
  if (/^(II\*\0|MM\0\*)/.test(ascii(bytes, 0, 4))) return { kind: 'refused', what: 'TIFF' }
  if (ascii(bytes, 0, 2) === 'BM') return { kind: 'refused', what: 'BMP' }
  const text = ascii(bytes, 0, SNIFF_BYTES)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase()
  if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return { kind: 'refused', what: 'SVG' }
  return { kind: 'not_a_picture' }
}
