import type { Engine, SyncStatus } from '@biologidex/client/face'
import { useEffect } from 'react'
import { t } from '../../app/i18n.tsx'
import { useSession } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { NewsFilter } from './news-filter.ts'
import { onlyHere } from './sync-words.ts'
import { NEWS, updatedWords } from './use-sync-now.ts'

function follow(engine: Engine): () => void {
  const filter = new NewsFilter()
  const onStatus = (status: SyncStatus) => filter.sending(onlyHere(status), Date.now())
  onStatus(engine.status)
  const unlisten = [
    engine.onStatus(onStatus),
    engine.onEvent((event) => {
      if (event.kind === 'completed' && filter.isNews(event.changed, Date.now()))
        say({ id: NEWS, text: updatedWords(event.changed) })
      if (event.kind === 'revived') say({ id: `revived ${event.entry}`, text: t('sync.revived'), stays: true })
    }),
  ]
  return () => {
    for (const stop of unlisten) stop()
  }
}

/** Says what a sync brought that nobody asked for: "Updated 12 entries". */
export function useSyncNews(): void {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  useEffect(() => (engine ? follow(engine) : undefined), [engine])
}
