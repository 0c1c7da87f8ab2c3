import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { mutation, page } from '@biologidex/test-kit/contracts/samples'
import { ACCOUNT, OTHER_ACCOUNT } from '@biologidex/test-kit/contracts/store-place'
import { fakeCaches } from '@biologidex/test-kit/fake-caches'
import { openDB } from 'idb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SealBroken } from '../ports.ts'
import { closePartition, dropPartition, openPartition, type Partition } from './browser-partition.ts'
import { enter, PartitionLocked } from './device-keys.ts'
import { hiddenPlace, nameIn, placeOf } from './hidden-names.ts'
import { indexedDbStore } from './indexeddb.ts'
import { indexedDbBlobs, picturesName } from './indexeddb-blobs.ts'
import { indexedDbPictures } from './indexeddb-pictures.ts'
import { noteWhose, readWhose } from './whose-place.ts'

const SEAL = 'ab'.repeat(32)
const signedIn = async (): Promise<string> => SEAL
const offline = async (): Promise<undefined> => undefined
const never = (): Promise<never> => Promise.reject(new Error('the server must not be asked'))

/** Locks as one tab sees them: what is asked for under one name happens in turn. */
function fakeLocks() {
  const last = new Map<string, Promise<unknown>>()
  return {
    request: (name: string, work: () => Promise<unknown>) => {
      const turn = (last.get(name) ?? Promise.resolve()).then(work)
      last.set(
        name,
        turn.catch(() => undefined),
      )
      return turn
    },
  }
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  vi.stubGlobal('caches', fakeCaches())
  vi.stubGlobal('navigator', { locks: fakeLocks() })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const names = async (): Promise<string[]> => (await indexedDB.databases()).map(({ name }) => name ?? '').sort()
const PLACE = hiddenPlace(ACCOUNT)
const storeOf = ({ place, sealer }: Partition) => indexedDbStore(place, sealer)
const outboxOf = async (partition: Partition): Promise<number[]> => {
  const store = storeOf(partition)
  const { outbox } = await store.load()
  await store.close()
  return outbox.map(({ n }) => n)
}

async function filled(account = ACCOUNT): Promise<void> {
  const store = storeOf(await openPartition(account, signedIn))
  await store.writeAccount({ putMutations: [mutation(1)] })
  await store.close()
}

async function all(pages: AsyncIterable<string>): Promise<string[]> {
  const list: string[] = []
  for await (const page of pages) list.push(page)
  return list
}

test('once open it opens without a server, until it is locked; then only its own seal opens it, with all that was kept (C1)', async () => {
  await filled()
  expect(await outboxOf(await openPartition(ACCOUNT, never))).toEqual([1])
  await closePartition(ACCOUNT)
  await closePartition(ACCOUNT)
  await expect(openPartition(ACCOUNT, offline)).rejects.toThrow(PartitionLocked)
  await expect(openPartition(ACCOUNT, async () => 'cd'.repeat(32))).rejects.toThrow(SealBroken)
  expect(await outboxOf(await openPartition(ACCOUNT, signedIn))).toEqual([1])
  expect(await outboxOf(await openPartition(ACCOUNT, never))).toEqual([1])
})

test('no key can be read by scripts, and a locked partition has none, nor what it wrapped', async () => {
  await filled()
  const keys = await openDB(`biologidex-key/${PLACE}`)
  const key = (await keys.get('keys', 'key')) as CryptoKey
  keys.close()
  expect(key.extractable).toBe(false)
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow('not extractable')
  await closePartition(ACCOUNT)
  expect(await names()).toEqual([`biologidex-sealed/${PLACE}`, `biologidex-wrapped/${PLACE}`])
  expect(await caches.keys()).toEqual([])
})

test('the key that the store is sealed with can be exported at no time but while it is made', async () => {
  const seen: CryptoKey[] = []
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle)
  vi.spyOn(crypto.subtle, 'encrypt').mockImplementation((how, key, data) => {
    seen.push(key)
    return encrypt(how, key, data)
  })
  await filled()
  const { sealer } = await openPartition(ACCOUNT, never)
  await sealer?.seal(new Uint8Array([1]), 'x')
  expect(seen.map(({ extractable }) => extractable)).toEqual([false, false])
  vi.restoreAllMocks()
})

