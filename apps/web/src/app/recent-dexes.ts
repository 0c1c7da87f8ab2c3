import { readFirstWall, writeFirstWall } from './first-wall.ts'

/** Dexes that are remembered as looked at. */
const MOST = 12

let recent: readonly string[] = []
/** The place of whose device this is. */
let own: string | undefined

/** Ids of those whose dexes were looked at on this device, the last one first. */
export const recentDexes = (): readonly string[] => recent

/** Takes up what the last page remembered in a place; nobody's at a sign-out. */
export function takeRecent(place: string, accounts: readonly string[] = []): void {
  own = place
  recent = accounts
}

/**
 * Keeps them with the stored first wall, sealed, in a database that can be deleted: what a browser's own storage has forgotten
 * stays in its files for a while.
 */
async function keep(place: string | undefined): Promise<void> {
  const wall = place === undefined ? undefined : await readFirstWall(place)
  // Before there is a wall there is nobody to be remembered with it; the next wall that is kept has them.
  if (place !== undefined && wall) await writeFirstWall(place, { ...wall, recent })
}

export function rememberLooked(account: string): void {
  if (recent[0] === account) return
  recent = [account, ...recent.filter((id) => id !== account)].slice(0, MOST)
  void keep(own)
}

/** Forgets dexes that are no longer to be seen. */
export function forgetLooked(isToBeSeen: (account: string) => boolean): void {
  if (recent.every(isToBeSeen)) return
  recent = recent.filter(isToBeSeen)
  void keep(own)
}
