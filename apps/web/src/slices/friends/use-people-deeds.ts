import type { Draft } from '@biologidex/client/face'
import { t } from '../../app/i18n.tsx'
import { useEngine } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'

/** Carries out changes of how one stands to others, here at once and on the server when it can be reached. */
export function usePeopleDeeds(): (drafts: readonly Draft[], said: string) => Promise<boolean> {
  const engine = useEngine()
  return async (drafts, said) => {
    try {
      await engine.mutate(drafts)
      say({ id: 'people', text: said })
      return true
    } catch {
      say({ id: 'people', text: t('entry.failed'), stays: true })
      return false
    }
  }
}
