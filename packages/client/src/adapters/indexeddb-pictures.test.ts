import { pictureStoreContract } from '@biologidex/test-kit/contracts/picture-store'
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { test } from 'vitest'
import type { PictureStore } from '../ports.ts'
import { cacheName, indexedDbPictures } from './indexeddb-pictures.ts'

const names = async (): Promise<string[]> => (await indexedDB.databases()).map(({ name }) => name ?? '')

pictureStoreContract(
  'indexeddb',
  async () => {
    globalThis.indexedDB = new IDBFactory()
    const open: PictureStore[] = []
    return {
      async open(account) {
        const store = indexedDbPictures(cacheName(account, true))
        open.push(store)
        return store
      },
      traces: async (account, dex = '') => (await names()).filter((name) => name.includes(account) && name.includes(dex)),
      async remove() {
        for (const store of open) await store.close()
      },
    }
  },
  test,
)
