import { createContext, useContext, useEffect } from 'react'

/** Told by each sheet within how many more are open. */
export const SheetHoldContext = createContext<((by: 1 | -1) => void) | undefined>(undefined)

/** A sheet says that it is open: a screen that would go by itself stays until then, with what is typed or being chosen in it. */
export function useSheetHold(isOpen: boolean): void {
  const count = useContext(SheetHoldContext)
  useEffect(() => {
    if (!count || !isOpen) return undefined
    count(1)
    return () => count(-1)
  }, [count, isOpen])
}
