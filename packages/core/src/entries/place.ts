import { z } from 'zod'
import { LIMITS } from '../limits.ts'

/** A place: WGS 84 degrees, accuracy and altitude in metres, names as people say them (`region` is the coarse one). */
export const place = z.object({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  accuracy: z.number().min(0).max(50_000_000).optional(),
  altitude: z.number().min(-12_000).max(100_000).optional(),
  name: z.string().max(LIMITS.nameChars).optional(),
  region: z.string().max(LIMITS.nameChars).optional(),
})
export type Place = z.infer<typeof place>

/** How finely a place is shown, from fine to coarse. */
export const PRECISIONS = ['exact', 'area', 'hidden'] as const
export type PlacePrecision = (typeof PRECISIONS)[number]

/** True when `a` shows less than `b`. */
export const isCoarser = (a: PlacePrecision, b: PlacePrecision): boolean => PRECISIONS.indexOf(a) > PRECISIONS.indexOf(b)

/** Of two precisions the one that shows less. */
export const coarser = (a: PlacePrecision, b: PlacePrecision): PlacePrecision => (isCoarser(b, a) ? b : a)

/** Side of the grid cell that an area is, in degrees (privacy: Location). */
const CELL = 0.2
const METRES_PER_DEGREE = 111_320

export interface AreaPoint {
  readonly lat: number
  readonly lon: number
}

/** Index of the cell that holds a coordinate. Scaled to whole tenths first: 0.6 / 0.2 is not 3 in binary. */
const cellOf = (degrees: number): number => Math.floor((degrees * 10) / (CELL * 10) + 1e-9)

/**
 * A random point in the cell of a true place, to four decimals. It is drawn once for a true place and stored: drawing
 * again for the same place would let an observer average the truth out.
 * @param random two draws from [0, 1)
 */
export function drawArea(truth: Place, random: () => number): AreaPoint {
  const draw = (degrees: number, limit: number) => {
    const low = Math.min(cellOf(degrees) * CELL, limit - CELL)
    return Math.round((low + random() * CELL) * 10_000) / 10_000
  }
  return { lat: draw(truth.lat, 90), lon: draw(truth.lon, 180) }
}

/** The place as an area: its stored point, with the diagonal of the cell as accuracy; the region's name only. */
export function asArea(point: AreaPoint, truth: Place): Place {
  const height = CELL * METRES_PER_DEGREE
  const width = height * Math.cos((point.lat * Math.PI) / 180)
  const accuracy = Math.round(Math.hypot(height, width))
  return { lat: point.lat, lon: point.lon, accuracy, ...(truth.region ? { region: truth.region } : {}) }
}

/** True when both are the same spot: names and accuracy may change without drawing the area anew. */
export const sameSpot = (a: Place | null | undefined, b: Place | null | undefined): boolean =>
  a?.lat === b?.lat && a?.lon === b?.lon
