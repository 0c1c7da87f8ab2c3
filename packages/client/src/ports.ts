import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { Mutation, MutationResult } from '@biologidex/core/sync/mutation'

/**
 * What the engine asks of the place it runs in. Adapters implement these; one contract suite each runs over all of them.
 * Every promise that resolves after a write means: it survives a crash of the program (C2). Account writes survive a power
 * cut too (O1: the outbox is written with strict durability).
 */

/** How far a feed has come here. Kept with the feed's content, in the same atomic write. */
export interface FeedState {
  readonly feed: string
  /** Opaque, from the server (P2); undefined before the first chunk. */
  readonly cursor?: string
  /** The plain position (P2): what mutations wait for (O7). */
  readonly seq: number
  /** The generation that is shown, and the one being filled by a `reset` (P4), if any. */
  readonly generation: number
  readonly filling?: {
    readonly generation: number
    readonly cursor: string
    readonly seq: number
    readonly over: number
    /** The server went back in time (P6): what only the shown generation holds is rescued before it goes. */
    readonly restored?: true
  }
  /** How many single items were written over the pages at most: what decides when to pack them anew. Stores only keep it. */
  readonly over: number
  /** True once a snapshot has arrived whole. */
  readonly complete: boolean
  /** Of a dex: what an overview says of the shown generation; absent while nobody has counted. */
  readonly summary?: FeedSummary
  /**
   * What was withdrawn, or came otherwise, may still lie in a page, and is to be written over (C1). `single`: all of it lies under single
   * items; else nobody knows where.
   */
  readonly withdrawn?: true | 'single'
}

/** Numbers about a dex's entries, beside its content. */
export interface FeedSummary {
  readonly entries: number
  /** Entries that came or changed since the person looked last; all of them while they never have. */
  readonly news: number
  /** The latest observation date, as its entry states it. */
  readonly latest?: string
  /** Something of it may be wrong: the dex has to be counted anew. */
  readonly uncertain?: true
}

/** Content of a feed in one generation, as it lies in the store: packed pages, and single items over them. */
export interface FeedPage {
  /** JSON text of an array of items, as it came. Later pages win over earlier ones. */
  readonly items: string
}

/** One atomic change of one feed. */
export interface FeedWrite {
  readonly state: FeedState
  /** Which generation the content below belongs to. */
  readonly generation: number
  /** A page of items to append (a big chunk). */
  readonly page?: string
  /** What comes in the place of pages that lie there, by their place among the generation's pages, the first being 0. */
  readonly pages?: ReadonlyMap<number, string>
  /** Single items and animals of the generation that lay there before go; those of this write take their place. */
  readonly anew?: true
  /** Single items (a small chunk): key to JSON text, or null for a removal. They lie over all pages, later ones too. */
  readonly over?: ReadonlyMap<string, string | null>
  /** Animal records that came with the items, by id: put, not merged. They belong to the generation as the items do. */
  readonly animals?: readonly AnimalItem[]
  /** Which entries the state's numbers count, as text; replaces what was there. Content like the items: sealed where those are. */
  readonly marks?: string
  /** Drop pages, single items and animals of every other generation (a reset is whole, a feed was packed anew). */
  readonly dropOthers?: true
}

/**
 * Everything of one generation of a feed as it was when it was asked for, whatever is written or dropped while it is read. SQLite streams it
 * page by page; IndexedDB, whose transactions cannot be held open, reads the pages' text at once and lets go of each as it is handed out.
 */
export interface FeedReader {
  readonly pages: AsyncIterable<string>
  readonly over: ReadonlyMap<string, string | null>
  readonly animals: readonly AnimalItem[]
}

/** A mutation in the outbox with what is known of its fate. */
export interface StoredMutation extends Mutation {
  /** The server's answer, when there is one: it stays in the overlay until the local position reaches `seq` (O7). */
  readonly result?: MutationResult
  /** Set aside (O6): not sent any more, shown to the person with the reason. */
  readonly setAside?: { readonly code: string; readonly message: string }
}

/** A picture on its way up. Its bytes lie in the BlobCache as `sealed/<image>` until the server has them. */
export interface StoredUpload {
  readonly image: string
  readonly entry: string
  readonly sha256: string
  readonly size: number
  readonly mediaType: string
  /** The tus address, once the server gave one (I2). */
  readonly url?: string
  /** Since when, by this device's clock, the server has its image in the bin: it may come back (E29). */
  readonly binned?: number
  /** How long it has been seen there, in milliseconds, and when last: a clock that jumps adds a day at most. */
  readonly inBin?: { readonly ms: number; readonly at: number }
  readonly failed?: { readonly code: string; readonly message: string }
}

/** This device as the server knows it (O3). */
export interface DeviceState {
  readonly client: string
  /** The number of the next mutation. */
  readonly next: number
  /** Results up to here are durable here. */
  readonly ack: number
}

