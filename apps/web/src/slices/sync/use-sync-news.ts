import { useEffect } from 'react'
import { useSession } from '../../app/session.tsx'
import { say } from '../../ui/toast.tsx'
import { NEWS, updatedWords } from './use-sync-now.ts'

/** Says what a sync brought that nobody asked for: "Updated 12 entries". Silent when it brought nothing. */
export function useSyncNews(): void {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  useEffect(() => {
    if (!engine) return
    return engine.onEvent((event) => {
      if (event.kind === 'completed' && event.changed > 0) say({ id: NEWS, text: updatedWords(event.changed) })
    })
  }, [engine])
}
