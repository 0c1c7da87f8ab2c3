import type { ProfileItem } from '@biologidex/core/accounts/account'
import type { AnimalItem, AnimalRef } from '@biologidex/core/animals/animal'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { BlockItem, FriendItem } from '@biologidex/core/friends/friend'
import type { RenditionName } from '@biologidex/core/images/image'
import type { FieldChange, Mutation } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen, OutingOnScreen, TrashOnScreen } from '@biologidex/core/sync/overlay'
import type { ContentTrouble, StoredMutation, StoredUpload, SyncRecord } from './ports.ts'

/** A change as a screen makes it; the engine numbers and dates it. */
export type Draft = Omit<Mutation, 'n' | 'at'>

/** A photo as a screen hands it over: the original untouched, and previews made on the device. */
export interface Photo {
  /** Id of the image that a draft creates (`type: 'image'`, `op: 'create'`, with `sha256`, `size`, `mediaType`). */
  readonly image: string
  readonly entry: string
  readonly original: Uint8Array
  readonly mediaType: string
  readonly sha256: string
  readonly previews: Partial<Record<RenditionName, Uint8Array>>
}

/** A dex on this device, whole in memory while it is open: sorting and filtering it takes a millisecond or two. */
export interface DexView {
  readonly account: string
  /** Entries by id, own ones with pending changes over them. A new Map after each change; unchanged entries keep their identity. */
  readonly entries: ReadonlyMap<string, EntryOnScreen>
  /** Deleted entries that can still be brought back, by id, own ones with pending changes over them. */
  readonly trash: ReadonlyMap<string, TrashOnScreen>
  /** Outings by id, own ones with pending changes over them. */
  readonly outings: ReadonlyMap<string, OutingOnScreen>
  readonly conflicts: ReadonlyMap<string, ConflictItem>
  readonly profile: ProfileItem | undefined
  /** False while the first snapshot is still arriving. */
  readonly complete: boolean
  /** Record of an animal, from the dex or the catalogue, whichever knows more; without a name there, called as its entries call it. */
  animal(id: string): AnimalItem | undefined
  /** The changes that lie over an entry's base, those of its pictures too, in order: what its server does not know yet. */
  changesOf(entry: string): readonly StoredMutation[]
  /** Calls back after each change of the above, at most once a frame's worth of changes; returns an unsubscribe. */
  subscribe(listener: () => void): () => void
  close(): void
}

/** The shared catalogue: what can be searched when picking an animal. */
export interface CatalogueView {
  readonly animals: ReadonlyMap<string, AnimalItem>
  subscribe(listener: () => void): () => void
  close(): void
}

/** Somebody and how the account stands to them, with what waits in the outbox over it. `pending`: the server does not know it yet. */
export type FriendOnScreen = FriendItem & { readonly pending?: true }
export type BlockOnScreen = BlockItem & { readonly pending?: true }

/** Friends, requests both ways and blocks of the account: its account feed, pending changes over it. */
export interface PeopleView {
  /** By the other's id. A request by code that has not gone up yet stands under its mutation's id, with the code as its user name. */
  readonly friends: ReadonlyMap<string, FriendOnScreen>
  readonly blocks: ReadonlyMap<string, BlockOnScreen>
  /** False while the first snapshot is still arriving. */
  readonly complete: boolean
  subscribe(listener: () => void): () => void
  close(): void
}

/** A dex on this device, as an overview shows it; cheap to have for a thousand of them: nothing of their entries is read for it. */
export interface DexSummary {
  readonly account: string
  readonly entries: number
  /** Entries that came or changed since the person looked at it last. */
  readonly news: number
  /** The latest observation date among its entries, as they state it. */
  readonly latest?: string
  readonly complete: boolean
  readonly lastSuccess?: number
  readonly lastError?: { readonly at: number; readonly code: string }
}

/** Public entries of somebody who is no friend, read page by page while it is open, online only (F1). Nothing of it is kept. */
export interface StrangerView {
  readonly account: string
  readonly entries: ReadonlyMap<string, EntryOnScreen>
  readonly profile: ProfileItem | undefined
  readonly complete: boolean
  animal(id: string): AnimalItem | undefined
  /** Reads the next page. Rejects with AppError or NetworkFailure; nothing is lost by asking again. */
  more(): Promise<void>
  subscribe(listener: () => void): () => void
  close(): void
}

/** What the cache of pictures holds, in bytes and pictures; `dexes` by whom they are shown to belong to. */
export interface CacheContents {
  readonly limit: number
  readonly bytes: number
  readonly pictures: number
  readonly dexes: readonly {
    readonly account: string
    readonly bytes: number
    readonly pictures: number
    readonly pinned: boolean
  }[]
}

/** How the engine stands to the server; see connection.ts for the transitions. */
export type ConnectionState = 'stopped' | 'idle' | 'syncing' | 'waiting' | 'offline' | 'signed_out' | 'refused'

/** One calm picture of sync for the screen. `here`: changes and pictures that are only on this device. */
export interface SyncStatus {
  readonly connection: ConnectionState
  /** Rows of the pull under way. */
  readonly progress?: { readonly current: number; readonly total: number }
  readonly here: { readonly changes: number; readonly pictures: number }
  /** Changes and pictures set aside, those that cannot be opened, and clashes: what needs the person. */
  readonly needsYou: number
  /** Changes and pictures that wait here and cannot be opened: they are kept, and neither shown nor sent. Absent: none. */
  readonly unreadable?: number
  readonly nextRetry?: number
  readonly lastSuccess?: number
  readonly lastError?: { readonly at: number; readonly code: string }
  /** What of some feed could not be taken, opened or understood, until that is made good; the latest of them. */
  readonly trouble?: ContentTrouble
}

