import { formatCount, formatInstant } from '../../app/format.ts'
import { useSyncStatus } from '../../app/session.tsx'
import { type SyncWords, syncWords } from './sync-words.ts'

const WRITING = { count: formatCount, time: formatInstant, opened: performance.timeOrigin }

/** How sync stands now, in one sentence. */
export const useSyncWords = (): SyncWords => syncWords(useSyncStatus(), WRITING)
