import { useEffect, useRef, useState } from 'react'

const filesOf = (data: DataTransfer | null): readonly File[] => [...(data?.files ?? [])]
const bringsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/** Takes pictures that are dropped anywhere on the page, or pasted. Returns true while some are held over it. */
export function useIncoming(take: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    const bring = (event: Event, data: DataTransfer | null) => {
      const files = filesOf(data)
      if (files.length === 0) return
      event.preventDefault()
      latest.current(files)
    }
    const hover = (event: DragEvent) => {
      if (!bringsFiles(event)) return
      // Without this the browser would leave the app and open the file.
      event.preventDefault()
      setOver(true)
    }
    addEventListener('paste', (event) => bring(event, event.clipboardData), { signal })
    addEventListener('dragover', hover, { signal })
    addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), { signal })
    const drop = (event: DragEvent) => {
      setOver(false)
      bring(event, event.dataTransfer)
    }
    addEventListener('drop', drop, { signal })
    return () => stop.abort()
  }, [])
  return over
}
