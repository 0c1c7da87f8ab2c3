import type { Draft } from '@biologidex/client/face'
import { carryOut } from '../../app/carry-out.ts'
import { useEngine } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'

/** Carries out changes of how one stands to others, here at once and on the server when it can be reached. */
export function usePeopleDeeds(): (drafts: readonly Draft[], said: string) => Promise<boolean> {
  const engine = useEngine()
  return async (drafts, said) => {
    const stored = await carryOut(() => engine.mutate(drafts))
    if (stored) say({ id: 'people', text: said })
    return stored
  }
}
