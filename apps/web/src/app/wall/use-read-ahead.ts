import { useEffect, useRef } from 'react'
import { whenIdle } from '../../ui/when-idle.ts'
import { picturesOf } from '../picture.tsx'
import { platePictures } from '../prefetch.ts'
import { useSession, useSyncPart } from '../session.tsx'
import type { Cell } from './cells.ts'
import { cellsSeen } from './use-layout.ts'

/** How long a wall must rest before more of it is read, in milliseconds: nothing is while somebody flicks through it. */
const REST = 40

/**
 * Has the pictures of the next screen at hand once the wall rests, in the direction in which it went, if they lie on the device. Not while
 * a dex arrives: the machine is needed for that. @param first index of the first cell drawn; @param last of the last
 */
export function useReadAhead(dex: string, cells: readonly Cell[], first: number, last: number, scroller: HTMLElement): void {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  const arriving = useSyncPart(({ progress, lastSuccess }) => progress !== undefined || lastSuccess === undefined)
  const before = useRef(0)
  const up = useRef(false)
  useEffect(() => {
    if (!engine || last < 0 || arriving) return undefined
    if (first !== before.current) up.current = first < before.current
    before.current = first
    const read = () => {
      const many = cellsSeen(scroller)
      const next = up.current ? cells.slice(Math.max(0, first - many), first) : cells.slice(last + 1, last + 1 + many)
      picturesOf(engine).readAhead(platePictures(dex, next))
    }
    let stop = (): void => undefined
    const wait = () => {
      stop()
      const timer = setTimeout(() => {
        stop = whenIdle(read)
      }, REST)
      stop = () => clearTimeout(timer)
    }
    wait()
    scroller.addEventListener('scroll', wait, { passive: true })
    return () => {
      stop()
      scroller.removeEventListener('scroll', wait)
    }
  }, [engine, dex, cells, first, last, scroller, arriving])
}
