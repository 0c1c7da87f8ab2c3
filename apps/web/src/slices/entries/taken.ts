import type { Observed } from '@biologidex/core/entries/observed'
import type { Exif } from '../images/exif.ts'
import type { PhotoSource } from '../images/shots-state.ts'

const FRESH_MS = 10 * 60 * 1000
const two = (value: number): string => String(value).padStart(2, '0')

/** A moment as this device's clock and time zone show it, to the minute. */
export function observedNow(now: Date): Observed {
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  const zone = -now.getTimezoneOffset()
  return { at: `${day}T${two(now.getHours())}:${two(now.getMinutes())}`, zone: zone === 0 ? 0 : zone }
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= FRESH_MS

/**
 * True when the photo was taken just now, so that this device's clock and position are the photo's too. A photo's own
 * date decides; without one, a picture straight from the camera whose file is as new. (On a desktop "camera" opens the
 * file chooser, and a picture from the library may be years old whatever its file's date says.)
 */
export function takenJustNow(exif: Exif, source: PhotoSource, modified: number, now: Date): boolean {
  if (exif.observed) return near(new Date(exif.observed.at).getTime(), now.getTime())
  return source === 'camera' && near(modified, now.getTime())
}
