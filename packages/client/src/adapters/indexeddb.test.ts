import 'fake-indexeddb/auto'
import { blobCacheContract } from '@biologidex/test-kit/contracts/blob-cache'
import { localStoreContract } from '@biologidex/test-kit/contracts/local-store'
import { IDBFactory } from 'fake-indexeddb'
import { test } from 'vitest'
import { indexedDbBlobs, indexedDbStore } from './indexeddb.ts'

/** Everything that lies in the profile, names of databases included, as text. */
async function dump(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const { name = '' } of await indexedDB.databases()) {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(new Error(request.error?.message))
    })
    const texts = await Promise.all(
      [...db.objectStoreNames].map(
        (store) =>
          new Promise<string>((resolve) => {
            const request = db.transaction(store).objectStore(store).getAll()
            request.onsuccess = () => resolve(JSON.stringify(request.result))
          }),
      ),
    )
    db.close()
    found.set(name, `${name} ${texts.join(' ')}`)
  }
  return found
}

/** A browser profile of its own, and the handles that were opened in it. */
function profile<T extends { close(): Promise<void> }>(make: (account: string) => T) {
  globalThis.indexedDB = new IDBFactory()
  const opened: T[] = []
  return {
    async open(account: string): Promise<T> {
      const handle = make(account)
      opened.push(handle)
      return handle
    },
    async remove(): Promise<void> {
      for (const handle of opened) await handle.close()
    },
  }
}

localStoreContract(
  'IndexedDB',
  async () => ({
    ...profile(indexedDbStore),
    traces: async (text) => [...(await dump())].filter(([, content]) => content.includes(text)).map(([name]) => name),
  }),
  test,
  10,
)

blobCacheContract(
  'IndexedDB',
  async () => ({
    ...profile(indexedDbBlobs),
    isEmpty: async (account) => ![...(await dump()).keys()].some((name) => name.includes(account)),
  }),
  test,
)
