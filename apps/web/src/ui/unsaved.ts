import { createContext, type RefObject, useContext, useEffect } from 'react'

/** How many forms in a sheet hold something that was changed and is not saved; counted for the sheet. */
export const UnsavedContext = createContext<RefObject<number> | undefined>(undefined)

/** A form in a sheet says that closing it would lose what was typed: the sheet then asks first. */
export function useUnsaved(isUnsaved: boolean): void {
  const unsavedRef = useContext(UnsavedContext)
  useEffect(() => {
    if (!unsavedRef || !isUnsaved) return undefined
    unsavedRef.current += 1
    return () => {
      unsavedRef.current -= 1
    }
  }, [unsavedRef, isUnsaved])
}
