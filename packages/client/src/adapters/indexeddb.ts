import { type DBSchema, deleteDB, type IDBPDatabase } from 'idb'
import {
  type AccountState,
  type AccountWrite,
  type BlobCache,
  type DeviceState,
  type FeedReader,
  type FeedState,
  type FeedWrite,
  type LocalStore,
  type StoredMutation,
  type StoredUpload,
  StoreGone,
  type SyncRecord,
} from '../ports.ts'
import { FeedDatabase } from './indexeddb-feed.ts'
import { accountName, atomically, blobsName, feedName, open, telling } from './indexeddb-open.ts'

/** An account's own records. `feeds` names the feeds that have a database, so that all of them are found again. */
interface AccountSchema extends DBSchema {
  values: { key: 'device' | 'digest'; value: DeviceState | string }
  outbox: { key: number; value: StoredMutation }
  uploads: { key: string; value: StoredUpload }
  syncs: { key: string; value: SyncRecord }
  feeds: { key: string; value: string }
}

interface BlobSchema extends DBSchema {
  blobs: { key: string; value: Uint8Array }
}

const RECORDS = ['values', 'outbox', 'uploads', 'syncs'] as const
const EMPTY: FeedReader = { pages: (async function* (): AsyncGenerator<string> {})(), over: new Map(), animals: [] }

function makeAccount(db: IDBPDatabase<AccountSchema>): void {
  db.createObjectStore('values')
  db.createObjectStore('outbox', { keyPath: 'n' })
  db.createObjectStore('uploads', { keyPath: 'image' })
  db.createObjectStore('syncs', { keyPath: 'feed' })
  db.createObjectStore('feeds')
}

class IndexedDbStore implements LocalStore {
  readonly #account: string
  readonly #db: Promise<IDBPDatabase<AccountSchema>>
  readonly #feeds = new Map<string, Promise<FeedDatabase>>()
  #gone = false

