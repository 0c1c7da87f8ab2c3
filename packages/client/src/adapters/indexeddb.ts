import type {
  AccountState,
  AccountWrite,
  DeviceState,
  FeedState,
  FeedWrite,
  LocalStore,
  StoredMutation,
  StoredUpload,
  SyncRecord,
} from '../ports.ts'
import { translated, type Writing, writeTo } from './indexeddb-access.ts'
import { ACCOUNT_STORES, Databases } from './indexeddb-databases.ts'
import { NO_CONTENT, readContent, readState, writeFeed } from './indexeddb-feed.ts'

function putAccount(change: AccountWrite, { store }: Writing): void {
  for (const n of change.dropMutations ?? []) store('outbox').delete(n)
  for (const image of change.dropUploads ?? []) store('uploads').delete(image)
  for (const row of change.putMutations ?? []) store('outbox').put(row, row.n)
  for (const row of change.putUploads ?? []) store('uploads').put(row, row.image)
  for (const row of change.syncs ?? []) store('syncs').put(row, row.feed)
  if (change.device) store('meta').put(change.device, 'device')
  if (change.digest === null) store('meta').delete('digest')
  else if (change.digest !== undefined) store('meta').put(change.digest, 'digest')
}

/** The account's own records at one moment. */
async function readAccount(databases: Databases): Promise<Omit<AccountState, 'feeds'>> {
  const tx = (await databases.account()).transaction(ACCOUNT_STORES, 'readonly')
  const [device, digest, outbox, uploads, syncs] = await Promise.all([
    tx.objectStore('meta').get('device') as Promise<DeviceState | undefined>,
    tx.objectStore('meta').get('digest') as Promise<string | undefined>,
    tx.objectStore('outbox').getAll() as Promise<StoredMutation[]>,
    tx.objectStore('uploads').getAll() as Promise<StoredUpload[]>,
    tx.objectStore('syncs').getAll() as Promise<SyncRecord[]>,
    tx.done,
  ])
  return { ...(device ? { device } : {}), ...(digest === undefined ? {} : { digest }), outbox, uploads, syncs }
}

async function readStates(databases: Databases): Promise<FeedState[]> {
  const feeds = await databases.feeds()
  const states = await Promise.all(feeds.map((feed) => databases.withFeed(feed, false, readState)))
  return states.filter((state) => state !== undefined)
}

/** The writes of each feed, in their order. */
function byFeed(changes: readonly FeedWrite[]): Map<string, FeedWrite[]> {
  const feeds = new Map<string, FeedWrite[]>()
  for (const change of changes) {
    const { feed } = change.state
    feeds.set(feed, [...(feeds.get(feed) ?? []), change])
  }
  return feeds
}

async function writeAll(databases: Databases, changes: readonly FeedWrite[]): Promise<void> {
  const writing = [...byFeed(changes)].map(([feed, its]) => databases.withFeed(feed, true, (db) => writeFeed(db, its)))
  for (const result of await Promise.allSettled(writing)) if (result.status === 'rejected') throw result.reason
}

/**
 * A LocalStore on IndexedDB: a database for the account's own records, written with strict durability (O1), and one for each feed,
 * which a deletion removes from the browser's profile for good (C1).
 */
export function indexedDbStore(account: string): LocalStore {
  const databases = new Databases(account)
  const inTerms = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      throw translated(error)
    })
  const update = async (work: (writing: Writing) => void): Promise<void> =>
    writeTo(await databases.account(), ACCOUNT_STORES, 'strict', work)
  return {
    load: () =>
      inTerms(Promise.all([readAccount(databases), readStates(databases)]).then(([own, feeds]) => ({ ...own, feeds }))),
    writeAccount: (change) => update((writing) => putAccount(change, writing)),
    updateAccount: (plan) =>
      update((writing) => {
        const { store, after } = writing
        after<DeviceState | undefined>(store('meta').get('device'), (device) => putAccount(plan(device), writing))
      }),
    writeFeeds: (changes) => writeAll(databases, changes),
    readFeed: async (feed, generation) => {
      const reader = await inTerms(databases.withFeed(feed, false, (db) => readContent(db, generation)))
      return reader ?? NO_CONTENT
    },
    dropFeed: (feed) => inTerms(databases.drop(feed)),
    wipe: () => databases.wipe(),
    close: async () => databases.close(),
  }
}
