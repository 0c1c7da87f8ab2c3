import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { breathe } from '../breathe.ts'
import { MANY_SERVERS } from '../db/claims.ts'
import type { Db, Tx } from '../db/db.ts'
import type { JobHandler, JobQueue } from './job-queue.ts'
import * as store from './jobs.store.ts'

export interface JobQueueOptions {
  /** Jobs at a time in this process. */
  readonly concurrency: number
  /** How long a job that stopped renewing its claim is left alone, in milliseconds: the wait after a killed process. */
  readonly lease: number
  /** How often it is looked for jobs that nobody announced here: retries, and those of other servers. */
  readonly pollEvery: number
  /** After so many attempts a job is kept, with its last error, and not run again. */
  readonly maxAttempts: number
  /** Wait before the second attempt, in milliseconds; it doubles from there up to `longestWait`. */
  readonly firstWait: number
  readonly longestWait: number
  /** When daily jobs come for the first time after a start, and how often from then on, in milliseconds. */
  readonly firstDaily: number
  readonly daily: number
}

const DEFAULTS: JobQueueOptions = {
  concurrency: 1,
  lease: 20_000,
  pollEvery: 5_000,
  maxAttempts: 10,
  firstWait: 2_000,
  longestWait: 15 * 60_000,
  firstDaily: 60_000,
  daily: 24 * 60 * 60_000,
}

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))

/**
 * The jobs table as a queue. A job is held by a lease that is renewed while it runs, so that the job of a killed process
 * runs again; a failed one is tried again after a wait that doubles. What ends the retries: success, or `maxAttempts`.
 */
export function createJobQueue(
  db: Db,
  log: Pick<FastifyBaseLogger, 'warn' | 'error'>,
  options: Partial<JobQueueOptions> = {},
): JobQueue {
  const { concurrency, lease, pollEvery, maxAttempts, firstWait, longestWait, firstDaily, daily } = { ...DEFAULTS, ...options }
  const handlers = new Map<string, JobHandler>()
  const workers = new Set<Promise<void>>()
  let state: 'new' | 'running' | 'stopped' = 'new'
  const running = () => state === 'running'
  let busy = 0
  let freed: Promise<void> | undefined
  let poll: NodeJS.Timeout | undefined
  const dailies: string[] = []
  const calendar: NodeJS.Timeout[] = []
  /** Somebody woke the queue while every worker was busy: one of them looks once more before it ends. */
  let wokenAgain = false

  /** Renews a claim until told to stop; answers the claim as it then stands. */
  function hold(job: store.ClaimedJob): () => Promise<store.ClaimedJob> {
    let claim: store.ClaimedJob | undefined = job
    let renewal = Promise.resolve()
    const renew = async () => {
      try {
        claim = claim && (await db.write((tx) => store.renewClaim(tx, claim ?? job, lease)))
      } catch (error) {
        log.warn({ job: job.id, error: textOf(error) }, 'a job’s claim could not be renewed')
      }
    }
    const timer = setInterval(() => {
      renewal = renewal.then(renew)
    }, lease / 4)
    return async () => {
      clearInterval(timer)
      await renewal
      return claim ?? job
    }
  }

  async function giveBack(job: store.ClaimedJob, error: unknown): Promise<void> {
    const details = { job: job.id, kind: job.kind, attempts: job.attempts, error: textOf(error) }
    if (job.attempts >= maxAttempts) log.error(details, 'a job failed for the last time and is set aside')
    else log.warn(details, 'a job failed and will be tried again')
    const wait = Math.min(firstWait * 2 ** (job.attempts - 1), longestWait)
    await db.write((tx) => store.returnJob(tx, job, wait, textOf(error)))
  }

  async function run(job: store.ClaimedJob): Promise<void> {
    const letGo = hold(job)
    try {
      const handler = handlers.get(job.kind)
      if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`)
      await handler(job.payload, job.attempts >= maxAttempts)
    } catch (error) {
      return giveBack(await letGo(), error)
    }
    await letGo()
    await db.write((tx) => store.deleteJob(tx, job.id))
  }

  /** Once, before the first claim: what this process holds later is not to be freed. */
  function freeOldClaims(): Promise<void> {
    freed ??= MANY_SERVERS[db.dialect] ? Promise.resolve() : db.write(store.freeClaims)
    return freed.catch((error: unknown) => {
      freed = undefined
      throw error
    })
  }

  async function work(): Promise<void> {
    try {
      await freeOldClaims()
      do {
        wokenAgain = false
        while (running()) {
          const job = await db.write((tx) => store.claimJob(tx, db.dialect, lease, maxAttempts))
          if (!job) break
          await run(job)
          await breathe()
        }
      } while (wokenAgain && running())
    } catch (error) {
      // The database failed. The timer starts the next worker.
      log.error({ error: textOf(error) }, 'the job queue could not reach its table')
    } finally {
      // In the same turn as the last look at `wokenAgain`, so that no wake falls between.
      busy -= 1
    }
  }

  function wake(): void {
    if (!running()) return
    if (busy >= concurrency) {
      wokenAgain = true
      return
    }
    busy += 1
    const worker = work()
    workers.add(worker)
    void worker.then(() => workers.delete(worker))
  }

  async function enqueueAll(tx: Tx, kind: string, payloads: readonly string[], wait?: number): Promise<void> {
    const jobs = payloads.map((payload) => ({ id: randomUUID(), kind, payload }))
    await store.insertJobs(tx, jobs, wait)
    tx.afterCommit(wake)
  }

  async function planDailies(): Promise<void> {
    for (const kind of dailies) {
      try {
        await db.write(async (tx) => {
          if (await store.planDaily(tx, kind, maxAttempts)) tx.afterCommit(wake)
        })
      } catch (error) {
        log.warn({ kind, error: textOf(error) }, 'a daily job could not be planned')
      }
    }
  }

  return {
    enqueue: (tx, kind, payload, wait) => enqueueAll(tx, kind, [payload], wait),
    enqueueAll,
    handle(kind, handler) {
      handlers.set(kind, handler)
    },
    daily(kind) {
      dailies.push(kind)
    },
    again(kind) {
      return db.write(async (tx) => {
        const begun = await store.beginAnew(tx, kind, maxAttempts)
        if (begun > 0) tx.afterCommit(wake)
        return begun
      })
    },
    start() {
      state = 'running'
      poll = setInterval(wake, pollEvery)
      poll.unref()
      const plan = () => running() && void planDailies()
      calendar.push(setTimeout(plan, firstDaily).unref(), setInterval(plan, daily).unref())
      wake()
    },
    async stop() {
      state = 'stopped'
      clearInterval(poll)
      for (const timer of calendar) clearTimeout(timer)
      await Promise.all(workers)
    },
    async idle() {
      while (running()) {
        await Promise.all(workers)
        if (workers.size > 0) continue
        if (!(await db.write((tx) => store.anyDue(tx, maxAttempts)))) return
        wake()
      }
    },
  }
}
