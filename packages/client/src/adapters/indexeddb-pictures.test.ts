import { type PicturePlace, pictureStoreContract } from '@biologidex/test-kit/contracts/picture-store'
import { ACCOUNT } from '@biologidex/test-kit/contracts/store-place'
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import type { PictureStore, Sealer } from '../ports.ts'
import { hiddenPlace, nameIn } from './hidden-names.ts'
import { cacheName, indexedDbPictures } from './indexeddb-pictures.ts'
import { webSealer } from './web-sealer.ts'

const names = async (): Promise<string[]> => (await indexedDB.databases()).map(({ name }) => name ?? '')

/** Names of databases, keys and values, as they lie. */
async function everythingHere(): Promise<string> {
  const all = (await names()).map(async (name) => {
    const db = await openDB(name)
    const rows = [...db.objectStoreNames].map(async (store) => [await db.getAllKeys(store), await db.getAll(store)])
    const text = JSON.stringify([name, await Promise.all(rows)])
    db.close()
    return text
  })
  return (await Promise.all(all)).join()
}

const aesKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

async function makePlace(sealer?: Sealer, placeOf = (account: string): string => account): Promise<PicturePlace> {
  globalThis.indexedDB = new IDBFactory()
  const open: PictureStore[] = []
  return {
    async open(account) {
      const store = indexedDbPictures(placeOf(account), sealer)
      open.push(store)
      return store
    },
    async traces(account, dex) {
      const of = (await names()).filter((name) => name.includes(placeOf(account)))
      return dex === undefined ? of : of.filter((name) => name.endsWith(`/${nameIn(placeOf(account), dex)}`))
    },
    async remove() {
      for (const store of open) await store.close()
    },
  }
}

pictureStoreContract('indexeddb', () => makePlace(), test)
pictureStoreContract('indexeddb, sealed', async () => makePlace(webSealer(await aesKey())), test)
pictureStoreContract('indexeddb, hidden', async () => makePlace(webSealer(await aesKey()), hiddenPlace), test)

const ROW = { dex: 'a', sha256: 'ab'.repeat(32), size: 5, used: 1, entries: ['e'] }

test('E40 sealed: pictures lie unreadable, and what does not open is not there', async () => {
  globalThis.indexedDB = new IDBFactory()
  const [key, other] = [await aesKey(), await aesKey()]
  const store = indexedDbPictures(ACCOUNT, webSealer(key))
  await store.put(ROW, new TextEncoder().encode('words'))
  expect(new TextDecoder().decode(await store.get('a', ROW.sha256))).toBe('words')
  const db = await openDB(`${cacheName(ACCOUNT, true)}/a`)
  const plain = (await db.get('bytes', ROW.sha256)) as Uint8Array
  db.close()
  expect(plain.length).toBeGreaterThan(5)
  expect(new TextDecoder().decode(plain)).not.toContain('words')
  const stranger = indexedDbPictures(ACCOUNT, webSealer(other))
  expect(await stranger.get('a', ROW.sha256)).toBeUndefined()
  expect(await store.rows('a')).toEqual([ROW])
  // Records name entries: whoever cannot open them learns no more than that there are some.
  expect(await stranger.rows('a')).toEqual([])
  for (const each of [store, stranger]) await each.close()
})

test('C1 in a hidden place no name and no row says whose pictures they are', async () => {
  globalThis.indexedDB = new IDBFactory()
  const store = indexedDbPictures(hiddenPlace(ACCOUNT), webSealer(await aesKey()))
  const dex = '33333333-3333-4333-8333-333333333333'
  await store.put({ ...ROW, dex }, new TextEncoder().encode('words'))
  await store.choose({ pinned: [dex] })
  expect(await store.choice()).toEqual({ pinned: [dex] })
  const all = await everythingHere()
  expect(all).toContain(ROW.sha256)
  for (const id of [ACCOUNT, dex]) expect(all).not.toContain(id)
  await store.close()
})
