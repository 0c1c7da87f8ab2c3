import { useEffect, useRef } from 'react'
import { useDropped } from '../../app/use-dropped.ts'

/** Takes pictures that are dropped anywhere on the page, or pasted. Returns true while some are held over it. */
export function useIncoming(take: (files: readonly File[]) => void): boolean {
  const bring = (data: DataTransfer | null): boolean => {
    const files = [...(data?.files ?? [])]
    if (files.length > 0) take(files)
    return files.length > 0
  }
  const latest = useRef(bring)
  latest.current = bring
  useEffect(() => {
    const stop = new AbortController()
    const paste = (event: ClipboardEvent) => {
      if (latest.current(event.clipboardData)) event.preventDefault()
    }
    addEventListener('paste', paste, { signal: stop.signal })
    return () => stop.abort()
  }, [])
  return useDropped(bring)
}
