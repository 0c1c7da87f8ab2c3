import { useEffect } from 'react'
import { mayPrefetch, platePictures } from '../prefetch.ts'
import { useSession, useSyncPart } from '../session.tsx'
import type { Cell } from './cells.ts'
import { cellsAhead } from './use-layout.ts'

/** How long a wall must rest before more of it is fetched, in milliseconds. */
const REST = 300

/**
 * Fetches the pictures of the wall's next two screens once it rests, and not while a dex arrives: the machine is needed for that, and
 * what comes next on the wall is another thing a moment later. @param last index of the last cell drawn
 */
export function usePrefetchWall(dex: string, cells: readonly Cell[], last: number, scroller: HTMLElement): void {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  const arriving = useSyncPart(({ progress }) => progress !== undefined)
  useEffect(() => {
    if (!engine || last < 0 || arriving) return undefined
    const gone = new AbortController()
    const timer = setTimeout(() => {
      if (!mayPrefetch()) return
      const ahead = cells.slice(last + 1, last + 1 + cellsAhead(scroller))
      // What cannot be had now is asked for again when it is shown.
      engine.prefetch(platePictures(dex, ahead), gone.signal).catch(() => undefined)
    }, REST)
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [engine, dex, cells, last, scroller, arriving])
}
