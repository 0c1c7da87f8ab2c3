import type { SyncStatus } from '@biologidex/client/face'
import type { MessageId, MessageValues } from '../../app/i18n.tsx'
import type { SyncPlace } from '../../ui/sync-mark.tsx'

/** How sync stands, in one sentence. Offline is a normal state with its own words, never an error. */
export interface SyncWords {
  readonly mark: SyncPlace
  readonly id: MessageId
  readonly values?: MessageValues
  readonly progress?: { readonly current: number; readonly total: number }
}

/** How counts and times are written: the reader's way. */
export interface Writing {
  readonly count: (count: number) => string
  readonly time: (instant: number) => string
}

/** Changes and pictures that are only on this device. */
export const onlyHere = ({ here }: Pick<SyncStatus, 'here'>): number => here.changes + here.pictures

function whenCalm(status: SyncStatus, write: Writing): SyncWords {
  if (status.lastSuccess === undefined) return { mark: 'server', id: 'sync.upToDate.never' }
  return { mark: 'server', id: 'sync.upToDate', values: { time: write.time(status.lastSuccess) } }
}

/** The server asked for a slower pace: it is well, all goes on by itself, and nobody needs to notice (N3). */
const isPacing = ({ lastError }: SyncStatus): boolean => lastError?.code === 'rate_limited'

function halted(status: SyncStatus): SyncWords | undefined {
  if (status.connection === 'offline') return { mark: 'here', id: onlyHere(status) > 0 ? 'sync.offline' : 'sync.offline.calm' }
  if (status.connection === 'waiting' && !isPacing(status)) return { mark: 'here', id: 'sync.waiting' }
  if (status.connection === 'signed_out') return { mark: 'needs', id: 'sync.signedOut' }
  if (status.connection === 'refused') return { mark: 'needs', id: 'sync.refused' }
  return undefined
}

/** The sentence for a status; undefined status: the dex is still being opened. */
export function syncWords(status: SyncStatus | undefined, write: Writing): SyncWords {
  if (!status) return { mark: 'here', id: 'sync.opening' }
  const { progress, connection } = status
  if (connection === 'syncing' && progress && progress.total > 0) {
    const values = { current: write.count(progress.current), total: write.count(progress.total) }
    return { mark: 'here', id: 'sync.counted', values, progress }
  }
  const stopped = halted(status)
  if (stopped) return stopped
  const here = onlyHere(status)
  if (here > 0) return { mark: 'here', id: 'sync.here', values: { count: here, shown: write.count(here) } }
  if (connection === 'syncing' && status.lastSuccess === undefined) return { mark: 'here', id: 'sync.looking' }
  return whenCalm(status, write)
}
