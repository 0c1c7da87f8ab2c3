import { readFirstWall, writeFirstWall } from './first-wall.ts'

/** Dexes that are remembered as looked at. */
const MOST = 12

let recent: readonly string[] = []

/** Ids of those whose dexes were looked at on this device, the last one first. */
export const recentDexes = (): readonly string[] => recent

/** Takes up what the last page remembered; nobody's at a sign-out. */
export function takeRecent(accounts: readonly string[] = []): void {
  recent = accounts
}

/**
 * Keeps them with the stored first wall, sealed, in a database that can be deleted: what a browser's own storage has forgotten
 * stays in its files for a while.
 */
async function keep(own: string): Promise<void> {
  const wall = await readFirstWall(own)
  // Before there is a wall there is nobody to be remembered with it; the next wall that is kept has them.
  if (wall) await writeFirstWall(own, { ...wall, recent })
}

/** @param own whose device this is */
export function rememberLooked(own: string, account: string): void {
  if (recent[0] === account) return
  recent = [account, ...recent.filter((id) => id !== account)].slice(0, MOST)
  void keep(own)
}

/** Forgets dexes that are no longer to be seen. */
export function forgetLooked(own: string, isToBeSeen: (account: string) => boolean): void {
  if (recent.every(isToBeSeen)) return
  recent = recent.filter(isToBeSeen)
  void keep(own)
}
