import type { AccountState, AccountWrite, DeviceState, Sealer, StoredMutation, StoredUpload, SyncRecord } from '../ports.ts'
import { SealBroken } from '../ports.ts'
import { type Writing, writeTo } from './indexeddb-access.ts'
import { ACCOUNT_STORES, type Databases } from './indexeddb-databases.ts'
import { openText, sealText } from './sealing.ts'

/** Rows that hold what the person made: sealed under their store and key. */
const SEALED = ['outbox', 'uploads'] as const
type SealedStore = (typeof SEALED)[number]

/** A write whose rows are as they will lie: sealed, where there is a sealer. */
interface Prepared {
  readonly change: AccountWrite
  readonly rows: readonly { readonly store: SealedStore; readonly key: number | string; readonly value: unknown }[]
}

const labelOf = (store: SealedStore, key: number | string): string => `${store}/${key}`

async function prepare(change: AccountWrite, sealer: Sealer | undefined): Promise<Prepared> {
  const { putMutations = [], putUploads = [] } = change
  const rows = [
    ...putMutations.map((row) => ({ store: 'outbox' as const, key: row.n, value: row })),
    ...putUploads.map((row) => ({ store: 'uploads' as const, key: row.image, value: row })),
  ]
  if (!sealer) return { change, rows }
  const sealed = rows.map(async ({ store, key, value }) => {
    return { store, key, value: await sealText(sealer, JSON.stringify(value), labelOf(store, key)) }
  })
  return { change, rows: await Promise.all(sealed) }
}

function put({ change, rows }: Prepared, { store }: Writing): void {
  for (const n of change.dropMutations ?? []) store('outbox').delete(n)
  for (const image of change.dropUploads ?? []) store('uploads').delete(image)
  for (const row of rows) store(row.store).put(row.value, row.key)
  for (const feed of change.dropSyncs ?? []) store('syncs').delete(feed)
  for (const row of change.syncs ?? []) store('syncs').put(row, row.feed)
  if (change.device) store('meta').put(change.device, 'device')
  if (change.digest === null) store('meta').delete('digest')
  else if (change.digest !== undefined) store('meta').put(change.digest, 'digest')
}

const update = async (databases: Databases, work: (writing: Writing) => void): Promise<void> =>
  writeTo(await databases.account(), ACCOUNT_STORES, 'strict', work)

/** One atomic, strictly durable write of the account's own records (O1). */
export async function writeAccount(databases: Databases, change: AccountWrite, sealer?: Sealer): Promise<void> {
  const prepared = await prepare(change, sealer)
  await update(databases, (writing) => put(prepared, writing))
}

/**
 * Writes what `plan` makes of the device. A transaction does not wait while rows are sealed: they are sealed before it, by the device as
 * it was read then; when another tab has changed it meanwhile, nothing is written and all of it is done again.
 */
export async function updateAccount(
  databases: Databases,
  plan: (device: DeviceState | undefined) => AccountWrite,
  sealer?: Sealer,
): Promise<void> {
  const textOf = (device: DeviceState | undefined): string => JSON.stringify(device ?? null)
  let device = (await (await databases.account()).get('meta', 'device')) as DeviceState | undefined
  for (;;) {
    const planned = textOf(device)
    const prepared = await prepare(plan(device), sealer)
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
async function opened<Row>(
  store: SealedStore,
  keys: readonly IDBValidKey[],
  values: readonly unknown[],
  sealer: Sealer | undefined,
) {
  if (!sealer) return { rows: values as Row[], broken: 0 }
  const read = values.map(async (value, i): Promise<Row[]> => {
    try {
      return [JSON.parse(await openText(sealer, value, labelOf(store, keys[i] as number | string))) as Row]
    } catch (error) {
      if (error instanceof SealBroken) return []
      throw error
    }
  })
  const rows = (await Promise.all(read)).flat()
  return { rows, broken: values.length - rows.length }
}

/** The account's own records at one moment. */
export async function readAccount(databases: Databases, sealer?: Sealer): Promise<Omit<AccountState, 'feeds'>> {
  const tx = (await databases.account()).transaction(ACCOUNT_STORES, 'readonly')
  const [meta, outboxStore, uploadStore] = [tx.objectStore('meta'), tx.objectStore('outbox'), tx.objectStore('uploads')]
  const [device, digest, syncs, numbers, changes, images, pictures] = await Promise.all([
    meta.get('device') as Promise<DeviceState | undefined>,
    meta.get('digest') as Promise<string | undefined>,
    tx.objectStore('syncs').getAll() as Promise<SyncRecord[]>,
    outboxStore.getAllKeys(),
    outboxStore.getAll(),
    uploadStore.getAllKeys(),
    uploadStore.getAll(),
    tx.done,
  ])
  const [outbox, uploads] = await Promise.all([
    opened<StoredMutation>('outbox', numbers, changes, sealer),
    opened<StoredUpload>('uploads', images, pictures, sealer),
  ])
  const unreadable = outbox.broken + uploads.broken
  return {
    ...(device ? { device } : {}),
    ...(digest === undefined ? {} : { digest }),
    outbox: outbox.rows,
    uploads: uploads.rows,
    syncs,
    ...(unreadable > 0 ? { unreadable } : {}),
  }
}
