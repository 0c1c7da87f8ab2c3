import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Db } from '@biologidex/server/db/db'
import { openDb, SQLITE_FILE } from '@biologidex/server/db/open'
import { afterAll, describe, inject } from 'vitest'
import type { Content } from './fill.ts'

/** How a server is told of a database: the part of its settings that names one. */
export interface DatabaseSettings {
  readonly databaseUrl: string | undefined
  /** A temporary folder, of this database alone. */
  readonly dataDir: string
}

/** Fresh databases of one kind. Everything handed out is closed and removed after the group's tests. */
export interface Databases {
  /** A database for a server: with the starter list in it, which would otherwise take each server's start half a second. */
  settings(): Promise<DatabaseSettings>
  /** Opens a fresh, empty database, or the one of these settings (again). Closing it early, or twice, is fine. */
  open(settings?: DatabaseSettings): Promise<Db>
}

async function ask(dialect: string, content: Content): Promise<string> {
  const answer = await fetch(`${inject('databaseDesk')}/${dialect}/${content}`)
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

/** Makes a database for the settings of this folder; answers its URL where it has one. */
type Make = (dataDir: string, content: Content) => Promise<string | undefined>

const makers: Record<'SQLite' | 'PostgreSQL', Make> = {
  async SQLite(dataDir, content) {
    await copyFile(await ask('sqlite', content), join(dataDir, SQLITE_FILE))
    return undefined
  },
  PostgreSQL: (_dataDir, content) => ask('postgres', content),
}

function databases(make: Make): Databases {
  const folders: string[] = []
  const opened: Db[] = []

  async function fresh(content: Content): Promise<DatabaseSettings> {
    const dataDir = await mkdtemp(join(tmpdir(), 'biologidex-test-'))
    folders.push(dataDir)
    return { dataDir, databaseUrl: await make(dataDir, content) }
  }

  afterAll(async () => {
    for (const db of opened) await db.close()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })

  return {
    settings: () => fresh('starter-list'),
    async open(given) {
      const db = closingOnce(await openDb(given ?? (await fresh('schema'))))
      opened.push(db)
      return db
    },
  }
}

/** Runs a group of tests to which the database makes no difference: on SQLite, which is there at once. */
export function anyDatabase(tests: (databases: Databases) => void): void {
  describe('any database', () => tests(databases(makers.SQLite)))
}

/** Runs a group of tests on SQLite and again on PostgreSQL. */
export function eachDatabase(tests: (name: keyof typeof makers, databases: Databases) => void): void {
  describe('SQLite', () => tests('SQLite', databases(makers.SQLite)))
  describe('PostgreSQL', () => tests('PostgreSQL', databases(makers.PostgreSQL)))
}
