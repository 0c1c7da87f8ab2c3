import { thumbHashToDataURL } from 'thumbhash'

const LIMIT = 400
const made = new Map<string, string | undefined>()

function decode(thumbhash: string): string | undefined {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0)))
  } catch {
    // A hash from a newer version or a damaged row: the plate shows its plain ground instead.
    return undefined
  }
}

/** The data URL of a thumbhash (base64), made once; undefined when there is none or it cannot be read. */
export function placeholder(thumbhash: string | undefined): string | undefined {
  if (!thumbhash) return undefined
  if (made.has(thumbhash)) return made.get(thumbhash)
  const url = decode(thumbhash)
  const oldest = made.keys().next()
  if (made.size >= LIMIT && !oldest.done) made.delete(oldest.value)
  made.set(thumbhash, url)
  return url
}
