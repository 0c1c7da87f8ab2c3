import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { StorageFull, StoreGone } from '../ports.ts'
import { Connection, lifeOf, openAt, TABLES, WAIT_MS } from './sqlite-connection.ts'

const SQLITE_ERROR = 1
const SQLITE_BUSY = 5
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14

type Value = string | number | Uint8Array | null

const errcode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined

/** What SQLite threw, in the terms of the ports. */
function translated(error: unknown): unknown {
  const code = errcode(error)
  if (code === SQLITE_FULL) return new StorageFull()
  if (code === SQLITE_CANTOPEN) return new StoreGone()
  if (code === SQLITE_ERROR && error instanceof Error && error.message.startsWith('no such table')) return new StoreGone()
  return error
}

/** One account's database file: transactions, snapshots, and a wipe that other openers notice. All calls are synchronous. */
export class SqliteFile {
  readonly #path: string
  readonly #main: Connection
  readonly #life: string
  readonly #readers = new Set<Connection>()
  /** Content was deleted while somebody read: it may still lie in the log. */
  #unscrubbed = false
  #durable = false
  #ended = false
  #writes = 0

  /** Opens the file, or makes it, with its folder. */
  constructor(path: string) {
    this.#path = path
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#main = openAt(path)
    this.#life = lifeOf(this.#main) ?? ''
  }

  /** Runs a statement of the transaction under way. */
  run(sql: string, ...values: Value[]): void {
    this.#main.prepare(sql).run(...values)
  }

  get<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#main.prepare(sql).get(...values) as Row | undefined
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#main.prepare(sql).all(...values) as Row[]
  }

  /** Another text after each write, by whichever program. */
  version(): string {
    return `${this.#writes}/${this.#main.number('data_version')}`
  }

  /** One consistent look at the file. */
  read<Result>(work: () => Result): Result {
    return this.#transaction('BEGIN', work)
  }

  /**
   * One atomic write. `durable`: it survives a power cut, not only a crash of the program; the file's log is synced at its end.
   * Throws StorageFull or StoreGone.
   */
  write<Result>(durable: boolean, work: () => Result): Result {
    if (this.#ended) throw new StoreGone()
    if (this.#durable !== durable) this.#main.db.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`)
    this.#durable = durable
    this.#writes += 1
    return this.#transaction('BEGIN IMMEDIATE', work)
  }

  /**
   * Rows of a query as they are at this moment, read one by one; `first` runs in the same snapshot. It takes a connection of its
   * own, until the rows are read or left.
   */
  snapshot<First>(
    first: (snapshot: Connection) => First,
    sql: string,
    ...values: Value[]
  ): { first: First; rows: Iterable<unknown> } {
    if (this.#ended) throw new StoreGone()
    let reader: Connection | undefined
    try {
      reader = new Connection(this.#path, true)
      this.#readers.add(reader)
      reader.db.exec('BEGIN')
      if (lifeOf(reader) !== this.#life) throw new StoreGone()
      return { first: first(reader), rows: this.#stream(reader, sql, values) }
    } catch (error) {
      if (reader) this.#leave(reader)
      throw translated(error)
    }
  }

  *#stream(reader: Connection, sql: string, values: Value[]): Iterable<unknown> {
    try {
      yield* reader.prepare(sql).iterate(...values)
    } catch (error) {
      throw reader.db.isOpen ? translated(error) : new StoreGone()
    } finally {
      this.#leave(reader)
    }
  }

  /**
   * Makes deleted content leave the log file too: a checkpoint. While a reader is in the way that waits until the last one has left; another
   * program's readers it waits for until this file is closed, or the next time.
   */
  scrub(): void {
    this.#unscrubbed = this.#readers.size > 0
    this.#withoutWaiting(() => this.#main.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
  }

  /** Deletes everything, for every opener, and the file itself once nobody else has it open. */
  wipe(): void {
    this.write(true, () => {
      for (const table of TABLES) this.#main.db.exec(`DROP TABLE ${table}`)
      this.#main.db.exec('PRAGMA user_version = 0')
    })
    this.#closeReaders()
    this.scrub()
    this.close()
  }

  close(): void {
    this.#ended = true
    if (!this.#main.db.isOpen) return
    this.#closeReaders()
    if (this.#main.number('user_version') === 0) this.#removeUnlessShared()
    this.#main.db.close()
  }

  #transaction<Result>(begin: string, work: () => Result): Result {
    if (this.#ended) throw new StoreGone()
    const { db } = this.#main
    try {
      db.exec(begin)
      if (lifeOf(this.#main) !== this.#life) throw new StoreGone()
      const result = work()
      db.exec('COMMIT')
      return result
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw translated(error)
    }
  }

  /** SQLite deletes a log by its name, so a file is removed only while nobody else can be using that name. */
  #removeUnlessShared(): void {
    this.#withoutWaiting(() => {
      this.#main.db.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
      rmSync(this.#path, { force: true })
      this.#main.db.exec('ROLLBACK')
    })
  }

  /** Runs work that other openers may prevent; then it is theirs to do when they close. */
  #withoutWaiting(work: () => void): void {
    const { db } = this.#main
    db.exec('PRAGMA busy_timeout = 0')
    try {
      work()
    } catch (error) {
      if (errcode(error) !== SQLITE_BUSY) throw error
    } finally {
      db.exec(`PRAGMA busy_timeout = ${WAIT_MS}`)
    }
  }

  #closeReaders(): void {
    for (const reader of [...this.#readers]) this.#leave(reader)
  }

  #leave(reader: Connection): void {
    this.#readers.delete(reader)
    if (reader.db.isOpen) reader.db.close()
    if (this.#unscrubbed && this.#readers.size === 0 && !this.#ended) this.scrub()
  }
}
