import { useSyncExternalStore } from 'react'

let text = ''
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Tells screen readers what changed, without moving anything on screen. The same words twice are said twice. */
export function announce(words: string): void {
  text = words === text ? `${words}\u00a0` : words
  for (const listener of [...listeners]) listener()
}

/** Where announcements appear for screen readers; once, at the root. */
export function LiveRegion() {
  const words = useSyncExternalStore(subscribe, () => text)
  return (
    <div className="sr" aria-live="polite" role="status">
      {words}
    </div>
  )
}