/** State of sync per feed, apart from content (C5). Times in UTC milliseconds of the device. */
export interface SyncRecord {
  readonly feed: string
  readonly lastSuccess?: number
  readonly lastError?: { readonly at: number; readonly code: string }
  /** What of its content could not be taken, opened or understood, until that is made good: other failures do not hide it (C4). */
  readonly trouble?: ContentTrouble
}

export interface ContentTrouble {
  readonly at: number
  readonly code: 'chunk_refused' | 'item_not_understood' | 'seal_broken'
  /** Of `item_not_understood`: the kinds of items that are here and not known. */
  readonly types?: readonly string[]
}

export interface AccountState {
  readonly device?: DeviceState
  readonly outbox: readonly StoredMutation[]
  readonly uploads: readonly StoredUpload[]
  readonly feeds: readonly FeedState[]
  readonly syncs: readonly SyncRecord[]
  readonly digest?: string
  /** Rows of the outbox and uploads that are here but cannot be opened (C4): they stay as they are. Absent: none. */
  readonly unreadable?: number
}

/** One atomic, strictly durable change of the account's own records. Rows are put whole, by their key. */
export interface AccountWrite {
  /** Only in `updateAccount`: several tabs hand out numbers, so it must come from the state just read. */
  readonly device?: DeviceState
  readonly putMutations?: readonly StoredMutation[]
  readonly dropMutations?: readonly number[]
  readonly putUploads?: readonly StoredUpload[]
  readonly dropUploads?: readonly string[]
  readonly syncs?: readonly SyncRecord[]
  readonly dropSyncs?: readonly string[]
  readonly digest?: string | null
}

/** The device has no room for a write: nothing of it was kept. What LocalStore and BlobCache reject with when a quota is full (C4). */
export class StorageFull extends Error {
  constructor(message = 'The device has no room left.') {
    super(message)
    this.name = 'StorageFull'
  }
}

/**
 * The store is no longer this program's to use: it was closed, wiped by another tab, or another tab is upgrading it. Every
 * later call rejects with it too; nothing brings the wiped content back.
 */
export class StoreGone extends Error {
  constructor(message = 'The local store was closed or wiped.') {
    super(message)
    this.name = 'StoreGone'
  }
}

/** Something sealed is not what it should be: another key, another place, or damaged. Its content cannot be had. */
export class SealBroken extends Error {
  constructor(message = 'Something sealed on this device cannot be opened.') {
    super(message)
    this.name = 'SealBroken'
  }
}

/**
 * Seals what may not lie on a device in plain text (privacy.md): AES-256-GCM with a key that the port holds and nobody can read. `label`
 * says what is sealed and where it lies, and is checked when it is opened: sealed parts cannot be swapped. Adapters of
 * LocalStore and BlobCache use it; the engine knows nothing of it.
 */
export interface Sealer {
  seal(bytes: Uint8Array, label: string): Promise<Uint8Array> | Uint8Array
  /** Rejects with SealBroken. */
  open(sealed: Uint8Array, label: string): Promise<Uint8Array> | Uint8Array
}

/**
 * All that a device keeps for one account, but pictures. Rows keep members they don't know (O9, W4). A feed is unknown
 * until its first `writeFeeds`; `readFeed` of what is not there yields nothing.
 */
export interface LocalStore {
  load(): Promise<AccountState>
  writeAccount(change: AccountWrite): Promise<void>
  /**
   * Reads the device and writes what `plan` makes of it in ONE atomic, strictly durable step, against other tabs and
   * processes too (IndexedDB: one readwrite transaction; SQLite: BEGIN IMMEDIATE). `plan` is synchronous and may run more
   * than once; when it throws, nothing is written and the promise rejects with what it threw.
   */
  updateAccount(plan: (device: DeviceState | undefined) => AccountWrite): Promise<void>
  /** Atomic per feed; a store may commit several small feeds together. */
  writeFeeds(changes: readonly FeedWrite[]): Promise<void>
  /** Rejects with SealBroken, at once or while pages are read, when something of it cannot be opened; it stays as it is. */
  readFeed(feed: string, generation: number): Promise<FeedReader>
  /** The single items that lie over a generation's pages, by key, without looking at those. Rejects with SealBroken. */
  readOver(feed: string, generation: number): Promise<FeedReader['over']>
  /** What was last written as the feed's marks. What cannot be opened counts as none. */
  readMarks(feed: string): Promise<string | undefined>
  /** Deletes a feed with everything in it (P5). */
  dropFeed(feed: string): Promise<void>
  /** Deletes everything of the account (C1). */
  wipe(): Promise<void>
  close(): Promise<void>
}

