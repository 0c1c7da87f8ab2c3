import { thumbHashToAverageRGBA, thumbHashToDataURL } from 'thumbhash'

const LIMIT = 400
const made = new Map<string, string | undefined>()

/** What `read` finds in a thumbhash (base64); undefined when it cannot be read. */
function readIn<T>(thumbhash: string, read: (bytes: Uint8Array) => T): T | undefined {
  try {
    return read(Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0)))
  } catch {
    // A hash from a newer version or a damaged row: the plate shows its plain ground instead.
    return undefined
  }
}

const percent = (share: number): string => `${Math.round(share * 100)}%`

/** The average colour of a thumbhash, for CSS: what can be shown in no time. */
export function groundOf(thumbhash: string): string | undefined {
  const colour = readIn(thumbhash, thumbHashToAverageRGBA)
  return colour && `rgb(${percent(colour.r)} ${percent(colour.g)} ${percent(colour.b)} / ${percent(colour.a)})`
}

/** The data URL of a thumbhash if it has been made before. */
export const madePlaceholder = (thumbhash: string): string | undefined => made.get(thumbhash)

/** Makes the data URL of a thumbhash, which takes a millisecond or two; undefined when it cannot be read. */
export function makePlaceholder(thumbhash: string): string | undefined {
  if (made.has(thumbhash)) return made.get(thumbhash)
  const url = readIn(thumbhash, thumbHashToDataURL)
  const oldest = made.keys().next()
  if (made.size >= LIMIT && !oldest.done) made.delete(oldest.value)
  made.set(thumbhash, url)
  return url
}
