import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Db } from '@biologidex/server/db/db'
import { openDb } from '@biologidex/server/db/open'
import { afterAll, describe, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a fresh PostgreSQL database is asked for: postgres-setup.ts. */
    postgresDesk: string
  }
}

/** How a server is told of a database: the part of its settings that names one. */
export interface DatabaseSettings {
  readonly databaseUrl: string | undefined
  /** A temporary folder, of this database alone. */
  readonly dataDir: string
}

/** Fresh databases of one kind. Everything handed out is closed and removed after the group's tests. */
export interface Databases {
  /** Names a fresh, empty database without opening it. */
  settings(): Promise<DatabaseSettings>
  /** Opens a fresh database, or the one of these settings (again). Closing it early, or twice, is fine. */
  open(settings?: DatabaseSettings): Promise<Db>
}

async function freshPostgres(): Promise<string> {
  const answer = await fetch(inject('postgresDesk'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}

function closingOnce(db: Db): Db {
  let closing: Promise<void> | undefined
  return {
    ...db,
    close: () => {
      closing ??= db.close()
      return closing
    },
  }
}

function databases(newUrl: () => Promise<string | undefined>): Databases {
  const folders: string[] = []
  const opened: Db[] = []

  async function settings(): Promise<DatabaseSettings> {
    const dataDir = await mkdtemp(join(tmpdir(), 'biologidex-test-'))
    folders.push(dataDir)
    return { databaseUrl: await newUrl(), dataDir }
  }

  afterAll(async () => {
    for (const db of opened) await db.close()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })

  return {
    settings,
    async open(given) {
      const db = closingOnce(await openDb(given ?? (await settings())))
      opened.push(db)
      return db
    },
  }
}

/** Runs a group of tests on SQLite and again on PostgreSQL. */
export function eachDatabase(tests: (name: 'SQLite' | 'PostgreSQL', databases: Databases) => void): void {
  describe('SQLite', () =>
    tests(
      'SQLite',
      databases(async () => undefined),
    ))
  describe('PostgreSQL', () => tests('PostgreSQL', databases(freshPostgres)))
}
