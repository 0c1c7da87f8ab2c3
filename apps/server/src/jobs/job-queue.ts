import type { Tx } from '../db/db.ts'

/**
 * What runs a kind of job. It may run more than once for the same payload: it must come to the same end (idempotent).
 * When it rejects it is tried again later, unless this was the `last` time.
 */
export type JobHandler = (payload: string, last: boolean) => Promise<void>

/** Background work that survives a restart: enqueued in the transaction that makes it necessary. */
export interface JobQueue {
  /** Adds a job, to run once `tx` has committed; not before `wait` milliseconds have passed. */
  enqueue(tx: Tx, kind: string, payload: string, wait?: number): Promise<void>
  /** Adds a job for each payload, as `enqueue` does one. */
  enqueueAll(tx: Tx, kind: string, payloads: readonly string[], wait?: number): Promise<void>
  /** Names the handler of a kind; before `start`. */
  handle(kind: string, handler: JobHandler): void
  /** Adds a job of this kind, with an empty payload, soon after the start and daily, unless one waits already; before `start`. */
  daily(kind: string): void
  /** Gives jobs of a kind that failed for the last time and were set aside a new chance; answers how many there were. */
  again(kind: string): Promise<number>
  start(): void
  /** Waits for the job under way, takes no more. */
  stop(): Promise<void>
  /** Resolves when no job is due or running: for tests and for `doctor`. */
  idle(): Promise<void>
}