test('either half of the key alone opens nothing; with a session it is made whole again', async () => {
  await filled()
  await caches.delete(`biologidex-key/${PLACE}`)
  await expect(openPartition(ACCOUNT, offline)).rejects.toThrow(PartitionLocked)
  expect(await outboxOf(await openPartition(ACCOUNT, signedIn))).toEqual([1])
  indexedDB.deleteDatabase(`biologidex-key/${PLACE}`)
  await expect(openPartition(ACCOUNT, offline)).rejects.toThrow(PartitionLocked)
  expect(await outboxOf(await openPartition(ACCOUNT, signedIn))).toEqual([1])
})

test('two tabs that open an account for the first time get the same key', async () => {
  const [one, two] = await Promise.all([openPartition(ACCOUNT, signedIn), openPartition(ACCOUNT, signedIn)])
  const sealed = await one.sealer?.seal(new Uint8Array([1]), 'x')
  expect(await two.sealer?.open(sealed ?? new Uint8Array(), 'x')).toEqual(new Uint8Array([1]))
})

test('sign-out leaves nothing of the account, and all of another (C1)', async () => {
  await filled()
  await filled(OTHER_ACCOUNT)
  await closePartition(OTHER_ACCOUNT)
  await dropPartition(ACCOUNT)
  expect((await names()).filter((name) => name.includes(PLACE))).toEqual([])
  expect(await outboxOf(await openPartition(OTHER_ACCOUNT, signedIn))).toEqual([1])
})

test('what a sign-out that was cut off left sealed goes when the account comes back: nothing could open it', async () => {
  await filled()
  for (const name of await names()) if (!name.includes('sealed')) indexedDB.deleteDatabase(name)
  await expect(openPartition(ACCOUNT, offline)).rejects.toThrow(PartitionLocked)
  expect(await outboxOf(await openPartition(ACCOUNT, signedIn))).toEqual([])
})

test('what was kept before there was sealing is moved, all of it, and nothing plain is left (C2)', async () => {
  const [store, blobs] = [indexedDbStore(ACCOUNT), indexedDbBlobs(picturesName(ACCOUNT, false))]
  const device = { client: 'c', next: 3, ack: 0 }
  await store.updateAccount(() => ({ device, putMutations: [mutation(1), mutation(2, 'plain words')], digest: 'd' }))
  await store.writeFeeds([page('dex/a', 1, '["plain page"]'), page('catalogue', 1, '["animals"]')])
  await blobs.put('sealed/a', new Uint8Array([1]))
  await blobs.put('ab'.repeat(32), new Uint8Array([2]))
  await indexedDbPictures(ACCOUNT).put(
    { dex: 'a', sha256: 'ab'.repeat(32), size: 1, used: 1, entries: ['e'] },
    new Uint8Array([2]),
  )
  // As long as the server cannot be asked, all is as it was.
  const plain = await openPartition(ACCOUNT, offline)
  expect(plain).toEqual({ place: ACCOUNT })
  expect(await outboxOf(plain)).toEqual([1, 2])

  const partition = await openPartition(ACCOUNT, signedIn)
  expect(partition.place).toBe(PLACE)
  expect(await names()).toEqual(
    [
      'biologidex-key/A',
      'biologidex-sealed-pictures/A',
      'biologidex-sealed/A',
      `biologidex-sealed/A/${nameIn(PLACE, 'catalogue')}`,
      `biologidex-sealed/A/${nameIn(PLACE, 'dex/a')}`,
      'biologidex-wrapped/A',
    ]
      .map((name) => name.replace('/A', `/${PLACE}`))
      .sort(),
  )
  const [moved, pictures] = [storeOf(partition), indexedDbBlobs(picturesName(PLACE, true), partition.sealer)]
  expect(await moved.load()).toMatchObject({ device, digest: 'd', outbox: [mutation(1), mutation(2, 'plain words')] })
  const reader = await moved.readFeed('dex/a', 1)
  expect(await all(reader.pages)).toEqual(['["plain page"]'])
  expect(await pictures.get('sealed/a')).toEqual(new Uint8Array([1]))
  // A copy of what the server has is fetched again.
  expect(await pictures.keys()).toEqual(['sealed/a'])
})

