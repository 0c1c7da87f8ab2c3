import type { IDBPDatabase } from 'idb'
import { type BlobCache, type Sealer, StoreGone } from '../ports.ts'
import { deleteDatabase, openYielding, translated, writeTo } from './indexeddb-access.ts'
import { isOnlyHere, openBlocks, sealBlocks } from './sealing.ts'

const STORE = 'blobs'

/** Names of an account's database of pictures. What was kept before there was sealing lies under the plain one. */
export const picturesName = (place: string, sealed: boolean): string => `biologidex-${sealed ? 'sealed-' : ''}pictures/${place}`

/** A BlobCache on IndexedDB, in the database named. With a sealer, what is only here lies sealed, in blocks of 1 MiB (I2). */
export function indexedDbBlobs(name: string, sealer?: Sealer): BlobCache {
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
    async get(key) {
      const found = await read((db) => db.get(STORE, key) as Promise<Uint8Array | undefined>)
      return found && sealer && isOnlyHere(key) ? openBlocks(sealer, found, key) : found
    },
    async put(key, bytes) {
      // A view is kept with all of the buffer behind it: cut off what is not ours to keep.
      const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
      const kept = sealer && isOnlyHere(key) ? await sealBlocks(sealer, own, key) : own
      await writeTo(await open(), [STORE], 'strict', ({ store }) => store(STORE).put(kept, key))
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
