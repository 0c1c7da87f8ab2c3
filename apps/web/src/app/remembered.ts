/** What the browser remembers outside the dex's own store: places and choices, no content, and nobody's id where there is a hidden place (sync.md C1). */
export const ACCOUNT_KEY = 'biologidex.account'
export const LOCKED_KEY = 'biologidex.locked'
const LEAVING = 'biologidex.leaving'
const TO_END = 'biologidex.session-to-end'
const SORT = 'biologidex.sort'
const THEME = 'biologidex.theme'

function read(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    // Storage is forbidden in this browser: the app then starts at the sign-in each time.
    return undefined
  }
}

function write(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // As above: a choice that cannot be remembered is asked again.
  }
}

/** The place of the account last signed in here: what lets the app open without a network. */
export const rememberedPlace = (): string | undefined => read(ACCOUNT_KEY)

/** True when that account's session ended by itself: its partition stays closed until it signs in again (C1). */
export const isLocked = (): boolean => read(LOCKED_KEY) !== undefined

export function rememberPlace(place: string | undefined): void {
  write(ACCOUNT_KEY, place)
  write(LOCKED_KEY, undefined)
}

export const lockRemembered = (): void => write(LOCKED_KEY, '1')

/** The place that is being wiped: a wipe that was cut off is finished at the next start (C1). */
export const leavingPlace = (): string | undefined => read(LEAVING)
export const rememberLeaving = (place: string): void => write(LEAVING, place)

/**
 * True after a sign-out that could not reach the server: the browser still has the cookie, which no script can delete, so the session
 * must be ended before anybody is let in by it.
 */
export const hasSessionToEnd = (): boolean => read(TO_END) !== undefined
export const rememberSessionToEnd = (isThere: boolean): void => write(TO_END, isThere ? '1' : undefined)

/** Forgets all that the browser remembers but how the app looks: at sign-out nothing else is left. */
export function forgetAll(): void {
  try {
    sessionStorage.clear()
    const kept = [SORT, THEME, ACCOUNT_KEY, TO_END]
    const left = Object.keys(localStorage).filter((key) => !kept.includes(key))
    for (const key of left) localStorage.removeItem(key)
  } catch {
    // Nothing could be remembered.
  }
  // Last: other tabs close when they hear of it.
  rememberPlace(undefined)
}

/**
 * The mark of the capture that was kept, or left on purpose, last: whatever still lies here of it is no draft any more. Said at once, before
 * anything is deleted, so that a reload finds it said. No id of an entry: it would outlive a sign-out in the browser's files.
 */
const endedKey = (place: string): string => `biologidex.draft-ended.${place}`
export const endedDraft = (place: string): string | undefined => read(endedKey(place))
export const rememberEndedDraft = (place: string, mark: string): void => write(endedKey(place), mark)

export const rememberedSort = (): string | undefined => read(SORT)
export const rememberSort = (sort: string): void => write(SORT, sort)

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const rememberedTheme = (): Theme => {
  const theme = read(THEME)
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

/** Takes a theme at once and for the next start (public/theme.js sets it before the first paint). */
export function takeTheme(theme: Theme): void {
  write(THEME, theme === 'system' ? undefined : theme)
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
