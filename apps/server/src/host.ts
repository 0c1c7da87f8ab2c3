import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { AdminAccount, ResetLink, Role } from '@biologidex/core/accounts/account'
import { openDiskBlobs } from './blobs/disk.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { Db } from './db/db.ts'
import { openDb, SQLITE_FILE } from './db/open.ts'
import { createLog } from './http/log.ts'
import { createJobQueue } from './jobs/queue.ts'
import { addByName, everyAccount, resetByName } from './slices/accounts/admin.service.ts'
import { seedAnimals } from './slices/animals/animals.seed.ts'
import { readList } from './slices/animals/list-file.ts'
import { type Listed, takeList } from './slices/animals/listing.service.ts'
import { type DemoAccount, type DemoSize, drawingCatalogue, fillDemo } from './slices/demo/demo.service.ts'
import { Nudges } from './slices/sync/nudges.ts'

export { NotAList } from './slices/animals/list-file.ts'
export type { Listed } from './slices/animals/listing.service.ts'
export { DEMO_PASSWORD, type DemoAccount, type DemoSize } from './slices/demo/demo.service.ts'

/** A link for one person, as they open it. */
export interface HostLink {
  readonly username: string
  readonly url: string
  /** When it stops working, in UTC milliseconds. */
  readonly expires: number
}

/** What the host of a server does straight in its database, whether the server runs or not. */
export interface Host {
  accounts(): Promise<AdminAccount[]>
  /**
   * Makes an account; the link lets its person choose a password.
   * @param guardian user name of who approves its friendships, if it is to be a managed one
   * @throws AppError invalid_input, username_taken, missing_target, managed_account
   */
  add(username: string, role: Role | undefined, guardian?: string): Promise<HostLink>
  /** @throws AppError not_found when nobody has that name */
  resetLink(username: string): Promise<HostLink>
  /**
   * Brings a list of animals into the catalogue, line by line. What became vulnerable is closed to others at once, and shown to them again, no finer than an
   * area, by the server's own jobs.
   * @param onProblem told of each line that says nothing
   * @throws NotAList
   */
  importCatalogue(file: string, onProblem: (line: number, problem: string) => void): Promise<Listed>
  close(): Promise<void>
}

/** Why a server's data could not be opened, in a sentence for its host. */
export class NoServerHere extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'NoServerHere'
  }
}

async function openExisting(config: Config): Promise<Db> {
  const { dataDir, databaseUrl } = config
  try {
    // A new, empty database in the wrong folder would answer every question wrongly.
    if (!databaseUrl) await access(join(dataDir, SQLITE_FILE))
    return await openDb(config)
  } catch (error) {
    // The URL holds a password: only where the database is said to be is told.
    const where = databaseUrl ? `at ${new URL(databaseUrl).host} (DATABASE_URL)` : `in ${dataDir} (DATA_DIR)`
    throw new NoServerHere(`There is no database of a server ${where}. Start the server once, or say where it is.`, error)
  }
}

/**
 * Opens the data of the server that these settings name.
 * @throws NoServerHere
 */
export async function openHost(config: Config): Promise<Host> {
  const db = await openExisting(config)
  // On SQLite devices that listen are told by the server's own process only; these hear of it at their next pull (N2).
  const database = { db, nudges: new Nudges(db.others) }
  // Never started: what waits in it is the server's to do.
  const jobs = createJobQueue(db, createLog('error'))
  const origin = config.publicOrigin ?? `http://localhost:${config.port}`
  const toLink = ({ username, path, expires }: ResetLink): HostLink => {
    return { username, url: new URL(path, origin).href, expires }
  }
  return {
    accounts: () => everyAccount(database),
    add: async (username, role, guardian) => toLink(await addByName(database, username, role ? { role } : {}, guardian)),
    resetLink: async (username) => toLink(await resetByName(database, username)),
    importCatalogue: (file, onProblem) => takeList({ ...database, jobs }, readList(file), { onProblem }),
    close: () => db.close(),
  }
}

/**
 * Fills the server that these settings name with a demo; one that was never started is made first.
 * @param onPerson told after each dex
 * @throws AppError username_taken when somebody of those names is there
 */
export async function makeDemo(
  config: Config,
  size: DemoSize,
  onPerson: (account: DemoAccount) => void,
): Promise<DemoAccount[]> {
  const db = await openDb(config)
  try {
    const log = createLog('error')
    const blobs = await openDiskBlobs(config.dataDir)
    // Its jobs are never started: what the demo does not do at once is the server's own queue to do.
    const ctx: Context = { config, db, blobs, jobs: createJobQueue(db, log), nudges: new Nudges(db.others), log }
    await seedAnimals(drawingCatalogue(ctx))
    return await fillDemo(ctx, size, onPerson)
  } finally {
    await db.close()
  }
}
