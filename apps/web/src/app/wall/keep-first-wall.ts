import { useEffect } from 'react'
import { FIRST_CELLS, writeFirstWall } from '../first-wall.ts'
import { useAccountIfKnown, useDexIfOpen } from '../session.tsx'
import { type Cells, useSort, useWallModel } from './use-wall.ts'

/** How long the wall must rest before it is kept, in milliseconds: a first pull changes it many times a second. */
const REST = 800

/** Keeps the first plates for the next start, a moment after the wall changed. A search is not kept. */
export function useKeepFirstWall({ cells, total, live }: Cells, query: string): void {
  const account = useAccountIfKnown()
  const profile = useDexIfOpen()?.profile
  const sort = useSort()
  const { animals, entries } = useWallModel()
  useEffect(() => {
    if (!live || !account || !profile || query.trim()) return
    const { username, displayName } = profile
    const timer = setTimeout(() => {
      void writeFirstWall(account, { username, displayName, sort, total, animals, entries, cells: cells.slice(0, FIRST_CELLS) })
    }, REST)
    return () => clearTimeout(timer)
  }, [cells, total, live, query, account, profile, sort, animals, entries])
}
