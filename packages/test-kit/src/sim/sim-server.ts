import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buildApp } from '@biologidex/server/app'
import { openDiskBlobs } from '@biologidex/server/blobs/disk'
import { type Config, readConfig } from '@biologidex/server/config'
import type { Context } from '@biologidex/server/context'
import { openDb } from '@biologidex/server/db/open'
import { createLog } from '@biologidex/server/http/log'
import type { JobHandler, JobQueue } from '@biologidex/server/jobs/job-queue'
import { createJobQueue } from '@biologidex/server/jobs/queue'
import { registerDeletionJobs } from '@biologidex/server/slices/accounts/deletion.service'
import { seedAnimals } from '@biologidex/server/slices/animals/animals.seed'
import { registerEntryJobs } from '@biologidex/server/slices/entries/entries.routes'
import { registerImageJobs } from '@biologidex/server/slices/images/images.routes'
import { Nudges } from '@biologidex/server/slices/sync/nudges'
import type { Busy } from './busy.ts'
import { CrashPlan, type CrashPoint, mortalBlobs, mortalDb } from './crash-points.ts'
import { Life } from './life.ts'
import { Power } from './power.ts'
import { Promises } from './promises.ts'
import { type Answer, bodyFor, headersOf, type Sent } from './sent.ts'
import { Steps } from './steps.ts'

/** Nobody answers: the server is down, or went down before it could. */
export class ServerGone extends Error {}

/** Limits that nobody runs into: what a limit answers is the network's to play. */
const GENEROUS = '1000000'
const RATES = ['PULL', 'PUSH', 'PICTURE', 'SIGN_IN', 'EVENTS', 'PEOPLE_NETWORK'].map((name) => [`RATE_${name}_BURST`, GENEROUS])

/** Jobs left by a dead server are looked for this often, in virtual milliseconds. */
const POLL_EVERY = 20_000

/** One running of the server: what a process is. */
interface Running {
  readonly life: Life
  readonly app: Awaited<ReturnType<typeof buildApp>>
  readonly ctx: Context
  readonly close: () => Promise<void>
}

/** A stream of events that is open. */
export interface OpenStream {
  readonly answer: Answer
  readonly body: Readable
  close(): void
}

export interface SimServerParts {
  readonly busy: Busy
  /** Its data folder: database, pictures, and `animals.tsv`. */
  readonly folder: string
  /** It died at a crash point that was planned. */
  readonly onDeath: () => void
}

/** A server's background work: a job that is under way when it dies never ends. */
function mortalJobs(jobs: JobQueue, life: Life): JobQueue {
  const mortal =
    (work: JobHandler): JobHandler =>
    (payload, last) =>
      life.run(() => Promise.race([work(payload, last), life.ended]))
  return { ...jobs, handle: (kind, work) => jobs.handle(kind, mortal(work)) }
}

/** The real server on a folder, in this process: started, killed at chosen points, and started again. */
export class SimServer {
  readonly plan = new CrashPlan()
  readonly power: Power
  readonly steps: Steps
  /** Errors that it logged while it lived: none is expected. */
  readonly errors: string[] = []
  readonly #parts: SimServerParts
  readonly #config: Config
  readonly #promises = new Promises()
  #running: Running | undefined
  /** A server that is dead and not yet buried: what it had begun may still come to its next step. */
  #dying: Life | undefined
  /** Whether a planned death takes the machine's power with it. */
  #withPower = false

