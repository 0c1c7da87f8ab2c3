import { existsSync, mkdirSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type CacheChoice, type PictureRow, type PictureStore, StorageFull, StoreGone } from '../ports.ts'

const SCHEMA = `
PRAGMA secure_delete = ON;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS rows (dex TEXT NOT NULL, sha256 TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (dex, sha256));
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
`
const WAIT_MS = 5_000

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

function translated(error: unknown): unknown {
  const code = codeOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT' ? new StorageFull() : error
}

/** A PictureStore of files in the folder `dir/<account>`: the records in a database, each dex's pictures in a folder of its own. */
export function filePictures(dir: string, account: string): PictureStore {
  const folder = join(dir, encodeURIComponent(account))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let opened: DatabaseSync | undefined
  let ended = false
  let drafts = 0
  const place = (dex: string): string => join(folder, encodeURIComponent(dex))
  const file = (dex: string, sha256: string): string => join(place(dex), encodeURIComponent(sha256))
  const open = (): DatabaseSync => {
    // A folder that another program wiped is not made again.
    if (!existsSync(folder)) throw new StoreGone()
    const made = new DatabaseSync(join(folder, 'index.sqlite'), { timeout: WAIT_MS })
    made.exec(SCHEMA)
    return made
  }
  /** The records, as long as nobody wiped them. */
  const index = (): DatabaseSync => {
    if (ended) throw new StoreGone()
    opened ??= open()
    if (!existsSync(join(folder, 'index.sqlite'))) throw new StoreGone()
    return opened
  }
  // A turn later: a program that begins has asked the server by then, and waits for it.
  const soon = setImmediate(() => {
    try {
      index()
    } catch {
      // Whoever needs it hears why it does not open.
    }
  })
  const note = (rows: readonly PictureRow[]): void => {
    const db = index()
    db.exec('BEGIN IMMEDIATE')
    const put = db.prepare('INSERT OR REPLACE INTO rows VALUES (?, ?, ?)')
    for (const row of rows) put.run(row.dex, row.sha256, JSON.stringify(row))
    db.exec('COMMIT')
  }
  const close = async (): Promise<void> => {
    clearImmediate(soon)
    ended = true
    if (opened?.isOpen) opened.close()
  }
  return {
    async rows(dex) {
      const found =
        dex === undefined
          ? index().prepare('SELECT value FROM rows').all()
          : index().prepare('SELECT value FROM rows WHERE dex = ?').all(dex)
      return found.map(({ value }) => JSON.parse(String(value)) as PictureRow)
    },
    async row(dex, sha256) {
      const found = index().prepare('SELECT value FROM rows WHERE dex = ? AND sha256 = ?').get(dex, sha256)
      return found && (JSON.parse(String(found.value)) as PictureRow)
    },
    async choice() {
      const row = index().prepare(`SELECT value FROM meta WHERE key = 'choice'`).get()
      return row && (JSON.parse(String(row.value)) as CacheChoice)
    },
    async choose(choice) {
      index().prepare(`INSERT OR REPLACE INTO meta VALUES ('choice', ?)`).run(JSON.stringify(choice))
    },
    async get(dex, sha256) {
      index()
      try {
        return new Uint8Array(await readFile(file(dex, sha256)))
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      }
    },
    async put(row, bytes) {
      note([row])
      const draft = join(folder, `${process.pid}-${drafts++}.part`)
      try {
        await mkdir(place(row.dex), { recursive: true, mode: 0o700 })
        await writeFile(draft, bytes, { mode: 0o600 })
        await rename(draft, file(row.dex, row.sha256))
      } catch (error) {
        await rm(draft, { force: true })
        throw translated(error)
      }
    },
    async note(rows) {
      note(rows)
    },
    async delete(dex, sha256s) {
      const gone = index().prepare('DELETE FROM rows WHERE dex = ? AND sha256 = ?')
      for (const sha256 of sha256s) {
        await rm(file(dex, sha256), { force: true })
        gone.run(dex, sha256)
      }
    },
    async drop(dex) {
      const db = index()
      await rm(place(dex), { recursive: true, force: true })
      db.prepare('DELETE FROM rows WHERE dex = ?').run(dex)
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
    async wipe() {
      index()
      await close()
      await rm(folder, { recursive: true, force: true })
    },
    close,
  }
}
