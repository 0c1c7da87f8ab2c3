import type { SyncStatus } from '@biologidex/client/face'
import type { MessageId, MessageValues } from '../../app/i18n.tsx'
import type { SyncPlace } from '../../ui/sync-mark.tsx'

/** How sync stands, in one sentence. Offline is a normal state with its own words, never an error. */
export interface SyncWords {
  readonly mark: SyncPlace
  readonly id: MessageId
  readonly values?: MessageValues
  readonly progress?: { readonly current: number; readonly total: number }
  /** What needs the person, whatever else hinders sync just now. */
  readonly beside?: Pick<SyncWords, 'id' | 'values'>
}

/** How counts and times are written: the reader's way. */
export interface Writing {
  readonly count: (count: number) => string
  readonly time: (instant: number) => string
  /** When this page was opened: what was found wrong since is still said when a later sync went well. */
  readonly opened: number
}

/** What is said of a failure that the person can do something about, by the engine's code of it (C4). */
const TROUBLES: Readonly<Record<string, MessageId>> = {
  storage_full: 'sync.trouble.full',
  store_gone: 'sync.trouble.gone',
  seal_broken: 'sync.trouble.seal',
  item_not_understood: 'sync.trouble.unknown',
  chunk_refused: 'sync.trouble.unknown',
  protocol_outdated: 'sync.trouble.outdated',
  account_deleted: 'sync.trouble.deleted',
  wrong_account: 'sync.trouble.account',
  origin_refused: 'sync.trouble.origin',
}

/** What to say of a failure by its code; undefined where there is nothing to be done but to wait. */
export const troubleWords = (code: string | undefined): MessageId | undefined =>
  code === undefined ? undefined : TROUBLES[code]

/** What of a sync that went well was wrong all the same, or was found when the dex was opened. */
const OF_CONTENT: ReadonlySet<string> = new Set(['seal_broken', 'item_not_understood', 'chunk_refused'])

/** Changes and pictures that are only on this device. */
export const onlyHere = ({ here }: Pick<SyncStatus, 'here'>): number => here.changes + here.pictures

function whenCalm(status: SyncStatus, write: Writing): SyncWords {
  if (status.lastSuccess === undefined) return { mark: 'server', id: 'sync.upToDate.never' }
  return { mark: 'server', id: 'sync.upToDate', values: { time: write.time(status.lastSuccess) } }
}

/** The server asked for a slower pace: it is well, all goes on by itself, and nobody needs to notice (N3). */
const isPacing = ({ lastError }: SyncStatus): boolean => lastError?.code === 'rate_limited'

function halted(status: SyncStatus): SyncWords | undefined {
  const { connection, lastError } = status
  const trouble = troubleWords(lastError?.code)
  if (connection === 'offline') return { mark: 'here', id: onlyHere(status) > 0 ? 'sync.offline' : 'sync.offline.calm' }
  if (connection === 'waiting' && trouble) return { mark: 'needs', id: trouble }
  if (connection === 'waiting' && !isPacing(status)) return { mark: 'here', id: 'sync.waiting' }
  if (connection === 'signed_out') return { mark: 'needs', id: 'sync.signedOut' }
  if (connection === 'refused') return { mark: 'needs', id: trouble ?? 'sync.refused' }
  return undefined
}

/** What sync goes on in spite of: things here that cannot be opened, and things that came and are not known. */
function notWhole(status: SyncStatus, write: Writing): SyncWords | undefined {
  const { unreadable: count, lastError, lastSuccess = 0, trouble: standing } = status
  if (count) return { mark: 'needs', id: 'sync.unreadable', values: { count, shown: write.count(count) } }
  const stands = troubleWords(standing?.code)
  if (stands) return { mark: 'needs', id: stands }
  if (!lastError || !OF_CONTENT.has(lastError.code)) return undefined
  const trouble = troubleWords(lastError.code)
  const isNow = lastError.at >= Math.min(lastSuccess, write.opened)
  return trouble && isNow ? { mark: 'needs', id: trouble } : undefined
}

/** The sentence for a status; undefined status: the dex is still being opened. */
export function syncWords(status: SyncStatus | undefined, write: Writing): SyncWords {
  if (!status) return { mark: 'here', id: 'sync.opening' }
  const { progress, connection } = status
  if (connection === 'syncing' && progress && progress.total > 0) {
    const values = { current: write.count(progress.current), total: write.count(progress.total) }
    return { mark: 'here', id: 'sync.counted', values, progress }
  }
  const [stopped, content] = [halted(status), notWhole(status, write)]
  if (stopped && content && content.id !== stopped.id) return { ...stopped, mark: 'needs', beside: content }
  const wrong = stopped ?? content
  if (wrong) return wrong
  const here = onlyHere(status)
  if (here > 0) return { mark: 'here', id: 'sync.here', values: { count: here, shown: write.count(here) } }
  if (connection === 'syncing' && status.lastSuccess === undefined) return { mark: 'here', id: 'sync.looking' }
  return whenCalm(status, write)
}
