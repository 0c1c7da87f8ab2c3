import type { Engine } from '@biologidex/client/face'
import { codeOf } from '@biologidex/client/http'
import { AppError } from '@biologidex/core/errors'
import { useState } from 'react'
import { formatCount } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useSession } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { troubleWords } from './sync-words.ts'

/** One toast for all news of sync: a newer one takes its place. */
export const NEWS = 'sync-news'

/** "Updated 12 entries", or that there was nothing new. */
export const updatedWords = (count: number): string => t('sync.updated', { count, shown: formatCount(count) })

/** Why a sync did not go through, for people. */
export function failureWords(error: unknown): string {
  const trouble = troubleWords(codeOf(error))
  if (trouble) return t(trouble)
  return error instanceof AppError ? t('sync.failed', { reason: error.message }) : t('sync.failed.network')
}

async function syncAndSay(engine: Engine): Promise<void> {
  try {
    say({ id: NEWS, text: updatedWords(await engine.syncNow()) })
  } catch (error) {
    // The sign-in that then shows says it better.
    if (error instanceof AppError && error.code === 'not_signed_in') return
    say({ id: NEWS, text: failureWords(error) })
  }
}

/** Syncing because somebody asked for it, and saying what came of it. */
export function useSyncNow(): { readonly run: () => void; readonly busy: boolean; readonly ready: boolean } {
  const session = useSession()
  const [busy, setBusy] = useState(false)
  const engine = session.kind === 'open' ? session.engine : undefined
  const run = () => {
    if (!engine || busy) return
    setBusy(true)
    void syncAndSay(engine).finally(() => setBusy(false))
  }
  return { run, busy, ready: engine !== undefined }
}