test('a move that was cut off before the plain store went is done again, and keeps everything once (C2)', async () => {
  const plain = indexedDbStore(ACCOUNT)
  await plain.updateAccount(() => ({ device: { client: 'c', next: 2, ack: 0 }, putMutations: [mutation(1)] }))
  await plain.writeFeeds([page('dex/a', 1, '["page"]')])
  const partition = await openPartition(ACCOUNT, signedIn)
  // The plain store as it was, once more.
  const again = indexedDbStore(ACCOUNT)
  await again.updateAccount(() => ({ device: { client: 'c', next: 2, ack: 0 }, putMutations: [mutation(1)] }))
  await again.writeFeeds([page('dex/a', 1, '["page"]')])
  await again.close()
  await openPartition(ACCOUNT, never)
  expect(await outboxOf(partition)).toEqual([1])
  const moved = storeOf(partition)
  expect(await all((await moved.readFeed('dex/a', 1)).pages)).toEqual(['["page"]'])
})

test('what an older program in another tab kept meanwhile joins the outbox under new numbers (C2)', async () => {
  const store = storeOf(await openPartition(ACCOUNT, signedIn))
  await store.updateAccount(() => ({ device: { client: 'new', next: 3, ack: 0 }, putMutations: [mutation(1), mutation(2)] }))
  await store.close()
  const older = indexedDbStore(ACCOUNT)
  const answered = { ...mutation(1), result: { n: 1, status: 'done' as const, seq: 9 } }
  await older.updateAccount(() => ({
    device: { client: 'old', next: 3, ack: 1 },
    putMutations: [answered, mutation(2, 'older')],
  }))
  await older.close()
  const moved = storeOf(await openPartition(ACCOUNT, never))
  const { outbox, device } = await moved.load()
  expect(outbox).toEqual([mutation(1), mutation(2), { ...mutation(2, 'older'), n: 3 }])
  expect(device).toEqual({ client: 'new', next: 4, ack: 0 })
})

test('on a page without cryptography nothing is sealed, and nothing breaks', async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  expect(await openPartition(ACCOUNT, never)).toEqual({ place: ACCOUNT })
  await closePartition(ACCOUNT)
  await dropPartition(ACCOUNT)
})

/** What an earlier version left: the account's id in every name, and the same key and rows under them. */
async function earlier(): Promise<void> {
  const sealer = await enter(ACCOUNT, SEAL, async () => undefined)
  const store = indexedDbStore(ACCOUNT, sealer)
  await store.updateAccount(() => ({ device: { client: 'c', next: 2, ack: 0 }, putMutations: [mutation(1)] }))
  await store.close()
}

test('what an earlier version began is gone on with where it is, and loses nothing; after a sign-out it is hidden (O9, C1)', async () => {
  await earlier()
  const partition = await openPartition(ACCOUNT, never)
  expect(partition.place).toBe(ACCOUNT)
  expect(await outboxOf(partition)).toEqual([1])
  await closePartition(ACCOUNT)
  await expect(openPartition(ACCOUNT, offline)).rejects.toThrow(PartitionLocked)
  expect(await outboxOf(await openPartition(ACCOUNT, signedIn))).toEqual([1])
  await dropPartition(ACCOUNT)
  expect(await names()).toEqual([])
  expect((await openPartition(ACCOUNT, signedIn)).place).toBe(PLACE)
  expect((await names()).filter((name) => name.includes(ACCOUNT))).toEqual([])
  expect((await caches.keys()).filter((name) => name.includes(ACCOUNT))).toEqual([])
})

test('a browser that cannot tell what is there goes on by the name that it always had', async () => {
  Object.defineProperty(indexedDB, 'databases', { value: undefined })
  expect(await placeOf(ACCOUNT)).toBe(ACCOUNT)
})

test('whose a place is, is gone with it (C1)', async () => {
  await filled()
  await noteWhose(PLACE, { account: ACCOUNT, username: 'mara' })
  expect(await readWhose(PLACE)).toEqual({ account: ACCOUNT, username: 'mara' })
  expect(await readWhose(ACCOUNT)).toEqual({ account: ACCOUNT })
  await closePartition(ACCOUNT)
  expect(await readWhose(PLACE)).toBeDefined()
  await dropPartition(ACCOUNT)
  expect(await caches.keys()).toEqual([])
})
