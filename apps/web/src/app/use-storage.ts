import { useEffect, useState } from 'react'
import { useSession } from './session.tsx'
import { askKeeping, type Keeping } from './storage.ts'

/** How often an open app looks, in milliseconds. */
const EVERY = 5 * 60 * 1000

/** How this browser keeps what is here, looked at now and then. */
export function useStorageKeeping(): Keeping {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  const [keeping, setKeeping] = useState<Keeping>({})
  useEffect(() => {
    let wanted = true
    const see = () =>
      void askKeeping().then(
        (seen) => wanted && setKeeping(seen),
        (error: unknown) => console.warn('The browser does not say how it keeps what is here.', error),
      )
    see()
    const timer = setInterval(see, EVERY)
    const unlisten = engine?.onEvent((event) => {
      if (event.kind === 'record_added') see()
    })
    return () => {
      wanted = false
      clearInterval(timer)
      unlisten?.()
    }
  }, [engine])
  return keeping
}
