import { useEffect, useRef, useState } from 'react'
import { type ChosenFile, filesOfDrop } from './chosen-files.ts'

/** Takes files and folders that are dropped anywhere on the page. Returns true while some are held over it. */
export function useFileDrop(take: (files: Promise<readonly ChosenFile[]>) => void): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    const hover = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      // Without this the browser would leave the app and open the file.
      event.preventDefault()
      setOver(true)
    }
    const drop = (event: DragEvent) => {
      setOver(false)
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      latest.current(filesOfDrop(event.dataTransfer))
    }
    addEventListener('dragover', hover, { signal })
    addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), { signal })
    addEventListener('drop', drop, { signal })
    return () => stop.abort()
  }, [])
  return over
}
