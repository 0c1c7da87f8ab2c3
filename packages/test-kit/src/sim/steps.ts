import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { StatementSync } from 'node:sqlite'
import { type CrashPlan, Dead } from './crash-points.ts'
import type { Life } from './life.ts'

/** Opened so, a file is not changed: all other flags may make it or write to it. */
const READS = 'r'
/** `BEGIN DEFERRED` and `END` go around what only reads. */
const CHANGES = /^\s*(insert|update|delete|replace|begin(?! deferred)|commit|savepoint|release|rollback|create|drop|alter)\b/i
/** What a connection that closes with its program does by itself. */
const UNDOES = /^\s*rollback\b/i
const RUNS = ['run', 'all', 'get'] as const
const NAMED = ['rename', 'mkdir', 'rm', 'unlink', 'utimes'] as const

type Named = (typeof NAMED)[number]
type Call = (...args: unknown[]) => unknown

interface Watched {
  /** The data folder: what happens elsewhere is none of the server's. */
  readonly folder: string
  readonly plan: CrashPlan
  /** The server that runs, if one does. */
  readonly life: () => Life | undefined
}

/**
 * Counts every single thing that a server does to its disk, below its stores: each file made, write, sync, rename and removal, and
 * each statement that changes its database. At the one that was planned it dies, and from then on nothing it had begun has an
 * effect. What the database's own file is at a kill is SQLite's to say, and asked for in torn-commit.test.ts.
 */
export class Steps {
  readonly #watched: Watched

  constructor(watched: Watched) {
    this.#watched = watched
  }

  /** Watches this process until what is returned is called. */
  watch(): () => void {
    const giveBack = [this.#watchFiles(), this.#watchStatements()]
    return () => {
      for (const give of giveBack) give()
    }
  }

  #isOurs(path: unknown): boolean {
    return String(path).startsWith(this.#watched.folder)
  }

  /** One step; `half` is what is done of it when it breaks off in its midst. */
  async #step<T>(work: () => Promise<T>, half?: () => Promise<T>): Promise<T> {
    const life = this.#watched.life()
    if (!life) return work()
    if (life.over) throw new Dead()
    const dies = this.#watched.plan.pass('file', half !== undefined)
    if (dies !== 'before') {
      const result = await (dies === 'midway' && half ? half() : work())
      if (!dies) return result
    }
    life.end()
    throw new Dead()
  }

  /** A file that was made for a server which then is dead is closed, as its system would see to. */
  async #make(open: () => Promise<fs.FileHandle>): Promise<fs.FileHandle> {
    let made: fs.FileHandle | undefined
    try {
      return await this.#step(async () => {
        made = await open()
        return made
      })
    } catch (error) {
      await made?.close()
      throw error
    }
  }

  #watchFiles(): () => void {
    const { open } = fs
    const before: Record<string, unknown> = { open }
    const members: Record<string, unknown> = {
      open: async (...args: Parameters<typeof open>) => {
        if (!this.#isOurs(args[0])) return open(...args)
        return this.#watchFile(await (args[1] === READS ? open(...args) : this.#make(() => open(...args))))
      },
    }
    for (const name of NAMED) {
      const real = fs[name] as (...args: unknown[]) => Promise<unknown>
      before[name] = real
      const watched: Record<Named, Call> = members as Record<Named, Call>
      watched[name] = (...args) => (this.#isOurs(args[0]) ? this.#step(() => real(...args)) : real(...args))
    }
    Object.assign(fs, members)
    syncBuiltinESMExports()
    return () => {
      Object.assign(fs, before)
      syncBuiltinESMExports()
    }
  }

  #watchFile(file: fs.FileHandle): fs.FileHandle {
    const write = file.write.bind(file) as (bytes: Uint8Array, from: number, length: number, at: number) => Promise<unknown>
    const sync = file.sync.bind(file)
    return Object.assign(file, {
      write: (bytes: Uint8Array, from: number, length: number, at: number) =>
        this.#step(
          () => write(bytes, from, length, at),
          () => write(bytes, from, Math.ceil(length / 2), at),
        ),
      sync: () => this.#step(sync),
    })
  }

  #watchStatements(): () => void {
    const real = StatementSync.prototype
    const before = Object.fromEntries(RUNS.map((name) => [name, real[name]]))
    const statement = (sql: string, work: () => unknown): unknown => this.#statement(sql, work)
    for (const name of RUNS) {
      const run = real[name] as Call
      Object.assign(real, {
        [name]: function (this: StatementSync, ...args: unknown[]) {
          return statement(this.sourceSQL, () => run.apply(this, args))
        },
      })
    }
    return () => void Object.assign(real, before)
  }

  #statement(sql: string, work: () => unknown): unknown {
    const life = this.#watched.life()
    if (!life || !CHANGES.test(sql)) return work()
    if (life.over) {
      if (UNDOES.test(sql)) return work()
      throw new Dead()
    }
    const dies = this.#watched.plan.pass('statement')
    if (dies !== 'before') {
      const result = work()
      if (!dies) return result
    }
    life.end()
    throw new Dead()
  }
}