/** Pictures that are only on this device, by key: `sealed/<image>` and `preview/<image>/<rendition>`, for what waits to go up. */
export interface BlobCache {
  get(key: string): Promise<Uint8Array | undefined>
  /** Durable when it resolves. */
  put(key: string, bytes: Uint8Array): Promise<void>
  delete(keys: readonly string[]): Promise<void>
  keys(): Promise<string[]>
  wipe(): Promise<void>
  close(): Promise<void>
}

/** A picture of the server's that is kept for a dex. Two dexes that show the same bytes have a record each, and one copy (I4). */
export interface PictureRow {
  readonly dex: string
  readonly sha256: string
  readonly size: number
  /** When it was looked at last, by this device's clock. */
  readonly used: number
  /** The entries that it was fetched for; `profile` for the picture of the dex's owner. */
  readonly entries: readonly string[]
  /** The dex that holds the bytes, where it is another one. */
  readonly home?: string
}

/** What the person chose for the cache of pictures. */
export interface CacheChoice {
  readonly limit?: number
  readonly pinned: readonly string[]
}

/**
 * Pictures that the server has too. Each dex's bytes lie in a place of their own, so that a dex that goes leaves none of them
 * behind (C1). All of it can be fetched again: nothing waits for the disk. Bytes without a record never lie here.
 */
export interface PictureStore {
  /** The records of a dex, or of all. */
  rows(dex?: string): Promise<readonly PictureRow[]>
  row(dex: string, sha256: string): Promise<PictureRow | undefined>
  choice(): Promise<CacheChoice | undefined>
  choose(choice: CacheChoice): Promise<void>
  /** The bytes of a record that has them itself. */
  get(dex: string, sha256: string): Promise<Uint8Array | undefined>
  put(row: PictureRow, bytes: Uint8Array): Promise<void>
  /** Puts records alone: their bytes stay where they are. */
  note(rows: readonly PictureRow[]): Promise<void>
  /** Deletes pictures of a dex, bytes and records. */
  delete(dex: string, sha256s: readonly string[]): Promise<void>
  /** Deletes the dex's place with everything in it. */
  drop(dex: string): Promise<void>
  wipe(): Promise<void>
  close(): Promise<void>
}

/** One request. The adapter adds the session (cookie or bearer), protocol and device headers. */
export interface TransportRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  header(name: string): string | undefined
  /** The body in pieces, as they arrive; iterating throws NetworkFailure when it is cut. */
  readonly body: AsyncIterable<Uint8Array>
}

/** The network failed: no answer, or cut. Never an error of the server's. */
export class NetworkFailure extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NetworkFailure'
  }
}

export interface Transport {
  /** Rejects with NetworkFailure only. */
  request(request: TransportRequest): Promise<TransportResponse>
  /** Calls back when the network seems to be back (the browser's `online`); returns an unsubscribe. */
  onReconnect(listener: () => void): () => void
}

export interface Clock {
  /** UTC milliseconds of the device; may be wrong, may jump. */
  now(): number
  /** Calls back once after `ms`; returns a cancel. */
  after(ms: number, callback: () => void): () => void
}

/** One leader among tabs or processes of one account (C3). */
export interface Lock {
  /**
   * Runs `work` while holding the lock; its `signal` aborts when the lock is lost or the given one aborts. Resolves when the work ends, or
   * without it when the given signal aborts before its turn.
   */
  lead(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>
}

/** Tells the other tabs of the account what changed here (C3). */
export interface Channel {
  post(message: ChannelMessage): void
  onMessage(listener: (message: ChannelMessage) => void): () => void
  close(): void
}
export type ChannelMessage =
  | { readonly kind: 'outbox' }
  | { readonly kind: 'feeds'; readonly feeds: readonly string[] }
  /** `id`: the leading tab names it in the status that answers. */
  | { readonly kind: 'sync-please'; readonly id?: string }
  /** The person looked at a dex in another tab: the leading one notes it. */
  | { readonly kind: 'looked'; readonly account: string }
  /** A feed does not open in another tab: the leading one drops it, and fetches it again. */
  | { readonly kind: 'lost'; readonly feed: string }
  | { readonly kind: 'wiped' }
  | { readonly kind: 'status'; readonly status: unknown }

export interface Random {
  /** A random UUID v4. */
  uuid(): string
  /** [0, 1): for jitter. */
  fraction(): number
}

export interface Hasher {
  /** SHA-256 of the bytes in lower-case hexadecimal. */
  sha256(bytes: Uint8Array): Promise<string>
}

/** Everything the engine is given. */
export interface Ports {
  readonly store: LocalStore
  readonly blobs: BlobCache
  readonly pictures: PictureStore
  readonly transport: Transport
  readonly clock: Clock
  readonly lock: Lock
  readonly channel: Channel
  readonly random: Random
  readonly hasher: Hasher
  /** Resolves when the screen shows what views were just told, where there is one, or soon after. */
  readonly shown?: () => Promise<void>
}
