const KEY = 'biologidex.looked'

/** Dexes that are remembered as looked at. */
const MOST = 12

/** Ids of those whose dexes were looked at on this device, the last one first. */
export function recentDexes(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : []
  } catch {
    // Storage that is forbidden or was written over: only an order is lost.
    return []
  }
}

function write(accounts: readonly string[]): void {
  try {
    if (accounts.length > 0) localStorage.setItem(KEY, JSON.stringify(accounts.slice(0, MOST)))
    else localStorage.removeItem(KEY)
  } catch {
    // As above.
  }
}

export function rememberLooked(account: string): void {
  write([account, ...recentDexes().filter((id) => id !== account)])
}

/** Forgets dexes that are no longer to be seen. */
export function forgetLooked(isToBeSeen: (account: string) => boolean): void {
  const kept = recentDexes()
  if (!kept.every(isToBeSeen)) write(kept.filter(isToBeSeen))
}
