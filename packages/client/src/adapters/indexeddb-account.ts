import type { AccountState, AccountWrite, DeviceState, Sealer, StoredMutation, StoredUpload, SyncRecord } from '../ports.ts'
import { SealBroken } from '../ports.ts'
import { type Writing, writeTo } from './indexeddb-access.ts'
import { ACCOUNT_STORES, type Databases } from './indexeddb-databases.ts'
import { openText, sealText } from './sealing.ts'

/** Rows that hold what the person made: sealed under their store and key. */
const SEALED = ['outbox', 'uploads'] as const
type SealedStore = (typeof SEALED)[number]

/** How the account's records lie. */
export interface Sealing {
  readonly sealer: Sealer | undefined
  /** What a feed is called in a hidden place: the records of its sync lie sealed there, under that. */
  readonly hide?: (feed: string) => string
}

interface Row {
  readonly store: SealedStore | 'syncs'
  readonly key: number | string
  readonly value: unknown
}

/** A write whose rows are as they will lie: sealed, where there is a sealer. */
interface Prepared {
  readonly change: AccountWrite
  readonly rows: readonly Row[]
}

const labelOf = (store: Row['store'], key: number | string): string => `${store}/${key}`

async function prepare(change: AccountWrite, { sealer, hide }: Sealing): Promise<Prepared> {
  const { putMutations = [], putUploads = [], syncs = [], dropSyncs = [] } = change
  const sealed = async (row: Row): Promise<Row> =>
    sealer ? { ...row, value: await sealText(sealer, JSON.stringify(row.value), labelOf(row.store, row.key)) } : row
  const called = hide ?? ((feed: string) => feed)
  const rows = await Promise.all([
    ...putMutations.map((row) => sealed({ store: 'outbox', key: row.n, value: row })),
    ...putUploads.map((row) => sealed({ store: 'uploads', key: row.image, value: row })),
    ...syncs.map(async (row): Promise<Row> => {
      const its = { store: 'syncs', key: called(row.feed), value: row } as const
      return hide ? sealed(its) : its
    }),
  ])
  return { change: { ...change, dropSyncs: dropSyncs.map(called) }, rows }
}

function put({ change, rows }: Prepared, { store }: Writing): void {
  for (const n of change.dropMutations ?? []) store('outbox').delete(n)
  for (const image of change.dropUploads ?? []) store('uploads').delete(image)
  for (const feed of change.dropSyncs ?? []) store('syncs').delete(feed)
  for (const row of rows) store(row.store).put(row.value, row.key)
  if (change.device) store('meta').put(change.device, 'device')
  if (change.digest === null) store('meta').delete('digest')
  else if (change.digest !== undefined) store('meta').put(change.digest, 'digest')
}

const update = async (databases: Databases, work: (writing: Writing) => void): Promise<void> =>
  writeTo(await databases.account(), ACCOUNT_STORES, 'strict', work)

/** One atomic, strictly durable write of the account's own records (O1). */
export async function writeAccount(databases: Databases, change: AccountWrite, sealing: Sealing): Promise<void> {
  const prepared = await prepare(change, sealing)
  await update(databases, (writing) => put(prepared, writing))
}

/**
 * Writes what `plan` makes of the device. A transaction does not wait while rows are sealed: they are sealed before it, by the device as
 * it was read then; when another tab has changed it meanwhile, nothing is written and all of it is done again.
 */
export async function updateAccount(
  databases: Databases,
  plan: (device: DeviceState | undefined) => AccountWrite,
  sealing: Sealing,
): Promise<void> {
  const textOf = (device: DeviceState | undefined): string => JSON.stringify(device ?? null)
  let device = (await (await databases.account()).get('meta', 'device')) as DeviceState | undefined
  for (;;) {
    const planned = textOf(device)
    const prepared = await prepare(plan(device), sealing)
    await update(databases, (writing) => {
      writing.after<DeviceState | undefined>(writing.store('meta').get('device'), (found) => {
        device = found
        if (textOf(found) === planned) put(prepared, writing)
      })
    })
    if (textOf(device) === planned) return
  }
}

/** Rows as they were put; those that cannot be opened are counted and stay where they are (C4). */
async function opened<Kept>(
  store: Row['store'],
  keys: readonly IDBValidKey[],
  values: readonly unknown[],
  sealer: Sealer | undefined,
) {
  if (!sealer) return { rows: values as Kept[], broken: 0 }
  const read = values.map(async (value, i): Promise<Kept[]> => {
    try {
      return [JSON.parse(await openText(sealer, value, labelOf(store, keys[i] as number | string))) as Kept]
    } catch (error) {
      if (error instanceof SealBroken) return []
      throw error
    }
  })
  const rows = (await Promise.all(read)).flat()
  return { rows, broken: values.length - rows.length }
}

/** The account's own records at one moment. */
export async function readAccount(databases: Databases, { sealer, hide }: Sealing): Promise<Omit<AccountState, 'feeds'>> {
  const tx = (await databases.account()).transaction(ACCOUNT_STORES, 'readonly')
  const [meta, outboxStore, uploadStore] = [tx.objectStore('meta'), tx.objectStore('outbox'), tx.objectStore('uploads')]
  const syncStore = tx.objectStore('syncs')
  const [device, digest, called, records, numbers, changes, images, pictures] = await Promise.all([
    meta.get('device') as Promise<DeviceState | undefined>,
    meta.get('digest') as Promise<string | undefined>,
    syncStore.getAllKeys(),
    syncStore.getAll(),
    outboxStore.getAllKeys(),
    outboxStore.getAll(),
    uploadStore.getAllKeys(),
    uploadStore.getAll(),
    tx.done,
  ])
  const [syncs, outbox, uploads] = await Promise.all([
    opened<SyncRecord>('syncs', called, records, hide && sealer),
    opened<StoredMutation>('outbox', numbers, changes, sealer),
    opened<StoredUpload>('uploads', images, pictures, sealer),
  ])
  const unreadable = outbox.broken + uploads.broken
  return {
    ...(device ? { device } : {}),
    // Without one of those records nobody could tell whether all that the digest stands for is here.
    ...(digest === undefined || syncs.broken > 0 ? {} : { digest }),
    outbox: outbox.rows,
    uploads: uploads.rows,
    syncs: syncs.rows,
    ...(unreadable > 0 ? { unreadable } : {}),
  }
}
