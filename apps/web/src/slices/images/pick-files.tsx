import { type ReactNode, useCallback, useRef } from 'react'
import { hearLate } from '../../app/left-files.ts'
import { useAccount } from '../../app/session.tsx'
import { ACCEPT } from './photo-inputs.tsx'

/** A file field that a button opens: put `field` anywhere. */
export interface PickFiles {
  readonly field: ReactNode
  readonly open: () => void
}

/** Lets a person choose pictures. @param name tells the field from others on the page */
export function usePickFiles(name: string, multiple: boolean, onFiles: (files: readonly File[]) => void): PickFiles {
  const account = useAccount()
  const input = useRef<HTMLInputElement>(null)
  const place = useCallback(
    (element: HTMLInputElement | null) => {
      input.current = element
      if (element) hearLate(element, account)
    },
    [account],
  )
  const field = (
    <input
      ref={place}
      name={name}
      type="file"
      accept={ACCEPT}
      multiple={multiple}
      hidden
      onChange={(event) => {
        const files = [...(event.target.files ?? [])]
        // The same file may be chosen again.
        event.target.value = ''
        if (files.length > 0) onFiles(files)
      }}
    />
  )
  return { field, open: () => input.current?.click() }
}
