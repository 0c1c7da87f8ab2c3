import type { Settings } from '@biologidex/core/accounts/account'
import type { Audited } from '@biologidex/core/accounts/audit'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { Tx } from '../../db/db.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import type { EntryDesk } from '../entries/entry-desk.ts'
import type { FeedWriter } from './feed-writer.ts'

/** What the mutations of one push work with. The owner's lock is held. */
export interface PushWork {
  readonly tx: Tx
  readonly owner: string
  /** A guardian looks after the owner: nothing is shown to everyone, and friendships wait for them. */
  readonly managed: boolean
  readonly device: string
  /** As they stand now: a mutation of type `setting` changes them for those that follow. */
  settings: Settings
  readonly desk: EntryDesk
  readonly feeds: FeedWriter
  /** Losing sides of clashes, to be kept at the end (O4). */
  readonly conflicts: ConflictItem[]
  /** Accounts whose locks are held: the owner, and the others that this push touches. */
  readonly locked: ReadonlySet<string>
  /** The feeds of another account that this push touches; flushed with the rest. */
  feedsOf(account: string): Promise<FeedWriter>
  /** Drops what has arrived of an upload, once the push is committed. */
  readonly dropDraft: (upload: string) => void
  /** Adds a job, to run once the push is committed. */
  readonly jobs: Pick<JobQueue, 'enqueue'>
  /** What the push does that its owner's audit log tells of, each once. */
  readonly audited: Set<Audited>
}

/** What came of one mutation that was carried out. */
export interface Outcome {
  readonly revived?: true
  readonly conflicts?: readonly string[]
}
