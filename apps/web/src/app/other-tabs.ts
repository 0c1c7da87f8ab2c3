import { ACCOUNT_KEY, isLocked, LOCKED_KEY, rememberedPlace } from './remembered.ts'
import type { SessionStore } from './session-store.ts'

/**
 * Follows what other tabs of this browser do: a sign-out there closes the dex here, a session that ended there is ended
 * here, and another account opens afresh, since one browser holds one session (O1).
 */
export function followOtherTabs(store: SessionStore): void {
  window.addEventListener('storage', ({ key }) => {
    if (key !== ACCOUNT_KEY && key !== LOCKED_KEY) return
    const place = rememberedPlace()
    const here = store.session
    if (place === undefined) void store.leave()
    else if (here.kind !== 'none' && here.place === place && here.kind !== 'locked') {
      if (isLocked()) void store.lock()
    } else if (!isLocked()) location.reload()
  })
}
