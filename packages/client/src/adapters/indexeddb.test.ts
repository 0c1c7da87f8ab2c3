import { type BlobPlace, blobCacheContract } from '@biologidex/test-kit/contracts/blob-cache'
import { localStoreContract } from '@biologidex/test-kit/contracts/local-store'
import { content, mutation, page, state } from '@biologidex/test-kit/contracts/samples'
import { ACCOUNT, type StorePlace } from '@biologidex/test-kit/contracts/store-place'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type LocalStore, SealBroken, type Sealer, StorageFull, StoreGone } from '../ports.ts'
import { hiddenPlace, nameIn } from './hidden-names.ts'
import { indexedDbStore } from './indexeddb.ts'
import { indexedDbBlobs, picturesName } from './indexeddb-blobs.ts'
import { webSealer } from './web-sealer.ts'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const names = async (): Promise<string[]> => (await indexedDB.databases()).map(({ name }) => name ?? '').sort()

async function everythingIn(name: string): Promise<string> {
  const db = await openDB(name)
  const stores = [...db.objectStoreNames]
  const rows = await Promise.all(stores.map(async (store) => [await db.getAllKeys(store), await db.getAll(store)]))
  db.close()
  return JSON.stringify(rows)
}

async function damage(name: string, store: string, key: string): Promise<void> {
  const db = await openDB(name)
  await db.put(store, new Uint8Array(40), key)
  db.close()
}

const aesKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

async function makePlace(sealer?: Sealer, placeOf = (account: string): string => account): Promise<StorePlace> {
  globalThis.indexedDB = new IDBFactory()
  const open: LocalStore[] = []
  return {
    sealed: sealer !== undefined,
    async open(account) {
      const store = indexedDbStore(placeOf(account), sealer)
      open.push(store)
      return store
    },
    async traces(text) {
      const found = await Promise.all(
        (await names()).map(async (name) => [name, `${name} ${await everythingIn(name)}`] as const),
      )
      return found.filter(([, all]) => all.includes(text)).map(([name]) => name)
    },
    async remove() {
      for (const store of open) await store.close()
    },
  }
}

localStoreContract('indexeddb', () => makePlace(), test, 15)
localStoreContract('indexeddb, sealed', async () => makePlace(webSealer(await aesKey())), test, 15)
localStoreContract('indexeddb, hidden', async () => makePlace(webSealer(await aesKey()), hiddenPlace), test, 15)

const blobPlace = async (sealer?: Sealer): Promise<BlobPlace> => {
  globalThis.indexedDB = new IDBFactory()
  return {
    open: async (account) => indexedDbBlobs(picturesName(account, sealer !== undefined), sealer),
    isEmpty: async (account) => (await names()).every((name) => !name.includes(account)),
    remove: async () => undefined,
  }
}
blobCacheContract('indexeddb', () => blobPlace(), test)
blobCacheContract('indexeddb, sealed', async () => blobPlace(webSealer(await aesKey())), test)

test('each feed has a database of its own, and dropping it removes the database (C1)', async () => {
  const store = indexedDbStore(ACCOUNT)
  await store.writeFeeds([page('dex/a', 1, '[]'), page('catalogue', 1, '[]')])
  const own = `biologidex/${ACCOUNT}`
  expect(await names()).toEqual([own, `${own}/catalogue`, `${own}/dex/a`])
  await store.dropFeed('dex/a')
  expect(await names()).toEqual([own, `${own}/catalogue`])
})

test('reading what is not there makes no database', async () => {
  const store = indexedDbStore(ACCOUNT)
  await content(store, 'dex/never', 1)
  expect(await names()).toEqual([`biologidex/${ACCOUNT}`])
})

test('a wipe that was cut off is finished at the next opening', async () => {
  const store = indexedDbStore(ACCOUNT)
  await store.writeAccount({ putMutations: [mutation(1)] })
  await store.writeFeeds([page('dex/a', 1, '["left"]')])
  await store.close()
  const db = await openDB(`biologidex/${ACCOUNT}`)
  await db.put('meta', true, 'wiping')
  db.close()
  const again = indexedDbStore(ACCOUNT)
  expect(await again.load()).toEqual({ outbox: [], uploads: [], syncs: [], feeds: [] })
  expect(await names()).toEqual([`biologidex/${ACCOUNT}`])
})

