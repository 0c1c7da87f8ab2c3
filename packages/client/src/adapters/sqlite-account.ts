import {
  type AccountState,
  type AccountWrite,
  type DeviceState,
  type FeedState,
  SealBroken,
  type StoredMutation,
  type StoredUpload,
  type SyncRecord,
} from '../ports.ts'
import type { SqliteFile } from './sqlite-file.ts'
import type { Kept, Rows } from './sqlite-rows.ts'

interface Row {
  readonly value: string
}
interface KeptRow {
  readonly key: number | string
  readonly value: Kept
}

const parse = <T>(row: Row): T => JSON.parse(row.value) as T

const META = 'SELECT value FROM meta WHERE key = ?'
const PUT_META = 'INSERT OR REPLACE INTO meta VALUES (?, ?)'

/** Writes the account's own records, within a transaction. */
export function applyAccount(file: SqliteFile, change: AccountWrite, rows: Rows): void {
  for (const n of change.dropMutations ?? []) file.run('DELETE FROM outbox WHERE n = ?', n)
  for (const image of change.dropUploads ?? []) file.run('DELETE FROM uploads WHERE image = ?', image)
  for (const row of change.putMutations ?? [])
    file.run('INSERT OR REPLACE INTO outbox VALUES (?, ?)', row.n, rows.keep(JSON.stringify(row), `outbox/${row.n}`))
  for (const row of change.putUploads ?? [])
    file.run('INSERT OR REPLACE INTO uploads VALUES (?, ?)', row.image, rows.keep(JSON.stringify(row), `uploads/${row.image}`))
  for (const feed of change.dropSyncs ?? []) file.run('DELETE FROM syncs WHERE feed = ?', feed)
  for (const row of change.syncs ?? []) file.run('INSERT OR REPLACE INTO syncs VALUES (?, ?)', row.feed, JSON.stringify(row))
  if (change.device) file.run(PUT_META, 'device', JSON.stringify(change.device))
  if (change.digest === null) file.run(`DELETE FROM meta WHERE key = 'digest'`)
  else if (change.digest !== undefined) file.run(PUT_META, 'digest', JSON.stringify(change.digest))
}

export function readDevice(file: SqliteFile): DeviceState | undefined {
  const row = file.get<Row>(META, 'device')
  return row && parse<DeviceState>(row)
}

/** Rows as they were put; those that cannot be opened stay where they are (C4). */
function opened<T>(found: readonly KeptRow[], table: string, rows: Rows): T[] {
  return found.flatMap(({ key, value }): T[] => {
    try {
      return [JSON.parse(rows.text(value, `${table}/${key}`)) as T]
    } catch (error) {
      if (error instanceof SealBroken) return []
      throw error
    }
  })
}

/** All of the account's own records, within a transaction. */
export function loadFrom(file: SqliteFile, rows: Rows): AccountState {
  const device = readDevice(file)
  const digest = file.get<Row>(META, 'digest')
  const changes = file.all<KeptRow>('SELECT n AS key, value FROM outbox ORDER BY n')
  const pictures = file.all<KeptRow>('SELECT image AS key, value FROM uploads')
  const [outbox, uploads] = [opened<StoredMutation>(changes, 'outbox', rows), opened<StoredUpload>(pictures, 'uploads', rows)]
  const unreadable = changes.length - outbox.length + pictures.length - uploads.length
  return {
    ...(device ? { device } : {}),
    ...(digest ? { digest: parse<string>(digest) } : {}),
    outbox,
    uploads,
    syncs: file.all<Row>('SELECT value FROM syncs').map(parse<SyncRecord>),
    feeds: file.all<Row>('SELECT state AS value FROM feeds').map(parse<FeedState>),
    ...(unreadable > 0 ? { unreadable } : {}),
  }
}
