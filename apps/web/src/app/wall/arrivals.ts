import type { Engine } from '@biologidex/client/face'
import { useEffect, useSyncExternalStore } from 'react'
import { useSession } from '../session.tsx'

/** For how long the wall goes after what was kept, in milliseconds: until the server has numbered it, mostly. */
const FOLLOW = 12_000

let arrived: string | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

function set(entry: string | undefined): void {
  clearTimeout(timer)
  if (entry !== undefined) timer = setTimeout(() => set(undefined), FOLLOW)
  arrived = entry
  for (const listener of [...listeners]) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

const watch = (engine: Engine): (() => void) =>
  engine.onEvent((event) => {
    if (event.kind === 'record_added') set(event.entry)
  })

/** Hears of what is kept on this page, whatever screen is on; once, in the frame. */
export function useWatchArrivals(): void {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  useEffect(() => engine && watch(engine), [engine])
}

/** The entry that was just kept: the wall goes there. Undefined once the person has gone elsewhere, or after a while. */
export const useArrived = (): string | undefined => useSyncExternalStore(subscribe, () => arrived)

/** The person goes where they like: nothing is followed any more. */
export const stopFollowing = (): void => {
  if (arrived !== undefined) set(undefined)
}
