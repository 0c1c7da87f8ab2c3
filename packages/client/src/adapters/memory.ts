import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { AccountWrite, BlobCache, DeviceState, FeedReader, FeedState, FeedWrite, LocalStore } from '../ports.ts'
import { MemoryDisk, type MemoryGeneration, type MemoryRecords, NO_RECORDS } from './memory-disk.ts'

const NOTHING: MemoryGeneration = { pages: [], over: new Map(), animals: new Map() }

const parse = <T>(text: string): T => JSON.parse(text) as T
const parseAll = <T>(texts: Iterable<string>): T[] => Array.from(texts, parse<T>)

/** A copy of the map with rows put and keys dropped; rows become text, as on a real disk. */
function changed<K, V extends object>(
  rows: ReadonlyMap<K, string>,
  key: (row: V) => K,
  put: readonly V[] = [],
  drop: readonly K[] = [],
): ReadonlyMap<K, string> {
  if (put.length + drop.length === 0) return rows
  const next = new Map(rows)
  for (const gone of drop) next.delete(gone)
  for (const row of put) next.set(key(row), JSON.stringify(row))
  return next
}

function withAccount(records: MemoryRecords, change: AccountWrite): MemoryRecords {
  return {
    ...records,
    device: change.device ? JSON.stringify(change.device) : records.device,
    digest: change.digest === undefined ? records.digest : (change.digest ?? undefined),
    outbox: changed(records.outbox, (row) => row.n, change.putMutations, change.dropMutations),
    uploads: changed(records.uploads, (row) => row.image, change.putUploads, change.dropUploads),
    syncs: changed(records.syncs, (row) => row.feed, change.syncs, change.dropSyncs),
  }
}

function withContent(before: MemoryGeneration, change: FeedWrite): MemoryGeneration {
  const pages = change.pages ? before.pages.map((page, at) => change.pages?.get(at) ?? page) : before.pages
  const { over, animals } = change.anew ? NOTHING : before
  return {
    pages: change.page === undefined ? pages : [...pages, change.page],
    over: change.over ? new Map([...over, ...change.over]) : over,
    animals: changed(animals, (row) => row.id, change.animals),
  }
}

function withFeed(records: MemoryRecords, change: FeedWrite): MemoryRecords {
  const { feed } = change.state
  const kept = records.feeds.get(feed)
  const before = kept?.generations ?? new Map<number, MemoryGeneration>()
  const content = withContent(before.get(change.generation) ?? NOTHING, change)
  const generations = new Map(change.dropOthers ? [] : before).set(change.generation, content)
  const marks = change.marks ?? kept?.marks
  return { ...records, feeds: new Map(records.feeds).set(feed, { state: JSON.stringify(change.state), marks, generations }) }
}

async function* each<T>(values: readonly T[]): AsyncIterable<T> {
  yield* values
}

/** Feeds of a store in memory: each feed's write is a commit of its own, as it is where each feed has its own database. */
function feedsOf(disk: MemoryDisk, handle: ReturnType<MemoryDisk['open']>) {
  return {
    async writeFeeds(changes: readonly FeedWrite[]): Promise<void> {
      for (const change of changes) disk.write(handle, true, (records) => withFeed(records, change))
    },
    async readFeed(feed: string, generation: number): Promise<FeedReader> {
      disk.check(handle)
      const { pages, over, animals } = disk.records.feeds.get(feed)?.generations.get(generation) ?? NOTHING
      return { pages: each(pages), over, animals: parseAll<AnimalItem>(animals.values()) }
    },
    async readOver(feed: string, generation: number): Promise<FeedReader['over']> {
      disk.check(handle)
      return (disk.records.feeds.get(feed)?.generations.get(generation) ?? NOTHING).over
    },
    async readMarks(feed: string): Promise<string | undefined> {
      disk.check(handle)
      return disk.records.feeds.get(feed)?.marks
    },
    async dropFeed(feed: string): Promise<void> {
      disk.write(handle, false, (records) => {
        const feeds = new Map(records.feeds)
        feeds.delete(feed)
        return { ...records, feeds }
      })
    },
  }
}

/** A LocalStore in memory. What it keeps lies on `disk`, which may be given to another store later, or at once. */
export function memoryStore(disk: MemoryDisk = new MemoryDisk()): LocalStore {
  const handle = disk.open('store')
  const writeAccount = async (change: AccountWrite): Promise<void> => {
    const grows = (change.putMutations?.length ?? 0) + (change.putUploads?.length ?? 0) > 0
    disk.write(handle, grows, (records) => withAccount(records, change))
  }
  return {
    async load() {
      disk.check(handle)
      const { device, digest, outbox, uploads, feeds, syncs } = disk.records
      return {
        ...(device ? { device: parse<DeviceState>(device) } : {}),
        ...(digest === undefined ? {} : { digest }),
        outbox: [...outbox.entries()].sort(([a], [b]) => a - b).map(([, text]) => parse(text)),
        uploads: parseAll(uploads.values()),
        feeds: Array.from(feeds.values(), (feed) => parse<FeedState>(feed.state)),
        syncs: parseAll(syncs.values()),
      }
    },
    writeAccount,
    async updateAccount(plan) {
      disk.check(handle)
      const { device } = disk.records
      await writeAccount(plan(device ? parse<DeviceState>(device) : undefined))
    },
    ...feedsOf(disk, handle),
    async wipe() {
      disk.wipe(handle, NO_RECORDS)
    },
    async close() {
      disk.close(handle)
    },
  }
}

/** A BlobCache in memory, on the same disk as the account's store or on one of its own. */
export function memoryBlobs(disk: MemoryDisk = new MemoryDisk()): BlobCache {
  const handle = disk.open('blobs')
  return {
    async get(key) {
      disk.check(handle)
      return disk.records.blobs.get(key)?.slice()
    },
    async put(key, bytes) {
      const copy = bytes.slice()
      disk.write(handle, true, (records) => ({ ...records, blobs: new Map(records.blobs).set(key, copy) }))
    },
    async delete(keys) {
      disk.write(handle, false, (records) => {
        const blobs = new Map(records.blobs)
        for (const key of keys) blobs.delete(key)
        return { ...records, blobs }
      })
    },
    async keys() {
      disk.check(handle)
      return [...disk.records.blobs.keys()]
    },
    async wipe() {
      disk.wipe(handle, { blobs: new Map() })
    },
    async close() {
      disk.close(handle)
    },
  }
}