test('a database deleted by someone else ends the store; one of a feed alone is made anew', async () => {
  const store = indexedDbStore(ACCOUNT)
  await store.writeFeeds([page('dex/a', 1, '[1]')])
  await deleteDB(`biologidex/${ACCOUNT}/dex/a`)
  expect((await store.load()).feeds).toEqual([])
  await store.writeFeeds([page('dex/a', 2, '[2]')])
  expect((await store.load()).feeds).toEqual([state('dex/a', 2)])
  await deleteDB(`biologidex/${ACCOUNT}`)
  await expect(store.load()).rejects.toThrow(StoreGone)
  await expect(store.writeFeeds([page('dex/b', 1, '[]')])).rejects.toThrow(StoreGone)
})

test('a wipe while another tab writes feeds leaves nothing of either', async () => {
  const [store, tab] = [indexedDbStore(ACCOUNT), indexedDbStore(ACCOUNT)]
  await tab.writeFeeds([page('dex/0', 1, '[]')])
  await store.load()
  const writing = Array.from({ length: 20 }, (_, i) => tab.writeFeeds([page(`dex/${i}`, 1, '[]')]))
  const settled = Promise.allSettled(writing)
  await store.wipe()
  for (const result of await settled) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StoreGone)
  expect(await names()).toEqual([])
})

test('a newer version in another tab gets its way, and this store ends', async () => {
  const store = indexedDbStore(ACCOUNT)
  await store.load()
  const newer = await openDB(`biologidex/${ACCOUNT}`, 3)
  await expect(store.load()).rejects.toThrow(StoreGone)
  newer.close()
})

test('a full quota refuses with StorageFull and keeps nothing of the write', async () => {
  const [store, blobs] = [indexedDbStore(ACCOUNT), indexedDbBlobs(picturesName(ACCOUNT, false))]
  await store.writeFeeds([page('dex/a', 1, '[1]')])
  const full = new DOMException('full', 'QuotaExceededError')
  const put = IDBObjectStore.prototype.put
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
    if (given[0] === '[2]' || given[1] === 'sealed/a' || given[1] === 7) throw full
    return put.apply(this, given)
  })
  await expect(store.writeFeeds([page('dex/a', 2, '[2]')])).rejects.toThrow(StorageFull)
  await expect(store.writeAccount({ putMutations: [mutation(6), mutation(7)] })).rejects.toThrow(StorageFull)
  await expect(blobs.put('sealed/a', new Uint8Array(1))).rejects.toThrow(StorageFull)
  expect((await content(store, 'dex/a', 1)).pages).toEqual(['[1]'])
  expect((await store.load()).outbox).toEqual([])
  expect((await store.load()).feeds).toEqual([state('dex/a', 1)])
})

/** Puts the value of one row under the key of another. */
async function swap(name: string, store: string, from: IDBValidKey, to: IDBValidKey): Promise<void> {
  const db = await openDB(name)
  await db.put(store, await db.get(store, from), to)
  db.close()
}

test('sealed: a row that lies where it was not sealed is put aside, and the others are read (C4)', async () => {
  const store = indexedDbStore(ACCOUNT, webSealer(await aesKey()))
  await store.writeAccount({ putMutations: [mutation(1), mutation(2)] })
  await swap(`biologidex-sealed/${ACCOUNT}`, 'outbox', 1, 2)
  expect(await store.load()).toMatchObject({ outbox: [mutation(1)], unreadable: 1 })
  await store.writeAccount({ putMutations: [mutation(2)] })
  expect((await store.load()).outbox).toEqual([mutation(1), mutation(2)])
})

test('sealed: pages cannot be swapped; a feed that does not open stays until it is dropped, and can be written anew', async () => {
  const store = indexedDbStore(ACCOUNT, webSealer(await aesKey()))
  await store.writeFeeds([page('dex/a', 1, '[1]'), page('dex/a', 2, '[2]'), page('dex/b', 1, '[3]')])
  const single = (seq: number) => ({ state: state('dex/c', seq), generation: 1, over: new Map([[`entry/${seq}`, '{}']]) })
  await store.writeFeeds([single(1)])
  await store.writeFeeds([single(2)])
  await swap(`biologidex-sealed/${ACCOUNT}/dex/a`, 'pages', [1, 1], [1, 2])
  await swap(`biologidex-sealed/${ACCOUNT}/dex/c`, 'over', [1, 1], [1, 2])
  await expect(content(store, 'dex/a', 1)).rejects.toThrow(SealBroken)
  await expect(store.readOver('dex/c', 1)).rejects.toThrow(SealBroken)
  await store.dropFeed('dex/c')
  expect((await store.load()).feeds).toEqual([state('dex/a', 2), state('dex/b', 1)])
  await store.dropFeed('dex/a')
  await store.writeFeeds([page('dex/a', 3, '[4]')])
  expect((await content(store, 'dex/a', 1)).pages).toEqual(['[4]'])
})