  constructor(account: string) {
    this.#account = account
    this.#db = open<AccountSchema>(accountName(account), makeAccount, () => {
      this.#gone = true
    })
    // Who asks first is told of a failure; until then nobody may be listening.
    this.#db.catch(() => undefined)
  }

  async #open(): Promise<IDBPDatabase<AccountSchema>> {
    if (this.#gone) throw new StoreGone()
    return this.#db
  }

  async load(): Promise<AccountState> {
    const db = await this.#open()
    return telling(async () => {
      const tx = db.transaction([...RECORDS, 'feeds'] as const, 'readonly')
      const values = tx.objectStore('values')
      const [device, digest, outbox, uploads, syncs, names] = await Promise.all([
        values.get('device'),
        values.get('digest'),
        tx.objectStore('outbox').getAll(),
        tx.objectStore('uploads').getAll(),
        tx.objectStore('syncs').getAll(),
        tx.objectStore('feeds').getAllKeys(),
      ])
      const states = await Promise.all(names.map(async (name) => (await this.#feed(name)).state()))
      return {
        ...(device ? { device: device as DeviceState } : {}),
        ...(digest === undefined ? {} : { digest: digest as string }),
        outbox,
        uploads,
        syncs,
        feeds: states.filter((state): state is FeedState => state !== undefined),
      }
    })
  }

  writeAccount(change: AccountWrite): Promise<void> {
    return this.updateAccount(() => change)
  }

  async updateAccount(plan: (device: DeviceState | undefined) => AccountWrite): Promise<void> {
    const db = await this.#open()
    await telling(async () => {
      const tx = db.transaction(RECORDS, 'readwrite', { durability: 'strict' })
      await atomically(tx, async (ask) => {
        const values = tx.objectStore('values')
        const [outbox, uploads, syncs] = [tx.objectStore('outbox'), tx.objectStore('uploads'), tx.objectStore('syncs')]
        const change = plan((await values.get('device')) as DeviceState | undefined)
        if (change.device) ask(values.put(change.device, 'device'))
        if (change.digest === null) ask(values.delete('digest'))
        else if (change.digest !== undefined) ask(values.put(change.digest, 'digest'))
        for (const n of change.dropMutations ?? []) ask(outbox.delete(n))
        for (const row of change.putMutations ?? []) ask(outbox.put(row))
        for (const image of change.dropUploads ?? []) ask(uploads.delete(image))
        for (const row of change.putUploads ?? []) ask(uploads.put(row))
        for (const row of change.syncs ?? []) ask(syncs.put(row))
      })
    })
  }

  async writeFeeds(changes: readonly FeedWrite[]): Promise<void> {
    const db = await this.#open()
    for (const change of changes) {
      const { feed } = change.state
      if (!this.#feeds.has(feed)) await telling(() => db.put('feeds', feed, feed))
      await (await this.#feed(feed)).write(change)
    }
  }

  async readFeed(feed: string, generation: number): Promise<FeedReader> {
    const db = await this.#open()
    if (!this.#feeds.has(feed) && !(await telling(() => db.getKey('feeds', feed)))) return EMPTY
    return (await this.#feed(feed)).read(generation)
  }

  async dropFeed(feed: string): Promise<void> {
    const db = await this.#open()
    await this.#closeFeed(feed)
    await telling(() => deleteDB(feedName(this.#account, feed)))
    await telling(() => db.delete('feeds', feed))
  }

  async wipe(): Promise<void> {
    const db = await this.#open()
    const names = await telling(() => db.getAllKeys('feeds'))
    for (const name of new Set([...names, ...this.#feeds.keys()])) {
      await this.#closeFeed(name)
      await telling(() => deleteDB(feedName(this.#account, name)))
    }
    await this.close()
    await telling(() => deleteDB(accountName(this.#account)))
  }

  async close(): Promise<void> {
    if (this.#gone) return
    this.#gone = true
    for (const name of this.#feeds.keys()) await this.#closeFeed(name)
    ;(await this.#db).close()
  }

  #feed(feed: string): Promise<FeedDatabase> {
    let opened = this.#feeds.get(feed)
    if (!opened) {
      opened = FeedDatabase.open(this.#account, feed, () => this.#feeds.delete(feed))
      this.#feeds.set(feed, opened)
      opened.catch(() => this.#feeds.delete(feed))
    }
    return opened
  }

  async #closeFeed(feed: string): Promise<void> {
    const opened = this.#feeds.get(feed)
    this.#feeds.delete(feed)
    if (opened) (await opened).close()
  }
}

/** A LocalStore in IndexedDB: a database for the account's records, one for each feed. */
export function indexedDbStore(account: string): LocalStore {
  return new IndexedDbStore(account)
}

/** A BlobCache in IndexedDB, in a database of its own. What waits to go up is written with strict durability. */
export function indexedDbBlobs(account: string): BlobCache {
  const name = blobsName(account)
  let gone = false
  const opened = open<BlobSchema>(
    name,
    (db) => void db.createObjectStore('blobs'),
    () => {
      gone = true
    },
  )
  opened.catch(() => undefined)
  const use = async <T>(work: (db: IDBPDatabase<BlobSchema>) => Promise<T>): Promise<T> => {
    if (gone) throw new StoreGone()
    const db = await opened
    return telling(() => work(db))
  }
  const close = async (): Promise<void> => {
    if (gone) return
    gone = true
    ;(await opened).close()
  }
  return {
    get: (key) => use((db) => db.get('blobs', key)),
    put: (key, bytes) =>
      use(async (db) => {
        const durability = key.startsWith('sealed/') ? 'strict' : 'relaxed'
        const tx = db.transaction('blobs', 'readwrite', { durability })
        await atomically(tx, async (ask) => ask(tx.store.put(bytes, key)))
      }),
    delete: (keys) =>
      use(async (db) => {
        const tx = db.transaction('blobs', 'readwrite')
        await atomically(tx, async (ask) => {
          for (const key of keys) ask(tx.store.delete(key))
        })
      }),
    keys: () => use((db) => db.getAllKeys('blobs')),
    async wipe() {
      if (gone) throw new StoreGone()
      await close()
      await telling(() => deleteDB(name))
    },
    close,
  }
}
