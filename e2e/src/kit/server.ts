import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { freePort } from './ports.ts'

const PROGRAM = join(import.meta.dirname, 'server-process.ts')

/** A server that stops itself at a point of a picture's way in: see the test kit's dying-server. */
const DYING_PROGRAM = join(import.meta.dirname, '../../../packages/test-kit/src/dying-server.ts')

/** Data of a server that was started once and has no accounts, where the journeys have made it ready. */
export const FIRST_START = join(import.meta.dirname, '../../../.cache/first-start')

async function emptyData(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'biologidex-e2e-'))
  if (existsSync(FIRST_START)) await cp(FIRST_START, folder, { recursive: true })
  return folder
}

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>
  /** A data folder to begin with; the server's own from then on. */
  readonly dataDir?: string
}

/**
 * A real server process with a data folder of its own. It keeps its address and its data over `kill` and `start`, as a
 * machine does over a power cut.
 */
export class Server {
  readonly port: number
  readonly dataDir: string
  readonly #env: Readonly<Record<string, string>>
  #process: ChildProcess | undefined

  private constructor(port: number, dataDir: string, env: Readonly<Record<string, string>>) {
    this.port = port
    this.dataDir = dataDir
    this.#env = env
  }

  /** Starts a server without accounts, unless it is given data to begin with. */
  static async open({ env = {}, dataDir }: ServerOptions = {}): Promise<Server> {
    const folder = dataDir ?? (await emptyData())
    const server = new Server(await freePort(), folder, env)
    await server.start()
    return server
  }

  /** As people type it: browsers take localhost for a secure context. */
  get origin(): string {
    return `http://localhost:${this.port}`
  }

  /** Starts it again on the same data. `dieAt`: it kills itself at that point. */
  async start(dieAt?: string): Promise<void> {
    const env = { ...process.env, LOG_LEVEL: 'error', ...this.#env, PORT: String(this.port), DATA_DIR: this.dataDir }
    const child = spawn(process.execPath, [dieAt ? DYING_PROGRAM : PROGRAM], {
      env: dieAt ? { ...env, DIE_AT: dieAt } : env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#process = child
    const lines = createInterface({ input: child.stdout })
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code} before it listened`)
    })
    await Promise.race([once(lines, 'line'), died])
    died.catch(() => undefined)
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** Resolves when the process has ended, by whatever cause. */
  async died(): Promise<void> {
    if (this.isRunning && this.#process) await once(this.#process, 'exit')
  }

  /** SIGKILL: nothing is finished, nothing is flushed. */
  async kill(): Promise<void> {
    if (!this.isRunning) return
    const gone = this.died()
    this.#process?.kill('SIGKILL')
    await gone
  }

  /** Holds the process still: connections are taken, nothing is answered. */
  pause(): void {
    this.#process?.kill('SIGSTOP')
  }

  resume(): void {
    this.#process?.kill('SIGCONT')
  }

  /** What the database holds, read beside the running server. */
  rows<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    const db = new DatabaseSync(join(this.dataDir, 'biologidex.sqlite'), { readOnly: true, timeout: 5_000 })
    try {
      return db.prepare(sql).all(...values) as Row[]
    } finally {
      db.close()
    }
  }

  /** Ends it and removes its data. */
  async close(): Promise<void> {
    await this.kill()
    await rm(this.dataDir, { recursive: true, force: true })
  }
}
