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
  const index = new DatabaseSync(join(folder, 'index.sqlite'), { timeout: WAIT_MS })
  index.exec(SCHEMA)
  let drafts = 0
  const place = (dex: string): string => join(folder, encodeURIComponent(dex))
  const file = (dex: string, sha256: string): string => join(place(dex), encodeURIComponent(sha256))
  const check = (): void => {
    if (!index.isOpen || !existsSync(join(folder, 'index.sqlite'))) throw new StoreGone()
  }
  const note = (rows: readonly PictureRow[]): void => {
    check()
    index.exec('BEGIN IMMEDIATE')
    const put = index.prepare('INSERT OR REPLACE INTO rows VALUES (?, ?, ?)')
    for (const row of rows) put.run(row.dex, row.sha256, JSON.stringify(row))
    index.exec('COMMIT')
  }
  const close = async (): Promise<void> => {
    if (index.isOpen) index.close()
  }
  return {
    async rows(dex) {
      check()
      const found =
        dex === undefined
          ? index.prepare('SELECT value FROM rows').all()
          : index.prepare('SELECT value FROM rows WHERE dex = ?').all(dex)
      return found.map(({ value }) => JSON.parse(String(value)) as PictureRow)
    },
    async row(dex, sha256) {
      check()
      const found = index.prepare('SELECT value FROM rows WHERE dex = ? AND sha256 = ?').get(dex, sha256)
      return found && (JSON.parse(String(found.value)) as PictureRow)
    },
    async choice() {
      check()
      const row = index.prepare(`SELECT value FROM meta WHERE key = 'choice'`).get()
      return row && (JSON.parse(String(row.value)) as CacheChoice)
    },
    async choose(choice) {
      check()
      index.prepare(`INSERT OR REPLACE INTO meta VALUES ('choice', ?)`).run(JSON.stringify(choice))
    },
    async get(dex, sha256) {
      check()
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
      check()
      const gone = index.prepare('DELETE FROM rows WHERE dex = ? AND sha256 = ?')
      for (const sha256 of sha256s) {
        await rm(file(dex, sha256), { force: true })
        gone.run(dex, sha256)
      }
    },
    async drop(dex) {
      check()
      await rm(place(dex), { recursive: true, force: true })
      index.prepare('DELETE FROM rows WHERE dex = ?').run(dex)
      index.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
    async wipe() {
      check()
      await close()
      await rm(folder, { recursive: true, force: true })
    },
    close,
  }
}
