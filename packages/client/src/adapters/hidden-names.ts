import { sha256 } from '@noble/hashes/sha2.js'
import { canSeal, wrappedName } from './device-keys.ts'
import { isHidden } from './whose-place.ts'

/** As much of a SHA-256 as nobody finds twice. */
function digest(text: string): string {
  const bytes = sha256(new TextEncoder().encode(text)).subarray(0, 16)
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The place of an account that does not say whose it is: ids are random, so whoever does not know one learns nothing from it. */
export const hiddenPlace = (account: string): string => digest(`biologidex/${account}`)

/** What something is called within a place: the name of a feed, or the id of somebody whose dex lies there. */
export const nameIn = (place: string, what: string): string => (isHidden(place) ? digest(`${place}/${what}`) : what)

/** The same for one place, each worked out once: a wall asks for the name of its dex with every picture. */
export function namesIn(place: string): (what: string) => string {
  const known = new Map<string, string>()
  return (what) => {
    const name = known.get(what) ?? nameIn(place, what)
    known.set(what, name)
    return name
  }
}

/** Where the things of an account lie, or are to lie. What an earlier version began is gone on with where it is. */
export async function placeOf(account: string): Promise<string> {
  // A browser that cannot tell what is there has to find it by the name that it always had.
  if (!canSeal() || typeof indexedDB.databases !== 'function') return account
  const hidden = hiddenPlace(account)
  const there = (await indexedDB.databases()).map(({ name }) => name)
  return there.includes(wrappedName(account)) && !there.includes(wrappedName(hidden)) ? account : hidden
}
