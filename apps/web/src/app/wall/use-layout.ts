import { useLayoutEffect, useState } from 'react'
import { layoutFor, screenful, type WallLayout } from './layout.ts'

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16

const measure = (element: HTMLElement): WallLayout => layoutFor(element.offsetWidth, window.innerWidth, rem())

/** Screens of a wall that are fetched before anybody sees them. */
const SCREENS = 2

/** How many cells of a wall are seen at once, at most. */
export const cellsSeen = (scroller: HTMLElement): number => screenful(measure(scroller), scroller.clientHeight)

/** How many cells of a wall are worth fetching ahead: two screens of them, as this window shows a wall. */
export const cellsAhead = (scroller: HTMLElement): number => SCREENS * cellsSeen(scroller)

/** The layout of the wall in its scroller, before the first paint and whenever its width changes. */
export function useLayout(scroller: HTMLElement | null): WallLayout | undefined {
  const [layout, setLayout] = useState<WallLayout>()
  useLayoutEffect(() => {
    if (!scroller) return
    const take = () =>
      setLayout((before) => {
        const now = measure(scroller)
        return before && before.columnWidth === now.columnWidth && before.columns === now.columns && before.gap === now.gap
          ? before
          : now
      })
    take()
    const observer = new ResizeObserver(take)
    observer.observe(scroller)
    return () => observer.disconnect()
  }, [scroller])
  return layout
}
