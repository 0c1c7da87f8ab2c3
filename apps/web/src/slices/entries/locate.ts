import type { Place } from '@biologidex/core/entries/place'
import { placeFromPosition } from './places.ts'

const OPTIONS: PositionOptions = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 }

/** Where this device is, if it may say so and knows; undefined otherwise. The browser asks the person the first time. */
export function locate(): Promise<Place | undefined> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(undefined)
    const found = ({ coords }: GeolocationPosition) => resolve(placeFromPosition(coords))
    navigator.geolocation.getCurrentPosition(found, () => resolve(undefined), OPTIONS)
  })
}
