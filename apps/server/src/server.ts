import { access, constants, mkdir } from 'node:fs/promises'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { openDiskBlobs } from './blobs/disk.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { Db } from './db/db.ts'
import { openDb } from './db/open.ts'
import { createLog } from './http/log.ts'
import { createJobQueue } from './jobs/queue.ts'
import { prepareSlices } from './slices/registry.ts'
import { Nudges } from './slices/sync/nudges.ts'

export interface RunningServer {
  /** Where it listens, as `http://127.0.0.1:4700`. */
  readonly url: string
  readonly ctx: Context
  /** Ends event streams, answers what was begun, finishes the job under way, closes the database. Calling it again waits too. */
  close(): Promise<void>
}

export interface StartOptions {
  readonly log?: FastifyBaseLogger
  /** Folder of the built web app, when it is not this repository's. */
  readonly webRoot?: string
}

/** Why a server could not start, in a sentence for who started it. */
export class StartError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'StartError'
  }
}

/** Requests under way get this long to end when the server goes down. */
const GRACE_MS = 10_000

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Runs one step of starting; what it throws is told in the words of the step. */
async function step<T>(say: (error: unknown) => string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new StartError(say(error), error)
  }
}

async function ensureFolder(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await access(dataDir, constants.W_OK | constants.X_OK)
}

function databaseWords({ databaseUrl, dataDir }: Config): (error: unknown) => string {
  // The URL holds a password: only where the database is said to be is told.
  const where = databaseUrl ? `at ${new URL(databaseUrl).host} (DATABASE_URL)` : `in ${dataDir} (DATA_DIR)`
  return (error) => `The database ${where} cannot be opened: ${wordsOf(error) || 'no connection'}`
}

function listenWords({ host, port }: Config): (error: unknown) => string {
  return (error) => {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return `Port ${port} is in use. Stop what listens there, or choose another with PORT.`
    if (code === 'EACCES') return `Port ${port} needs rights that this user does not have. Choose one above 1023 with PORT.`
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is not an address of this machine. See HOST.`
    return `Nothing can listen on ${host}, port ${port}: ${wordsOf(error)}`
  }
}

async function closeApp(app: FastifyInstance): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), GRACE_MS)
  try {
    await app.close()
  } finally {
    clearTimeout(deadline)
  }
}

async function run(ctx: Context, webRoot: string | undefined): Promise<RunningServer> {
  await prepareSlices(ctx)
  const app = await buildApp(ctx, webRoot)
  const { host, port } = ctx.config
  const url = await step(listenWords(ctx.config), () => app.listen({ host, port }))
  ctx.jobs.start()
  ctx.db.others.hear((topic) => ctx.nudges.heard(topic))
  let closing: Promise<void> | undefined
  const closeAll = async () => {
    await closeApp(app)
    await ctx.jobs.stop()
    await ctx.db.close()
  }
  return {
    url,
    ctx,
    close: () => {
      closing ??= closeAll()
      return closing
    },
  }
}

/**
 * Starts a whole server in this process. Port 0 takes a free one.
 * @throws StartError when the data folder, the database or the port cannot be used
 */
export async function start(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const { dataDir } = config
  const log = options.log ?? createLog(config.logLevel)
  const folderWords = (error: unknown) => `The data folder ${dataDir} (DATA_DIR) cannot be written to: ${wordsOf(error)}`
  await step(folderWords, () => ensureFolder(dataDir))
  const db: Db = await step(databaseWords(config), () => openDb(config))
  try {
    const blobs = await step(folderWords, () => openDiskBlobs(dataDir))
    const ctx: Context = { config, db, blobs, jobs: createJobQueue(db, log), nudges: new Nudges(db.others), log }
    return await run(ctx, options.webRoot)
  } catch (error) {
    await db.close()
    throw error
  }
}
