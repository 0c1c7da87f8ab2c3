/** Table for CRC-32 as PNG and zip use it. */
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

/** CRC-32 of bytes. @param before that of the bytes before these */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  for (let i = 0; i < bytes.length; i += 1) crc = (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8)
  return ~crc >>> 0
}

const HEADER = 0x49484452
const DATA = 0x49444154
const END = 0x49454e44

/**
 * Size of a PNG in pixels; undefined when any part of it is missing or not what was written. Pixels are not decoded: each chunk has a
 * checksum, which what was cut or changed does not fit.
 */
export function pngSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let [width, height, hasData] = [0, 0, false]
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const type = view.getUint32(at + 4)
    const end = at + 8 + length
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) return undefined
    if (at === 8) {
      if (type !== HEADER || length !== 13) return undefined
      width = view.getUint32(at + 8)
      height = view.getUint32(at + 12)
    }
    hasData ||= type === DATA
    if (type === END) return hasData && width > 0 && height > 0 ? { width, height } : undefined
    at = end + 4
  }
  return undefined
}
