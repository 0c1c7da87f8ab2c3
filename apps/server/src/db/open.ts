import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from './db.ts'
import { openPostgres } from './postgres/postgres.ts'
import { openSqlite } from './sqlite/sqlite.ts'

/** Name of the SQLite database in the data folder. */
export const SQLITE_FILE = 'biologidex.sqlite'

interface OpenSettings {
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  /** Rows of sessions and heads that SQLite's side keeps in memory at most. */
  readonly remember?: number | undefined
}

/** Opens the database that the settings name: PostgreSQL by its URL, else SQLite in the data folder. */
export async function openDb(settings: OpenSettings): Promise<Db> {
  if (settings.databaseUrl) return openPostgres(settings.databaseUrl)
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 })
  return openSqlite(join(settings.dataDir, SQLITE_FILE), settings.remember)
}
