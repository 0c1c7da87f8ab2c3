import { type Observed, observed } from '@biologidex/core/entries/observed'
import { type Place, place } from '@biologidex/core/entries/place'

/** What a photo says of when and where it was taken; each is absent where the photo is silent or not to be believed. */
export interface Exif {
  readonly observed?: Observed
  readonly place?: Place
}

type Tags = Readonly<Record<string, unknown>>

/** Values as they are written: what they mean is for the functions below to say. */
const OPTIONS = {
  exif: ['DateTimeOriginal', 'OffsetTimeOriginal'],
  gps: [
    'GPSLatitude',
    'GPSLatitudeRef',
    'GPSLongitude',
    'GPSLongitudeRef',
    'GPSAltitude',
    'GPSAltitudeRef',
    'GPSHPositioningError',
  ],
  reviveValues: false,
  translateValues: false,
}

/** Headers of a TIFF block, as EXIF begins: byte order, 42, and the first directory right behind. */
const HEADERS = [
  [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0],
  [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8],
] as const

/** The longest EXIF that one segment of a JPEG holds. */
const SEGMENT = 0xffff - 8

function findHeader(bytes: Uint8Array, header: readonly number[]): number {
  const first = header[0] ?? 0
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (header.every((byte, i) => bytes[at + i] === byte)) return at
  }
  return -1
}

/**
 * The bytes from which EXIF can be read. PNG, WebP, AVIF and HEIC each wrap the block in their own way, some writers in
 * ways that readers stumble over; the block's eight first bytes are telling enough to look for them, and a JPEG's frame
 * around it is one that every reader knows.
 */
function readable(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return bytes
  const at = Math.min(...HEADERS.map((header) => findHeader(bytes, header)).filter((found) => found !== -1))
  if (at === Number.POSITIVE_INFINITY) return undefined
  const block = bytes.subarray(at, at + SEGMENT)
  const size = block.length + 8
  const frame = [0xff, 0xd8, 0xff, 0xe1, size >> 8, size & 0xff, 0x45, 0x78, 0x69, 0x66, 0, 0]
  return new Uint8Array([...frame, ...block, 0xff, 0xd9])
}

const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

/** `2026:09:14 07:10:31` and `-08:00`, as EXIF writes them. */
export function observedFrom(tags: Tags): Observed | undefined {
  const taken = tags.DateTimeOriginal
  const match = typeof taken === 'string' ? /^(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d)/.exec(taken) : null
  if (!match || match[1] === '0000') return undefined
  const [, year, month, day, hour, minute] = match
  const at = `${year}-${month}-${day}T${hour}:${minute}`
  const zone = zoneFrom(tags.OffsetTimeOriginal)
  return observed.safeParse({ at, ...(zone === undefined ? {} : { zone }) }).data ?? observed.safeParse({ at }).data
}

function zoneFrom(offset: unknown): number | undefined {
  const match = typeof offset === 'string' ? /^([+-])(\d\d):(\d\d)/.exec(offset) : null
  if (!match) return undefined
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' && minutes > 0 ? -minutes : minutes
}

/** Degrees, minutes and seconds with the letter of their half. */
function degrees(parts: unknown, ref: unknown, negative: string): number | undefined {
  if (!Array.isArray(parts) || typeof ref !== 'string') return undefined
  const [d, m, s] = [number(parts[0]), number(parts[1]) ?? 0, number(parts[2]) ?? 0]
  if (d === undefined || d < 0 || m < 0 || s < 0) return undefined
  return rounded((d + m / 60 + s / 3600) * (ref.trim().toUpperCase() === negative ? -1 : 1), 6)
}

function altitudeFrom(tags: Tags): number | undefined {
  const metres = number(tags.GPSAltitude)
  const ref = tags.GPSAltitudeRef
  const below = ref === 1 || (ref instanceof Uint8Array && ref[0] === 1)
  return metres === undefined ? undefined : rounded(below ? -metres : metres, 1)
}

/** Position, with accuracy and altitude in metres where they make sense. A camera without a fix writes 0, 0: no place. */
export function placeFrom(tags: Tags): Place | undefined {
  const lat = degrees(tags.GPSLatitude, tags.GPSLatitudeRef, 'S')
  const lon = degrees(tags.GPSLongitude, tags.GPSLongitudeRef, 'W')
  const spot = place.safeParse({ lat, lon }).data
  if (!spot || (spot.lat === 0 && spot.lon === 0)) return undefined
  const error = number(tags.GPSHPositioningError)
  const accuracy = place.shape.accuracy.safeParse(error === undefined ? undefined : rounded(error, 1)).data
  const altitude = place.shape.altitude.safeParse(altitudeFrom(tags)).data
  return { ...spot, ...(accuracy === undefined ? {} : { accuracy }), ...(altitude === undefined ? {} : { altitude }) }
}

/** Reads date and place from a photo of any kept type. Never fails: EXIF that cannot be read says nothing. */
export async function readExif(bytes: Uint8Array): Promise<Exif> {
  const source = readable(bytes)
  if (!source) return {}
  const { parse } = await import('exifr/dist/lite.esm.mjs')
  const tags = await parse(source, OPTIONS).catch(() => undefined)
  if (!tags) return {}
  const when = observedFrom(tags)
  const where = placeFrom(tags)
  return { ...(when ? { observed: when } : {}), ...(where ? { place: where } : {}) }
}
