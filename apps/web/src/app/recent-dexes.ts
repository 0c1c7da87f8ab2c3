import { changeFirstWall } from './first-wall.ts'

/** Dexes that are remembered as looked at. */
const MOST = 12

let recent: readonly string[] = []
/** The place of whose device this is. */
let own: string | undefined

/** Ids of those whose dexes were looked at on this device, the last one first. */
export const recentDexes = (): readonly string[] => recent

/** Takes up what the last page remembered in a place. */
export function takeRecent(place: string, accounts: readonly string[] = []): void {
  own = place
  recent = accounts
}

/**
 * Keeps them with the stored first wall, sealed, in a database that can be deleted: what a browser's own storage has forgotten
 * stays in its files for a while.
 */
function keep(): void {
  const place = own
  if (place === undefined) return
  // Before there is a wall there is nobody to be remembered with it; the next wall that is kept has them.
  void changeFirstWall(place, (wall) => (wall && own === place ? { ...wall, recent } : undefined))
}

export function rememberLooked(account: string): void {
  if (recent[0] === account) return
  recent = [account, ...recent.filter((id) => id !== account)].slice(0, MOST)
  keep()
}

/** Forgets dexes that are no longer to be seen. */
export function forgetLooked(isToBeSeen: (account: string) => boolean): void {
  if (recent.every(isToBeSeen)) return
  recent = recent.filter(isToBeSeen)
  keep()
}
