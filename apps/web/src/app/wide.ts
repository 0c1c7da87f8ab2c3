import { useSyncExternalStore } from 'react'

const query = matchMedia('(min-width: 64rem)')

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** True where rail, wall and entry stand side by side; the same width as in the style sheets. */
export const useWide = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
