import { useEffect, useRef, useState } from 'react'

const bringsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/** Takes what holds files and is dropped anywhere on the page. Returns true while something of the kind is held over it. */
export function useDropped(take: (data: DataTransfer) => void): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    const hover = (event: DragEvent) => {
      if (!bringsFiles(event)) return
      // Without this the browser would leave the app and open the file.
      event.preventDefault()
      setOver(true)
    }
    const drop = (event: DragEvent) => {
      setOver(false)
      if (!event.dataTransfer || !bringsFiles(event)) return
      event.preventDefault()
      latest.current(event.dataTransfer)
    }
    addEventListener('dragover', hover, { signal })
    addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), { signal })
    addEventListener('drop', drop, { signal })
    return () => stop.abort()
  }, [])
  return over
}
