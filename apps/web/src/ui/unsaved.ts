import { createContext, type RefObject, useContext, useEffect } from 'react'

/** Whether what lies in a sheet was changed and is not saved; set by the sheet. */
export const UnsavedContext = createContext<RefObject<boolean> | undefined>(undefined)

/** A form in a sheet says that closing it would lose what was typed: the sheet then asks first. */
export function useUnsaved(isUnsaved: boolean): void {
  const unsavedRef = useContext(UnsavedContext)
  useEffect(() => {
    if (!unsavedRef) return undefined
    unsavedRef.current = isUnsaved
    return () => {
      unsavedRef.current = false
    }
  }, [unsavedRef, isUnsaved])
}
