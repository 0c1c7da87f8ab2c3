import { useEffect, useRef, useState } from 'react'

const fileOf = (data: DataTransfer | null): File | undefined => data?.files[0] ?? undefined
const bringsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/** Takes a picture that is dropped anywhere on the page, or pasted. Returns true while one is held over it. */
export function useIncoming(take: (file: File) => void): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    const bring = (event: Event, data: DataTransfer | null) => {
      const file = fileOf(data)
      if (!file) return
      event.preventDefault()
      latest.current(file)
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
