import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

const VERSION = 1
export const WAIT_MS = 5_000

/**
 * `pages` and `animals` hold JSON arrays as they came, read in the order of `n`. `life` in `meta` is new each time the
 * tables are made: an opener that finds another one knows that the account was wiped behind it.
 */
const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (n INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE uploads (image TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE syncs (feed TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE feeds (id INTEGER PRIMARY KEY, feed TEXT NOT NULL UNIQUE, state TEXT NOT NULL);
CREATE TABLE pages (n INTEGER PRIMARY KEY, feed INTEGER NOT NULL, generation INTEGER NOT NULL, items TEXT NOT NULL);
CREATE TABLE animals (n INTEGER PRIMARY KEY, feed INTEGER NOT NULL, generation INTEGER NOT NULL, items TEXT NOT NULL);
CREATE TABLE over (feed INTEGER NOT NULL, generation INTEGER NOT NULL, key TEXT NOT NULL, value TEXT,
  PRIMARY KEY (feed, generation, key)) WITHOUT ROWID;
CREATE INDEX pages_of ON pages (feed, generation);
CREATE INDEX animals_of ON animals (feed, generation);
PRAGMA user_version = ${VERSION};
`
export const TABLES = ['meta', 'outbox', 'uploads', 'syncs', 'feeds', 'pages', 'animals', 'over', 'marks']
/** Came later; a program that does not know it leaves it alone, and what it then says is noticed to be old. */
const LATER = 'CREATE TABLE IF NOT EXISTS marks (feed INTEGER PRIMARY KEY, value TEXT NOT NULL)'

/** A connection with its statements, each prepared once. */
export class Connection {
  readonly db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(path: string, readOnly = false) {
    this.db = new DatabaseSync(path, { readOnly, timeout: WAIT_MS })
  }

  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const made = this.db.prepare(sql)
    this.#statements.set(sql, made)
    return made
  }

  /** The value of a pragma that is a number. */
  number(pragma: string): number {
    return Number(Object.values(this.prepare(`PRAGMA ${pragma}`).get() ?? {})[0])
  }
}

/** Which life of the file this is; undefined in a file without tables. */
export function lifeOf(connection: Connection): string | undefined {
  const row = connection.prepare(`SELECT value FROM meta WHERE key = 'life'`).get() as { value: string } | undefined
  return row?.value
}

/**
 * Pages in the log (64 MiB) before a commit moves them to the file, which is synced twice for it: a first sync of many dexes must not wait
 * for that in its midst. The last to close the file moves what is left.
 */
const LOG_PAGES = 8_192

/** Opens the file, or makes it, with its tables. */
export function openAt(path: string): Connection {
  const connection = new Connection(path)
  try {
    connection.db.exec(
      `PRAGMA page_size = 8192; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = ${LOG_PAGES}; PRAGMA synchronous = NORMAL`,
    )
    const version = connection.number('user_version')
    if (version > VERSION) throw new Error('The local store was written by a newer version of this program.')
    if (version !== VERSION) makeTables(connection)
    if (version === VERSION || existsSync(path)) {
      connection.db.exec(LATER)
      return connection
    }
  } catch (error) {
    connection.db.close()
    throw error
  }
  // Another program removed the file, wiped, between its opening and the making of its tables.
  connection.db.close()
  return openAt(path)
}

function makeTables(connection: Connection): void {
  const { db } = connection
  db.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE')
  // Another opener may have been quicker.
  if (connection.number('user_version') === 0) {
    db.exec(SCHEMA)
    db.prepare(`INSERT INTO meta VALUES ('life', ?)`).run(randomUUID())
  }
  db.exec('COMMIT')
}
