import type { SqliteConnection } from './connection.ts'

/**
 * One read transaction for all that is read in a turn of the event loop. Each query by itself would lock the file and let it go again,
 * and look whether others have committed: of an unchanged pull that is half the time in SQLite. What is answered in a turn is the
 * state of its first query. What another program commits meanwhile is seen from the next turn on, some milliseconds later.
 */
export class Turn {
  readonly #connection: SqliteConnection
  readonly #begun: () => void
  readonly #begin
  readonly #commit
  #open = false

  /** @param begun called as a snapshot begins, before anything else is read in it */
  constructor(connection: SqliteConnection, begun: () => void) {
    this.#connection = connection
    this.#begun = begun
    this.#begin = connection.prepare('BEGIN DEFERRED')
    this.#commit = connection.prepare('END')
  }

  /** A query that reads in the snapshot of the turn in which it is asked. */
  reading<A extends unknown[], T>(read: (...values: A) => T): (...values: A) => Promise<T> {
    return async (...values) => {
      this.#enter()
      return read(...values)
    }
  }

  #enter(): void {
    if (this.#open) return
    this.#open = true
    setImmediate(() => this.end())
    this.#begin.run()
    this.#begun()
  }

  /** What this process is about to commit must be seen: what is read next begins a new snapshot. */
  end(): void {
    this.#open = false
    const { raw } = this.#connection
    if (raw.isOpen && raw.isTransaction) this.#commit.run()
  }
}
