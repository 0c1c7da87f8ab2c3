import { join } from 'node:path'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import type {
  AccountState,
  AccountWrite,
  DeviceState,
  FeedReader,
  FeedState,
  FeedWrite,
  LocalStore,
  StoredMutation,
  StoredUpload,
  SyncRecord,
} from '../ports.ts'
import { SqliteFile } from './sqlite-file.ts'

interface Row {
  readonly value: string
}
interface OverRow {
  readonly key: string
  readonly value: string | null
}
interface PageRow {
  readonly items: string
}

const parse = <T>(row: Row): T => JSON.parse(row.value) as T

const META = 'SELECT value FROM meta WHERE key = ?'
const PUT_META = 'INSERT OR REPLACE INTO meta VALUES (?, ?)'
const PUT_FEED = `INSERT INTO feeds (feed, state) VALUES (?, ?)
  ON CONFLICT (feed) DO UPDATE SET state = excluded.state RETURNING id`
const CONTENT_TABLES = ['pages', 'animals', 'over'] as const

function applyAccount(file: SqliteFile, change: AccountWrite): void {
  for (const n of change.dropMutations ?? []) file.run('DELETE FROM outbox WHERE n = ?', n)
  for (const image of change.dropUploads ?? []) file.run('DELETE FROM uploads WHERE image = ?', image)
  for (const row of change.putMutations ?? [])
    file.run('INSERT OR REPLACE INTO outbox VALUES (?, ?)', row.n, JSON.stringify(row))
  for (const row of change.putUploads ?? [])
    file.run('INSERT OR REPLACE INTO uploads VALUES (?, ?)', row.image, JSON.stringify(row))
  for (const row of change.syncs ?? []) file.run('INSERT OR REPLACE INTO syncs VALUES (?, ?)', row.feed, JSON.stringify(row))
  if (change.device) file.run(PUT_META, 'device', JSON.stringify(change.device))
  if (change.digest === null) file.run(`DELETE FROM meta WHERE key = 'digest'`)
  else if (change.digest !== undefined) file.run(PUT_META, 'digest', JSON.stringify(change.digest))
}

function readDevice(file: SqliteFile): DeviceState | undefined {
  const row = file.get<Row>(META, 'device')
  return row && parse<DeviceState>(row)
}

function loadFrom(file: SqliteFile): AccountState {
  const device = readDevice(file)
  const digest = file.get<Row>(META, 'digest')
  return {
    ...(device ? { device } : {}),
    ...(digest ? { digest: parse<string>(digest) } : {}),
    outbox: file.all<Row>('SELECT value FROM outbox ORDER BY n').map(parse<StoredMutation>),
    uploads: file.all<Row>('SELECT value FROM uploads').map(parse<StoredUpload>),
    syncs: file.all<Row>('SELECT value FROM syncs').map(parse<SyncRecord>),
    feeds: file.all<Row>('SELECT state AS value FROM feeds').map(parse<FeedState>),
  }
}

function applyFeed(file: SqliteFile, change: FeedWrite): void {
  const { state, generation, page, over, animals } = change
  const feed = file.get<{ id: number }>(PUT_FEED, state.feed, JSON.stringify(state))?.id ?? 0
  if (change.dropOthers) {
    for (const table of CONTENT_TABLES) file.run(`DELETE FROM ${table} WHERE feed = ? AND generation <> ?`, feed, generation)
  }
  if (page !== undefined) file.run('INSERT INTO pages (feed, generation, items) VALUES (?, ?, ?)', feed, generation, page)
  for (const [key, value] of over ?? [])
    file.run('INSERT OR REPLACE INTO over VALUES (?, ?, ?, ?)', feed, generation, key, value)
  if (animals && animals.length > 0)
    file.run('INSERT INTO animals (feed, generation, items) VALUES (?, ?, ?)', feed, generation, JSON.stringify(animals))
}

const OF_FEED = 'feed = (SELECT id FROM feeds WHERE feed = ?) AND generation = ?'

/** Records by id, as they were put: later ones replace earlier ones. */
function animalsFrom(rows: readonly PageRow[]): AnimalItem[] {
  const animals = rows.flatMap((row) => JSON.parse(row.items) as AnimalItem[])
  return [...new Map(animals.map((animal) => [animal.id, animal])).values()]
}

function readerOf(file: SqliteFile, feed: string, generation: number): FeedReader {
  const { first, rows } = file.snapshot(
    (reader) => ({
      over: reader.prepare(`SELECT key, value FROM over WHERE ${OF_FEED}`).all(feed, generation) as unknown as OverRow[],
      animals: reader
        .prepare(`SELECT items FROM animals WHERE ${OF_FEED} ORDER BY n`)
        .all(feed, generation) as unknown as PageRow[],
    }),
    `SELECT items FROM pages WHERE ${OF_FEED} ORDER BY n`,
    feed,
    generation,
  )
  async function* pages(): AsyncIterable<string> {
    for (const row of rows) yield (row as PageRow).items
  }
  return {
    pages: pages(),
    over: new Map(first.over.map((row) => [row.key, row.value])),
    animals: animalsFrom(first.animals),
  }
}

/**
 * A LocalStore on SQLite: one file per account in the folder `dir`. Account writes are synced to disk (O1, O8); feeds survive a crash
 * of the program, and what a power cut takes of them is fetched again, since a feed's cursor goes with its content.
 */
export function sqliteStore(dir: string, account: string): LocalStore {
  const file = new SqliteFile(join(dir, `${encodeURIComponent(account)}.sqlite`))
  return {
    load: async () => file.read(() => loadFrom(file)),
    writeAccount: async (change) => file.write(true, () => applyAccount(file, change)),
    updateAccount: async (plan) => file.write(true, () => applyAccount(file, plan(readDevice(file)))),
    writeFeeds: async (changes) => {
      file.write(false, () => {
        for (const change of changes) applyFeed(file, change)
      })
      if (changes.some((change) => change.dropOthers)) file.scrub()
    },
    readFeed: async (feed, generation) => readerOf(file, feed, generation),
    dropFeed: async (feed) => {
      file.write(false, () => {
        for (const table of CONTENT_TABLES)
          file.run(`DELETE FROM ${table} WHERE feed = (SELECT id FROM feeds WHERE feed = ?)`, feed)
        file.run('DELETE FROM feeds WHERE feed = ?', feed)
      })
      file.scrub()
    },
    wipe: async () => file.wipe(),
    close: async () => file.close(),
  }
}
