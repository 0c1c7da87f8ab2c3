import type { FastifyBaseLogger } from 'fastify'
import type { BlobStore } from './blobs/blob-store.ts'
import type { Config } from './config.ts'
import type { Db } from './db/db.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import type { Nudges } from './slices/sync/nudges.ts'

/** What every slice is given. Slices get at each other only through their services. */
export interface Context {
  readonly config: Config
  readonly db: Db
  readonly blobs: BlobStore
  readonly jobs: JobQueue
  readonly nudges: Nudges
  readonly log: FastifyBaseLogger
}

/** Who makes a request: set by http/sessions.ts before any slice's route runs. */
export interface Caller {
  readonly account: string
  readonly session: string
  /** Name of the device that signed in. */
  readonly device: string
  /** Network address, for the audit log. */
  readonly address?: string
}
