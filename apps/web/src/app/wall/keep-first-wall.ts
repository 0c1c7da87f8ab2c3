import { useEffect } from 'react'
import { changeFirstWall, FIRST_CELLS } from '../first-wall.ts'
import { recentDexes } from '../recent-dexes.ts'
import { useDexIfOpen, useOther, usePlaceIfKnown } from '../session.tsx'
import { useWallModel, type Wall } from './use-wall.ts'
import type { View } from './wall-address.ts'

/** How long the wall must rest before it is kept, in milliseconds: a first pull changes it many times a second. */
const REST = 800

/** Keeps the first plates of the own dex for the next start, a moment after the wall changed. A part of it is not kept. */
export function useKeepFirstWall({ cells, total, live, whole }: Wall, { sort, reverse }: View): void {
  const place = usePlaceIfKnown()
  const profile = useDexIfOpen()?.profile
  const { animals, entries } = useWallModel()
  const isOwn = useOther() === undefined
  useEffect(() => {
    if (!isOwn || !live || !place || !profile || !whole) return
    const { username, displayName } = profile
    const first = { username, displayName, sort, reverse, total, animals, entries, cells: cells.slice(0, FIRST_CELLS) }
    const timer = setTimeout(() => void changeFirstWall(place, () => ({ ...first, recent: recentDexes() })), REST)
    return () => clearTimeout(timer)
  }, [isOwn, cells, total, live, whole, place, profile, sort, reverse, animals, entries])
}