/** A photo that has not gone up yet. `binned`: it was removed before it did, and can be brought back while it lies in the bin. */
export interface UnsentPicture extends Pick<StoredUpload, 'image' | 'entry' | 'sha256' | 'size' | 'mediaType'> {
  readonly binned?: true | undefined
}

/** What is only on one device, in the form of the outbox. */
export interface Unsent {
  readonly changes: readonly Mutation[]
  readonly pictures: readonly UnsentPicture[]
}

/** How much of saved work was new; `lacking`: pictures whose bytes were missing, or not what they should be. */
export interface BroughtIn {
  readonly changes: number
  readonly pictures: number
  readonly lacking: number
}

/** Which picture; `sha256` as the entry's rendition says it, absent while the server has made none. */
export interface PictureAt {
  readonly dex: string
  readonly entry: string
  readonly image: string
  readonly rendition: RenditionName | 'original'
  readonly sha256?: string
}

/** What the engine tells (C5). */
export type EngineEvent =
  | { readonly kind: 'started' }
  | { readonly kind: 'progress'; readonly current: number; readonly total: number }
  | { readonly kind: 'completed'; readonly changed: number }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'record_added'; readonly entry: string }
  /** A change of an entry that had been deleted elsewhere brought it back, as private (O5). */
  | { readonly kind: 'revived'; readonly entry: string }
  /** Another dex than the one before was opened, in this tab. */
  | { readonly kind: 'dex_switched'; readonly account: string }
  | { readonly kind: 'signed_out' }
  /** The account was deleted: the engine deletes all of it from the device, unsent work included, and stops. */
  | { readonly kind: 'account_deleted' }

export interface Engine {
  readonly account: string
  /** Loads the account's state; what is on the device can be read and written from then on, network or not. */
  start(): Promise<void>
  /** Stops syncing and closes everything; nothing is lost. */
  stop(): Promise<void>
  /** The own dex; later any followed one. */
  openDex(account: string): Promise<DexView>
  openCatalogue(): Promise<CatalogueView>
  openPeople(): Promise<PeopleView>
  openStranger(account: string): Promise<StrangerView>
  /** The dexes on this device, the own one first. A new array after each change. */
  dexes(): readonly DexSummary[]
  onDexes(listener: () => void): () => void
  /** The person looks at a dex now: what is new in it counts from here. */
  looked(account: string): Promise<void>
  /** What the cache of pictures holds (I4). What waits to go up is no part of it. */
  cache(): Promise<CacheContents>
  /** Pictures beyond the limit, in bytes, leave at once, the least recently used first; those of pinned dexes stay. */
  limitCache(bytes: number): Promise<void>
  /** Pictures of pinned dexes are never evicted. */
  pin(account: string, pinned: boolean): Promise<void>
  /** Drops cached pictures, of one dex or of all. */
  emptyCache(account?: string): Promise<void>
  /** Fetches pictures that will be wanted soon, quietly: one at a time, after those that are asked for; gives up when `signal` says so. */
  prefetch(pictures: readonly PictureAt[], signal: AbortSignal): Promise<void>
  /** Puts changes into the outbox, atomically and durably, and on screen. Photos that drafts create come with them. */
  mutate(drafts: readonly Draft[], photos?: readonly Photo[]): Promise<void>
  /** Syncs now, whatever timers say. Resolves with the number of entries that changed here. Rejects with AppError or NetworkFailure. */
  syncNow(): Promise<number>
  readonly status: SyncStatus
  onStatus(listener: (status: SyncStatus) => void): () => void
  onEvent(listener: (event: EngineEvent) => void): () => void
  /**
   * A picture's bytes: from the device, else fetched, verified and kept; undefined when it cannot be had now. Originals, which their owner
   * alone may have, are not kept: they hold the exact place.
   */
  picture(at: PictureAt): Promise<Uint8Array | undefined>
  /** The bytes of a picture that was fetched before and is kept; nothing is fetched for it. */
  keptPicture(at: PictureAt): Promise<Uint8Array | undefined>
  /** The picture of a dex's owner, as its profile names it: likewise. */
  avatar(at: { dex: string; sha256: string }): Promise<Uint8Array | undefined>
  /** Mutations and uploads that were set aside (O6), with the reason. */
  setAside(): { mutations: readonly StoredMutation[]; uploads: readonly StoredUpload[] }
  /** Tries a set-aside change again, or drops it because the person said so. */
  retry(n: number): Promise<void>
  discard(n: number): Promise<void>
  /** The same for a picture whose upload failed for good: dropping it leaves its entry as it is, and loses the photo. */
  retryUpload(image: string): Promise<void>
  discardUpload(image: string): Promise<void>
  syncs(): readonly SyncRecord[]
  /** What only this device has (C1): what a sign-out would lose. */
  unsent(): Unsent
  /** The original of a photo that waits to go up; undefined when it is not here, or damaged and not to be opened any more. */
  original(image: string): Promise<Uint8Array | undefined>
  /**
   * Takes in work that was saved from an outbox of this account: what is here or on the server already is left out. `load` brings
   * a picture's bytes; those that are missing, or not what they should be, are left out too.
   */
  bringIn(work: Unsent, load: (picture: UnsentPicture) => Promise<Uint8Array | undefined>): Promise<BroughtIn>
  /** Deletes everything of the account from the device. */
  wipe(): Promise<void>
}

export type { AnimalRef, FieldChange }
