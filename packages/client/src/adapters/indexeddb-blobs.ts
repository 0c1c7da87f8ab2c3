import type { IDBPDatabase } from 'idb'
import { type BlobCache, StoreGone } from '../ports.ts'
import { deleteDatabase, openYielding, translated, writeTo } from './indexeddb-access.ts'

const STORE = 'blobs'

/** What waits to go up is on this device alone; what the server has can be fetched again. */
const durabilityOf = (key: string): 'strict' | 'relaxed' => (key.includes('/') ? 'strict' : 'relaxed')

/** A BlobCache on IndexedDB, in a database of its own for each account. */
export function indexedDbBlobs(account: string): BlobCache {
  const name = `biologidex-pictures/${account}`
  let opening: Promise<IDBPDatabase> | undefined
  let ended = false
  const open = async (): Promise<IDBPDatabase> => {
    if (ended) throw new StoreGone()
    opening ??= openYielding(name, [STORE], () => {
      ended = true
    })
    return opening
  }
  const close = async (): Promise<void> => {
    ended = true
    ;(await opening)?.close()
  }
  const read = async <Found>(work: (db: IDBPDatabase) => Promise<Found>): Promise<Found> => {
    const db = await open()
    return work(db).catch((error: unknown) => {
      throw translated(error)
    })
  }
  return {
    get: (key) => read((db) => db.get(STORE, key) as Promise<Uint8Array | undefined>),
    async put(key, bytes) {
      // A view is kept with all of the buffer behind it: cut off what is not ours to keep.
      const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
      await writeTo(await open(), [STORE], durabilityOf(key), ({ store }) => store(STORE).put(own, key))
    },
    async delete(keys) {
      await writeTo(await open(), [STORE], 'relaxed', ({ store }) => {
        for (const key of keys) store(STORE).delete(key)
      })
    },
    keys: () => read((db) => db.getAllKeys(STORE) as Promise<string[]>),
    async wipe() {
      await open()
      await close()
      await deleteDatabase(name)
    },
    close,
  }
}
