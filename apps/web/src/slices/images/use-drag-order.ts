import { type CSSProperties, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'

interface Drag {
  readonly from: number
  readonly to: number
  readonly startY: number
  readonly by: number
}

/** Dragging rows of a list into another order, by finger, pen or mouse. Keyboards have buttons. */
export interface DragOrder {
  readonly list: RefObject<HTMLUListElement | null>
  /** For the handle of a row. */
  readonly handle: (index: number) => {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void
    onPointerMove: (event: PointerEvent<HTMLElement>) => void
    onPointerUp: () => void
    onPointerCancel: () => void
  }
  /** How a row looks while something is dragged. */
  readonly look: (index: number) => { className?: string; style?: CSSProperties }
}

/** The row over whose middle a dragged row has come. */
function placeUnder(rows: readonly DOMRect[], from: number, by: number): number {
  const own = rows[from]
  if (!own) return from
  const middle = own.top + own.height / 2 + by
  const passed = (row: DOMRect) => row.top + row.height / 2
  const before = rows.findIndex((row, i) => i < from && middle < passed(row))
  if (before >= 0) return before
  return rows.reduce((to, row, i) => (i > from && middle > passed(row) ? i : to), from)
}

/** @param onMove is told from where to where, both counted from 0 */
export function useDragOrder(onMove: (from: number, to: number) => void): DragOrder {
  const list = useRef<HTMLUListElement>(null)
  const rows = useRef<DOMRect[]>([])
  const [drag, setDrag] = useState<Drag>()
  const dragging = drag !== undefined
  useEffect(() => {
    if (!dragging) return undefined
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // Only the dragging ends, not the sheet.
      event.stopPropagation()
      setDrag(undefined)
    }
    addEventListener('keydown', escape, { capture: true })
    return () => removeEventListener('keydown', escape, { capture: true })
  }, [dragging])

  return {
    list,
    handle: (from) => ({
      onPointerDown(event) {
        if (event.button !== 0) return
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        rows.current = Array.from(list.current?.children ?? [], (row) => row.getBoundingClientRect())
        setDrag({ from, to: from, startY: event.clientY, by: 0 })
      },
      onPointerMove({ clientY }) {
        setDrag((now) => {
          if (!now) return now
          const by = clientY - now.startY
          return { ...now, by, to: placeUnder(rows.current, now.from, by) }
        })
      },
      onPointerUp() {
        if (drag && drag.to !== drag.from) onMove(drag.from, drag.to)
        setDrag(undefined)
      },
      onPointerCancel: () => setDrag(undefined),
    }),
    look(index) {
      if (!drag) return {}
      if (index === drag.from) return { className: 'dragged', style: { transform: `translateY(${drag.by}px)` } }
      if (index !== drag.to) return {}
      return { className: drag.to > drag.from ? 'drop-after' : 'drop-before' }
    },
  }
}