  constructor(parts: SimServerParts) {
    this.#parts = parts
    this.power = new Power(join(parts.folder, '.'))
    this.steps = new Steps({ folder: join(parts.folder, '.'), plan: this.plan, life: () => this.#dying ?? this.#running?.life })
    this.#config = readConfig({ DATA_DIR: parts.folder, LOG_LEVEL: 'error', ...Object.fromEntries(RATES) })
  }

  get isUp(): boolean {
    return this.#running !== undefined
  }

  /** The parts of the server that is up. @throws ServerGone */
  get ctx(): Context {
    return this.#up().ctx
  }

  /** Changes with each start: an answer of an earlier one comes over a connection that its death has cut. */
  get life(): Life | undefined {
    return this.#running?.life
  }

  start(): Promise<void> {
    return this.#parts.busy.track('a start of the server', this.#start())
  }

  async #start(): Promise<void> {
    const { folder, busy } = this.#parts
    const life = new Life(busy)
    const log = createLog('error', { write: (line) => void (life.over || this.errors.push(line)) })
    const db = await openDb(this.#config)
    const blobs = mortalBlobs(await openDiskBlobs(folder), life, this.plan)
    const alive = mortalDb(db, life, this.plan)
    const jobs = createJobQueue(alive, log, { pollEvery: POLL_EVERY })
    const ctx: Context = { config: this.#config, db: alive, blobs, jobs: mortalJobs(jobs, life), nudges: new Nudges(), log }
    // Unlike the others this one cannot die half-way: it ran long before, when the folder was made.
    await seedAnimals({ ...ctx, db }, join(folder, 'animals.tsv'))
    registerEntryJobs(ctx)
    registerImageJobs(ctx)
    await registerDeletionJobs(ctx)
    const app = await buildApp(ctx, join(folder, 'no-web-app'))
    await app.ready()
    this.#running = { life, app, ctx, close: () => db.close() }
    void life.ended.then(() => this.#died(this.#withPower))
    jobs.start()
  }

  /** Stops it as one stops a server to update it. */
  stop(): Promise<void> {
    const { app, ctx, close } = this.#up()
    this.#running = undefined
    const down = async () => {
      await app.close()
      await ctx.jobs.stop()
      await close()
    }
    return this.#parts.busy.track('a stop of the server', down())
  }

  /** Plans its death. `power`: the machine goes down with it. */
  dieAt(point: CrashPoint | undefined, power: boolean): void {
    this.plan.plan(point)
    this.#withPower = power
  }

  /** It dies now. */
  kill(power: boolean): void {
    this.#withPower = power
    this.#running?.life.end()
  }

  #died(power: boolean): void {
    const dead = this.#running
    if (!dead?.life.over) return
    this.#running = undefined
    this.#dying = dead.life
    if (power) this.power.off()
    const bury = async () => {
      dead.ctx.nudges.close()
      void dead.ctx.jobs.stop()
      await dead.life.settled()
      await dead.close()
      this.#dying = undefined
      if (power) await this.power.cut()
    }
    void this.#parts.busy.track('the end of a dead server', bury()).then(this.#parts.onDeath)
  }

  /** @throws ServerGone also when it dies before the answer is complete */
  async send(request: Sent): Promise<Answer> {
    const { app, life } = this.#up()
    const { method, path: url } = request
    const injected = app.inject({ method, url, headers: headersOf(request), payload: bodyFor(request) })
    return this.#parts.busy.track(
      `${method} ${url}`,
      this.#whileAlive(life, async () => {
        const { statusCode: status, headers, rawPayload: body } = await injected
        const answer = { status, headers, body }
        const broken = life.over ? undefined : this.#promises.heard(request, answer)
        if (broken) this.errors.push(broken)
        return answer
      }),
    )
  }

  /** Opens a stream that ends when the server wants, dies, or it is closed. @throws ServerGone */
  async open(request: Sent): Promise<OpenStream> {
    const { app, life } = this.#up()
    const { method, path: url } = request
    const opening = app.inject({ method, url, headers: headersOf(request), payloadAsStream: true })
    return this.#parts.busy.track(
      `${method} ${url}`,
      this.#whileAlive(life, async () => {
        const { statusCode: status, headers, raw, stream } = await opening
        const close = () => void raw.res.req.destroy()
        void life.ended.then(close)
        return { answer: { status, headers, body: Buffer.alloc(0) }, body: stream(), close }
      }),
    )
  }

  #up(): Running {
    if (!this.#running) throw new ServerGone('nobody listens')
    return this.#running
  }

  #whileAlive<T>(life: Life, work: () => Promise<T>): Promise<T> {
    const gone = life.ended.then(() => {
      throw new ServerGone('the server died')
    })
    return Promise.race([work(), gone])
  }
}
