import { hiddenPlace, nameIn } from '@biologidex/client/adapters/hidden-names'
import { indexedDbStore } from '@biologidex/client/adapters/indexeddb'
import { indexedDbBlobs, picturesName } from '@biologidex/client/adapters/indexeddb-blobs'
import { indexedDbPictures } from '@biologidex/client/adapters/indexeddb-pictures'
import { webSealer } from '@biologidex/client/adapters/web-sealer'
import type { LocalStore, PictureStore, Sealer } from '@biologidex/client/ports'
import { type BlobPlace, blobCacheContract } from '@biologidex/test-kit/contracts/blob-cache'
import { localStoreContract } from '@biologidex/test-kit/contracts/local-store'
import { type PicturePlace, pictureStoreContract } from '@biologidex/test-kit/contracts/picture-store'
import { page } from '@biologidex/test-kit/contracts/samples'
import type { StorePlace } from '@biologidex/test-kit/contracts/store-place'

/** Runs in a page: the contracts of the engine's storage over the browser's own IndexedDB. A test calls `run` with a title. */

const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const names = async (): Promise<string[]> => (await indexedDB.databases()).flatMap(({ name }) => name ?? [])

async function empty(): Promise<void> {
  for (const name of await names()) await settled(indexedDB.deleteDatabase(name))
}

async function everythingIn(name: string): Promise<string> {
  const db = await settled(indexedDB.open(name))
  const stores = [...db.objectStoreNames].map((store) => db.transaction(store).objectStore(store))
  const rows = await Promise.all(
    stores.map(async (store) => [await settled(store.getAllKeys()), await settled(store.getAll())]),
  )
  db.close()
  return JSON.stringify(rows)
}

const makeSealer = async (): Promise<Sealer> =>
  webSealer(await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']))

async function storePlace(sealer?: Sealer): Promise<StorePlace> {
  await empty()
  const open: LocalStore[] = []
  return {
    sealed: sealer !== undefined,
    async open(account) {
      const store = indexedDbStore(sealer ? hiddenPlace(account) : account, sealer)
      open.push(store)
      return store
    },
    async traces(text) {
      const all = await Promise.all((await names()).map(async (name) => [name, name + (await everythingIn(name))] as const))
      return all.filter(([, content]) => content.includes(text)).map(([name]) => name)
    },
    async remove() {
      for (const store of open) await store.close()
      await empty()
    },
  }
}

async function blobPlace(sealer?: Sealer): Promise<BlobPlace> {
  await empty()
  return {
    open: async (account) => indexedDbBlobs(picturesName(account, sealer !== undefined), sealer),
    isEmpty: async (account) => (await names()).every((name) => !name.includes(account)),
    remove: async () => undefined,
  }
}

async function picturePlace(sealer: Sealer): Promise<PicturePlace> {
  await empty()
  const open: PictureStore[] = []
  return {
    async open(account) {
      const store = indexedDbPictures(hiddenPlace(account), sealer)
      open.push(store)
      return store
    },
    async traces(account, dex) {
      const place = hiddenPlace(account)
      const of = (await names()).filter((name) => name.includes(place))
      return dex === undefined ? of : of.filter((name) => name.endsWith(`/${nameIn(place, dex)}`))
    },
    async remove() {
      for (const store of open) await store.close()
      await empty()
    },
  }
}

const [ME, MARA, THEO] = ['me', 'mara', 'theo'].map((name) => `${name}-1111-4111-8111-111111111111`) as [string, string, string]

/** Keeps two dexes with pictures that say the text, unsealed as on a page over plain HTTP, and looks at them. */
async function plant(words: string): Promise<void> {
  const [store, pictures] = [indexedDbStore(ME), indexedDbPictures(ME)]
  const bytes = new TextEncoder().encode(`${words} `.repeat(2_000))
  for (const dex of [MARA, THEO]) {
    await store.writeFeeds([
      { ...page(`dex/${dex}`, 1, JSON.stringify([dex === MARA ? words : 'other words'])), marks: 'marks' },
    ])
    const its = dex === MARA ? bytes : bytes.slice().fill(7)
    for (let n = 0; n < 30; n += 1) {
      await pictures.put({ dex, sha256: `${n}`.repeat(8), size: its.length, used: n, entries: ['e'] }, its)
    }
  }
  for (const row of await pictures.rows()) await pictures.get(row.dex, row.sha256)
  await Promise.all([store.close(), pictures.close()])
}

/** The one dex goes, as it does when a friendship ends. */
async function uproot(): Promise<number> {
  const [store, pictures] = [indexedDbStore(ME), indexedDbPictures(ME)]
  await pictures.drop(MARA)
  await store.dropFeed(`dex/${MARA}`)
  const left = (await pictures.rows(THEO)).length
  await Promise.all([store.close(), pictures.close()])
  return left
}

const cases = new Map<string, () => Promise<void>>()
const collect = (title: string, run: () => Promise<void>): void => void cases.set(title, run)
localStoreContract('store', () => storePlace(), collect, 8)
localStoreContract('sealed store', async () => storePlace(await makeSealer()), collect, 8)
blobCacheContract('pictures', () => blobPlace(), collect, 8)
pictureStoreContract('cache', async () => picturePlace(await makeSealer()), collect, 8)
blobCacheContract('sealed pictures', async () => blobPlace(await makeSealer()), collect, 8)

Object.assign(window, {
  plant,
  uproot,
  titles: [...cases.keys()],
  run: async (title: string): Promise<string | undefined> => {
    try {
      await cases.get(title)?.()
      return undefined
    } catch (error) {
      return error instanceof Error ? `${error.message}\n${error.stack}` : String(error)
    }
  },
})
