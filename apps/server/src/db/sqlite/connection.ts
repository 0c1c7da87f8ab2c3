import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'

const MAX_STATEMENTS = 500

/** One SQLite connection for Kysely, with its prepared statements kept: preparing anew costs five times the query. */
export class SqliteConnection implements DatabaseConnection {
  readonly raw: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(path: string, readOnly: boolean) {
    this.raw = new DatabaseSync(path, { readOnly, timeout: 10_000 })
    // Pages of 8 kB, for a new file: payloads of about a kilobyte would spill out of smaller ones.
    if (!readOnly) this.raw.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    // Kilobytes of pages. A reader that scans a whole dex leaves its pages behind; the system keeps those of the file anyway.
    const cache = readOnly ? 4_000 : 16_000
    this.raw.exec(`PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${cache}`)
  }

  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear()
      statement = this.raw.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** A statement whose rows come as lists: for each object the names of its columns would be made anew, half of the time of a short query. */
  prepareLists(sql: string): StatementSync {
    const statement = this.raw.prepare(sql)
    statement.setReturnArrays(true)
    return statement
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const statement = this.prepare(query.sql)
    const parameters = query.parameters as readonly SQLInputValue[]
    if (statement.columns().length > 0) return { rows: statement.all(...parameters) as R[] }
    const { changes, lastInsertRowid } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    for (const row of this.prepare(query.sql).iterate(...(query.parameters as readonly SQLInputValue[]))) {
      yield { rows: [row as R] }
    }
  }

  close(): void {
    this.#statements.clear()
    this.raw.close()
  }
}
