import { type PicturePlace, pictureStoreContract } from '@biologidex/test-kit/contracts/picture-store'
import { ACCOUNT } from '@biologidex/test-kit/contracts/store-place'
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import type { PictureStore, Sealer } from '../ports.ts'
import { cacheName, indexedDbPictures } from './indexeddb-pictures.ts'
import { webSealer } from './web-sealer.ts'

const names = async (): Promise<string[]> => (await indexedDB.databases()).map(({ name }) => name ?? '')

const aesKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

async function makePlace(sealer?: Sealer): Promise<PicturePlace> {
  globalThis.indexedDB = new IDBFactory()
  const open: PictureStore[] = []
  return {
    async open(account) {
      const store = indexedDbPictures(cacheName(account, true), sealer)
      open.push(store)
      return store
    },
    traces: async (account, dex = '') => (await names()).filter((name) => name.includes(account) && name.includes(dex)),
    async remove() {
      for (const store of open) await store.close()
    },
  }
}

pictureStoreContract('indexeddb', () => makePlace(), test)
pictureStoreContract('indexeddb, sealed', async () => makePlace(webSealer(await aesKey())), test)

const ROW = { dex: 'a', sha256: 'ab'.repeat(32), size: 5, used: 1, entries: ['e'] }

test('E40 sealed: pictures lie unreadable, and what does not open is not there', async () => {
  globalThis.indexedDB = new IDBFactory()
  const [key, other] = [await aesKey(), await aesKey()]
  const name = cacheName(ACCOUNT, true)
  const store = indexedDbPictures(name, webSealer(key))
  await store.put(ROW, new TextEncoder().encode('words'))
  expect(new TextDecoder().decode(await store.get('a', ROW.sha256))).toBe('words')
  const plain = await indexedDbPictures(name).get('a', ROW.sha256)
  expect(plain?.length).toBeGreaterThan(5)
  expect(new TextDecoder().decode(plain)).not.toContain('words')
  const stranger = indexedDbPictures(name, webSealer(other))
  expect(await stranger.get('a', ROW.sha256)).toBeUndefined()
  expect(await store.rows('a')).toEqual([ROW])
  // Records name entries: whoever cannot open them learns no more than that there are some.
  expect(await stranger.rows('a')).toEqual([])
  expect(await indexedDbPictures(name).rows('a')).toEqual([])
  for (const each of [store, stranger]) await each.close()
})
