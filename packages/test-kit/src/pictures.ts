import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'

/** EXIF orientations 1 to 8: how a stored picture is turned to stand upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

export interface Photo {
  /** Of the upright picture. */
  readonly width: number
  readonly height: number
  readonly orientation?: Orientation
  /** As EXIF writes it: `2026:05:17 08:30:12`. */
  readonly taken?: string
  /** Minutes of time zone are left to the offset text: `+02:00`. */
  readonly offset?: string
  /** Degrees. */
  readonly at?: { readonly lat: number; readonly lon: number }
  /** Makes other bytes of the same scene. */
  readonly seed?: number
}

/** The colours of an upright test picture's quarters: top left, top right, bottom left, bottom right. */
export const QUARTERS = [
  [220, 30, 30],
  [30, 200, 30],
  [30, 30, 220],
  [240, 240, 240],
] as const

/** Cheap noise, the same for the same seed: without it a photograph's file would be unlike one in size. */
function noise(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Pixels at a quarter of the size, three bytes each; enlarged they look like a photograph to a codec. */
function scene(width: number, height: number, seed: number): Buffer {
  const pixels = Buffer.allocUnsafe(width * height * 3)
  const next = noise(seed)
  for (let y = 0, i = 0; y < height; y += 1) {
    const row = y < height / 2 ? 0 : 2
    for (let x = 0; x < width; x += 1, i += 3) {
      const colour = QUARTERS[x < width / 2 ? row : row + 1] ?? QUARTERS[0]
      const shift = (next() - 0.5) * 40
      for (let c = 0; c < 3; c += 1) pixels[i + c] = Math.max(0, Math.min(255, (colour[c] ?? 0) + shift))
    }
  }
  return pixels
}

/** The scene upright, without any metadata. */
export function upright({ width, height, seed = 1 }: Pick<Photo, 'width' | 'height' | 'seed'>): Sharp {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const raw = { width: w, height: h, channels: 3 } as const
  return sharp(scene(w, h, seed), { raw }).resize(width, height, { fit: 'fill', kernel: 'cubic' })
}

/** Degrees to turn, and whether to mirror after that, to store an upright picture in an orientation. */
const STORED: Record<Orientation, readonly [turn: number, mirror: boolean]> = {
  1: [0, false],
  2: [0, true],
  3: [180, false],
  4: [180, true],
  5: [90, true],
  6: [270, false],
  7: [270, true],
  8: [90, false],
}

const rational = (degrees: number): string => {
  const all = Math.round(Math.abs(degrees) * 360_000)
  return `${Math.floor(all / 360_000)}/1 ${Math.floor((all % 360_000) / 6_000)}/1 ${all % 6_000}/100`
}

/** A photograph as a phone writes it: a JPEG with maker, date and place in EXIF, its pixels turned. */
export async function photograph(photo: Photo): Promise<Buffer> {
  const { orientation = 1, taken = '2026:05:17 08:30:12', offset = '+02:00', at = { lat: 52.5163, lon: 13.3777 } } = photo
  const [turn, mirror] = STORED[orientation]
  let stored = upright(photo)
  if (turn !== 0) stored = sharp(await stored.png({ compressionLevel: 0 }).toBuffer()).rotate(turn)
  if (mirror) stored = sharp(await stored.png({ compressionLevel: 0 }).toBuffer()).flop()
  return stored
    .withExif({
      IFD0: { Make: 'Fieldphone', Model: 'F1', DateTime: taken, Artist: 'A. Person' },
      IFD2: { DateTimeOriginal: taken, OffsetTimeOriginal: offset },
      IFD3: {
        GPSLatitudeRef: at.lat < 0 ? 'S' : 'N',
        GPSLatitude: rational(at.lat),
        GPSLongitudeRef: at.lon < 0 ? 'W' : 'E',
        GPSLongitude: rational(at.lon),
      },
    })
    .withMetadata({ orientation })
    .jpeg({ quality: 90 })
    .toBuffer()
}

type Size = Pick<Photo, 'width' | 'height' | 'seed'>
export const png = (size: Size): Promise<Buffer> => upright(size).png().toBuffer()
export const webp = (size: Size): Promise<Buffer> => upright(size).webp().toBuffer()
export const avif = (size: Size): Promise<Buffer> => upright(size).avif({ effort: 0 }).toBuffer()

/** Two frames: the first all of one colour, the second of another. */
export function gif(width: number, height: number, first: readonly number[], second: readonly number[]): Promise<Buffer> {
  const frame = (colour: readonly number[]) => Buffer.from(Array.from({ length: width * height }, () => colour).flat())
  const raw = { width, height: height * 2, channels: 3, pageHeight: height } as const
  return sharp(Buffer.concat([frame(first), frame(second)]), { raw })
    .gif({ delay: [100, 100] })
    .toBuffer()
}

/** A file that begins as HEIC pictures do; nothing here can decode the rest, as with a real one. */
export function heicLike(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  const next = noise(size)
  for (let i = 0; i < size; i += 1) bytes[i] = next() * 256
  bytes.writeUInt32BE(24, 0)
  bytes.write('ftypheic\0\0\0\0mif1heic', 4, 'latin1')
  return bytes
}

export const svg = (): Buffer =>
  Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')

/** A page that calls itself a picture: only its name and announced type say so. */
export const html = (size = 2_000): Buffer =>
  Buffer.from(`<!DOCTYPE html><script>alert(1)</script>${'<p>not a picture</p>'.repeat(size / 20)}`.slice(0, size))

export const tiff = (): Buffer => Buffer.concat([Buffer.from('II*\0'), Buffer.alloc(600)])

/** A real JPEG whose second half never arrived. */
export async function truncatedJpeg(size: Size): Promise<Buffer> {
  const whole = await upright(size).jpeg().toBuffer()
  return whole.subarray(0, Math.floor(whole.length / 2))
}

/** A small PNG that says it has `side` × `side` pixels. */
export async function bomb(side: number): Promise<Buffer> {
  const bytes = await upright({ width: 8, height: 8 }).png().toBuffer()
  bytes.writeUInt32BE(side, 16)
  bytes.writeUInt32BE(side, 20)
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29)
  return bytes
}