test('sealed: nothing opens with another key', async () => {
  const [mine, other] = [webSealer(await aesKey()), webSealer(await aesKey())]
  const blobs = indexedDbBlobs(picturesName(ACCOUNT, true), mine)
  await blobs.put('sealed/a', new Uint8Array([1, 2, 3]))
  await blobs.put('ab'.repeat(32), new Uint8Array([4]))
  const stranger = indexedDbBlobs(picturesName(ACCOUNT, true), other)
  await expect(stranger.get('sealed/a')).rejects.toThrow(SealBroken)
  expect(await stranger.get('ab'.repeat(32))).toEqual(new Uint8Array([4]))
})

test('sealed: an update that another tab was quicker than is planned anew', async () => {
  const key = await aesKey()
  const slow = webSealer(key)
  const [store, tab] = [indexedDbStore(ACCOUNT, webSealer(key)), indexedDbStore(ACCOUNT, slow)]
  const seal = slow.seal.bind(slow)
  let once = true
  slow.seal = async (bytes, label) => {
    if (once) await store.updateAccount(() => ({ device: { client: 'c', next: 8, ack: 0 }, putMutations: [mutation(7)] }))
    once = false
    return seal(bytes, label)
  }
  const seen: unknown[] = []
  await tab.updateAccount((device) => {
    seen.push(device?.next)
    const n = device?.next ?? 1
    return { device: { client: 'c', next: n + 1, ack: 0 }, putMutations: [mutation(n)] }
  })
  expect(seen).toEqual([undefined, 8])
  expect((await tab.load()).outbox).toEqual([mutation(7), mutation(8)])
})

test('C1 in a hidden place no name and no row says whose it is, and all of it comes back', async () => {
  const store = indexedDbStore(hiddenPlace(ACCOUNT), webSealer(await aesKey()))
  const friend = '33333333-3333-4333-8333-333333333333'
  const feeds = [`dex/${friend}`, `dex/${ACCOUNT}`, `account/${ACCOUNT}`]
  await store.writeFeeds(feeds.map((feed) => page(feed, 1, JSON.stringify([feed]))))
  const syncs = feeds.map((feed) => ({ feed, lastSuccess: 1 }))
  await store.writeAccount({ syncs, digest: 'd' })
  const all = (await Promise.all((await names()).map(async (name) => name + (await everythingIn(name))))).join()
  for (const id of [ACCOUNT, friend]) expect(all).not.toContain(id)
  const loaded = await store.load()
  expect(new Set(loaded.syncs)).toEqual(new Set(syncs))
  expect(loaded.digest).toBe('d')
  expect(loaded.feeds.map(({ feed }) => feed).sort()).toEqual([...feeds].sort())
  await store.writeAccount({ dropSyncs: [feeds[0] ?? ''] })
  expect(new Set((await store.load()).syncs)).toEqual(new Set(syncs.slice(1)))
  await store.close()
})

test('C4 a state that does not open is that of a feed that never came: nothing of it is mixed with what comes again', async () => {
  const place = hiddenPlace(ACCOUNT)
  const store = indexedDbStore(place, webSealer(await aesKey()))
  await store.writeFeeds([page('dex/a', 1, '["old"]'), page('dex/b', 1, '["other"]')])
  await store.writeAccount({ syncs: [{ feed: 'dex/a', lastSuccess: 1 }], digest: 'd' })
  const [feed, account] = [`biologidex-sealed/${place}/${nameIn(place, 'dex/a')}`, `biologidex-sealed/${place}`]
  await damage(feed, 'state', 'state')
  const loaded = await store.load()
  expect(loaded.feeds.map((its) => its.feed)).toEqual(['dex/b'])
  // Its sync tells that it was here: with that known, the digest is not sent.
  expect(loaded).toMatchObject({ digest: 'd', syncs: [{ feed: 'dex/a' }] })
  await store.writeFeeds([page('dex/a', 1, '["new"]')])
  expect((await content(store, 'dex/a', 1)).pages).toEqual(['["new"]'])
  await damage(account, 'syncs', nameIn(place, 'dex/a'))
  expect((await store.load()).digest).toBeUndefined()
  await store.close()
})
