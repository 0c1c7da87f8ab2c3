import { type Place, place, sameSpot } from '@biologidex/core/entries/place'
import { LIMITS } from '@biologidex/core/limits'

/** What the fields of a place editor hold: texts, as typed. */
export interface PlaceFields {
  readonly lat: string
  readonly lon: string
  readonly name: string
}

export const EMPTY_PLACE: PlaceFields = { lat: '', lon: '', name: '' }

export const fieldsOf = (value: Place | undefined): PlaceFields =>
  value ? { lat: String(value.lat), lon: String(value.lon), name: value.name ?? '' } : EMPTY_PLACE

/** Numbers as people type them, with either decimal mark; undefined for anything else. */
function decimal(text: string): number | undefined {
  const value = text.trim().replace(',', '.').replace('−', '-')
  return /^-?\d+(\.\d*)?$/.test(value) ? Number(value) : undefined
}

/** One field of a position, when what was typed is no such number of degrees. */
export const isLatitude = (text: string): boolean => place.shape.lat.safeParse(decimal(text)).success
export const isLongitude = (text: string): boolean => place.shape.lon.safeParse(decimal(text)).success

/**
 * The place that the fields say; undefined when latitude or longitude is not one. What was measured (accuracy, altitude)
 * and the region belong to the spot they were known for, and stay only with it.
 */
export function placeOf(fields: PlaceFields, before: Place | undefined): Place | undefined {
  const spot = place.safeParse({ lat: decimal(fields.lat), lon: decimal(fields.lon) }).data
  if (!spot) return undefined
  const { name: _, ...measured } = before && sameSpot(before, spot) ? before : spot
  const name = fields.name.trim().slice(0, LIMITS.nameChars)
  return { ...measured, ...(name ? { name } : {}) }
}

/** A position as this device measured it. */
export function placeFromPosition({ latitude, longitude, accuracy, altitude }: GeolocationCoordinates): Place | undefined {
  const height = altitude === null ? undefined : Math.round(altitude)
  const measured = {
    lat: Number(latitude.toFixed(6)),
    lon: Number(longitude.toFixed(6)),
    accuracy: Math.round(accuracy),
    ...(height === undefined ? {} : { altitude: height }),
  }
  return place.safeParse(measured).data
}

/** `52.516° N, 13.378° E`, in the reader's digits and decimal mark. */
export function formatCoordinates({ lat, lon }: Place, locales: string[]): string {
  const degrees = new Intl.NumberFormat(locales, { minimumFractionDigits: 3, maximumFractionDigits: 3 })
  const half = (value: number, positive: string, negative: string) =>
    `${degrees.format(Math.abs(value))}° ${value < 0 ? negative : positive}`
  return `${half(lat, 'N', 'S')}, ${half(lon, 'E', 'W')}`
}
