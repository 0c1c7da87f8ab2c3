import { useEffect } from 'react'
import { readerLanguage, readerLocales } from './i18n.tsx'
import type { PictureAt } from './pictures.ts'
import { recentDexes } from './recent-dexes.ts'
import { useSession } from './session.tsx'
import type { OpenSession } from './session-store.ts'
import { type Cell, cellsOf } from './wall/cells.ts'
import { FactBook } from './wall/facts.ts'
import { lastWallOf } from './wall/last-wall.ts'
import { NameRanks, ordered } from './wall/order.ts'
import { cellsAhead } from './wall/use-layout.ts'
import { viewOf } from './wall/wall-address.ts'

/** What some browsers tell of the way to the network. */
export interface Connection {
  readonly saveData?: boolean
  readonly effectiveType?: string
}

const connection = (): Connection | undefined => (navigator as { readonly connection?: Connection }).connection

/**
 * Whether pictures may be fetched before anybody asks for them: not where somebody saves data, nor on connections slower
 * than 4g. Where the browser tells nothing, they may.
 */
export const mayPrefetch = (of: Connection | undefined = connection()): boolean =>
  of?.saveData !== true && (of?.effectiveType === undefined || of.effectiveType === '4g')

/** The pictures of plates, as a wall shows them. */
export const platePictures = (dex: string, cells: readonly Cell[]): PictureAt[] =>
  cells.flatMap((cell) => (cell.kind === 'plate' && cell.picture ? [{ dex, rendition: 'wall', ...cell.picture }] : []))

/** How long after the start the last friend's wall is fetched, in milliseconds: what somebody came for goes first. */
const AHEAD = 6000

const STANDING = { needing: new Set<string>(), picturesHere: false }

/** The friend whose dex was looked at last. */
const lastLookedAt = ({ people }: OpenSession) =>
  recentDexes()
    .map((id) => people.friends.get(id))
    .find((person) => person?.state === 'friends')

/** Reads the dex of the friend looked at last, which opens at once from then on, and fetches the two screens its wall begins with. */
async function fetchLast(session: OpenSession, signal: AbortSignal): Promise<void> {
  const { engine, others } = session
  const friend = lastLookedAt(session)
  if (!friend || others.peek(friend.id)) return
  const view = await others.open(friend.id)
  // In the order that the way there leads to.
  const { sort, reverse } = viewOf(lastWallOf(friend.username))
  const facts = ordered(new FactBook(readerLanguage()).of(view), sort, reverse, new NameRanks(readerLocales()))
  const cells = cellsOf(facts, { sort, reverse, standing: STANDING })
  // Whatever screen is open, a wall would take its place.
  const ahead = cells.slice(0, cellsAhead(document.querySelector<HTMLElement>('#content') ?? document.body))
  if (!signal.aborted) await engine.prefetch(platePictures(friend.id, ahead), signal)
}

/** Once, in the frame: what the friend looked at last will show is on the device before anybody goes there. */
export function usePrefetchAhead(): void {
  const session = useSession()
  useEffect(() => {
    if (session.kind !== 'open') return undefined
    const gone = new AbortController()
    const timer = setTimeout(() => {
      // What cannot be had is asked for again by whoever looks there.
      if (mayPrefetch()) fetchLast(session, gone.signal).catch(() => undefined)
    }, AHEAD)
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [session])
}
