/**
 * Where an account's things lie in this browser: every name there holds its place. A place is made of the account's id and does not say
 * it (`hidden-names.ts`), since Chromium keeps the names of what was deleted in its files. The id itself is the place of what an
 * earlier version began, until that account signs out, and of a page over plain HTTP, where nothing is hidden.
 */
export const isHidden = (place: string): boolean => /^[0-9a-f]{32}$/.test(place)

/** Whose a place is: to open it, and to ask the right person to sign in when it is locked. */
export interface Whose {
  readonly account: string
  readonly username?: string
  readonly displayName?: string
}

const cacheOf = (place: string): string => `biologidex-whose/${place}`
const FILE = '/whose'

/** Undefined when nobody has noted it. */
export async function readWhose(place: string): Promise<Whose | undefined> {
  if (!isHidden(place)) return { account: place }
  const file = await caches.match(FILE, { cacheName: cacheOf(place) })
  return file && ((await file.json()) as Whose)
}

/** Notes it in a file of Cache Storage, which is gone when it is deleted: what else a browser keeps stays in its files for a while. */
export async function noteWhose(place: string, whose: Whose): Promise<void> {
  if (!isHidden(place)) return
  const text = JSON.stringify(whose)
  if (JSON.stringify(await readWhose(place)) === text) return
  await (await caches.open(cacheOf(place))).put(FILE, new Response(text))
}

export async function forgetWhose(place: string): Promise<void> {
  if (isHidden(place)) await caches.delete(cacheOf(place))
}
