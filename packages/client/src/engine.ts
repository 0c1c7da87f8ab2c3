import { dexFeed } from '@biologidex/core/sync/wire'
import { Arrival } from './arrival.ts'
import { bringIn, unsentOf } from './bring-in.ts'
import { withDeadline } from './deadline.ts'
import type {
  BroughtIn,
  CacheContents,
  CatalogueView,
  DexSummary,
  DexView,
  Draft,
  Engine,
  EngineEvent,
  PeopleView,
  Photo,
  PictureAt,
  StrangerView,
  SyncStatus,
  Unsent,
  UnsentPicture,
} from './face.ts'
import { FeedBook } from './feeds.ts'
import { codeOf, faceError } from './http.ts'
import { type AvatarAt, Pictures } from './images.ts'
import { Keeper } from './keeper.ts'
import { Leader } from './leader.ts'
import { notify } from './notify.ts'
import { Outbox } from './outbox.ts'
import { Overview } from './overview.ts'
import { PACKING, type Packing } from './packing.ts'
import { keepPhotos, uploadOf } from './photos.ts'
import { PictureCache } from './picture-cache.ts'
import { NetworkFailure, type Ports, SealBroken, type StoredMutation, type StoredUpload, type SyncRecord } from './ports.ts'
import type { PullParts } from './pull.ts'
import { Pusher } from './push.ts'
import { Records } from './records.ts'
import { rescue } from './rescue.ts'
import { StatusBoard } from './status.ts'
import { StrangerPages } from './stranger.ts'
import { shown } from './sweep.ts'
import { Tab } from './tab.ts'
import { openable, previewKey, sealedKey, Uploader } from './uploads.ts'
import { Views } from './views.ts'
import { watchedStore } from './watched-store.ts'

/**
 * The offline engine of one account in one tab or process; SPEC.md says what it holds to.
 * @param packing how feeds lie in the store: other numbers than these are for dexes as small as a test's
 */
export function createEngine(ports: Ports, account: string, packing: Packing = PACKING): Engine {
  return new LocalEngine(ports, account, packing)
}

class LocalEngine implements Engine {
  readonly account: string
  readonly #ports: Ports
  readonly #outbox: Outbox
  readonly #book: FeedBook
  readonly #records: Records
  readonly #views: Views
  readonly #overview: Overview
  readonly #cache: PictureCache
  readonly #keeper: Keeper
  readonly #pictures: Pictures
  readonly #board: StatusBoard
  readonly #tab: Tab
  readonly #onEvent = new Set<(event: EngineEvent) => void>()
  readonly #ending = new AbortController()
  /** Feeds that do not open and are about to be dropped. */
  readonly #losing = new Set<string>()
  #looksAt: string | undefined
  #started: Promise<void> | undefined
  #stopped: Promise<void> | undefined

  constructor(ports: Ports, account: string, packing: Packing) {
    const store = watchedStore(ports.store, (feed) => this.#lost(feed))
    const { channel } = ports
    this.account = account
    this.#ports = { ...ports, store }
    const onStatus = () => this.#refresh()
    const onTrouble = (error: unknown) => this.#trouble(error)
    this.#records = new Records(store)
    this.#cache = new PictureCache({
      ...ports,
      store: ports.pictures,
      isHere: (dex) => this.#book.state(dexFeed(dex)) !== undefined,
    })
    this.#keeper = new Keeper({ ...this.#ports, cache: this.#cache })
    this.#book = new FeedBook({
      store,
      account,
      tell: (feeds) => channel.post({ kind: 'feeds', feeds }),
      leaving: (feed, delta) => this.#keeper.leaving(feed, delta),
    })
    this.#outbox = new Outbox({
      ...this.#ports,
      onChange: () => this.#outboxChanged(),
      onWrite: () => channel.post({ kind: 'outbox' }),
    })
    this.#views = new Views(account, this.#outbox, { store, book: this.#book, onTrouble }, onStatus)
    this.#overview = new Overview({ account, book: this.#book, outbox: this.#outbox, records: this.#records })
    const transport = withDeadline(ports.transport, ports.clock)
    const arrival = new Arrival(this.#book, ports.clock)
    const arrived = () => arrival.over()
    this.#pictures = new Pictures({ ...ports, cache: this.#cache, transport, arrived }, this.#ending.signal)
    const leader = this.#makeLeader(packing)
    const shared = {
      account,
      ports: this.#ports,
      leader,
      outbox: this.#outbox,
      book: this.#book,
      records: this.#records,
      settled: () => this.#views.settled(),
      tidy: () => this.#keeper.dropStrays(),
      lose: (feed: string) => this.#lose(feed),
      onFeeds: (feeds: readonly string[]) => this.#keeper.doubt(feeds),
    }
    this.#tab = new Tab({ ...shared, onStatus, onEvent: (event) => this.#emit(event), onTrouble, onWiped: () => this.#wiped() })
    const sources = { outbox: this.#outbox, sync: () => this.#tab.status(), conflicts: () => this.#views.conflicts() }
    this.#board = new StatusBoard(sources)
  }

  #makeLeader(packing: Packing): Leader {
    const { blobs, store } = this.#ports
    const transport = withDeadline(this.#ports.transport, this.#ports.clock)
    const [book, outbox, records, account] = [this.#book, this.#outbox, this.#records, this.account]
    const cached = (entry: string, sha256: string) => this.#cache.get({ dex: account, entry, sha256 })
    const saving = { store, blobs, outbox, cached }
    const pulling: PullParts = {
      ...this.#ports,
      transport,
      account,
      book,
      packing,
      rescue: async (state, generation, last) => {
        await rescue(saving, state, generation, last)
        this.#tab.wrote()
      },
      forget: (feed, gone) => this.#keeper.forget(feed, gone, book, records),
      onProgress: (current, total) => leader.onProgress(current, total),
    }
    const uploader = new Uploader({
      ...this.#ports,
      account,
      transport,
      outbox,
      onRefused: () => leader.syncAll(),
      isShown: async (image) => (await shown(new Set([image]), book, store, account)).size > 0,
      position: () => {
        const state = book.state(dexFeed(account))
        return state?.complete ? state.seq : undefined
      },
      onTrouble: (error) => this.#trouble(error),
    })
    const onEvent = (event: EngineEvent) => {
      this.#emit(event)
      this.#tab.tell(event)
    }
    const pusher = new Pusher({ ...pulling, outbox, onRevived: (entry) => onEvent({ kind: 'revived', entry }) })
    const leader: Leader = new Leader({
      ...this.#ports,
      account,
      pulling,
      pusher,
      outbox,
      book,
      records,
      uploader,
      makeRoom: () => this.#cache.empty(),
      tidy: (state) => this.#keeper.tidy(state),
      onStatus: () => this.#refresh(),
      onEvent,
    })
    return leader
  }

  start(): Promise<void> {
    this.#started ??= this.#begin()
    return this.#started
  }

  async #begin(): Promise<void> {
    const state = await this.#ports.store.load()
    this.#book.reread(state.feeds)
    this.#records.load(state.syncs, state.digest)
    this.#outbox.take(state)
    if (state.unreadable) this.#trouble(new SealBroken())
    this.#tab.start()
    this.#refresh()
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end()
    return this.#stopped
  }

  async #end(): Promise<void> {
    this.#ending.abort()
    await this.#tab.stop()
    this.#overview.close()
    this.#views.close()
    this.#refresh()
    this.#ports.channel.close()
    await this.#cache.close().catch((error) => this.#trouble(error))
    await this.#ports.store.close()
    await this.#ports.blobs.close()
    await this.#ports.pictures.close()
  }

  async openDex(account: string): Promise<DexView> {
    const view = await this.#views.dex(account)
    if (this.#looksAt !== account) this.#emit({ kind: 'dex_switched', account })
    this.#looksAt = account
    return view
  }

  openCatalogue(): Promise<CatalogueView> {
    return this.#views.catalogue()
  }

  openPeople(): Promise<PeopleView> {
    return this.#views.people()
  }

  async openStranger(account: string): Promise<StrangerView> {
    const { clock, transport } = this.#ports
    return new StrangerPages({ clock, transport: withDeadline(transport, clock), signal: this.#ending.signal }, account)
  }

  dexes(): readonly DexSummary[] {
    return this.#overview.all()
  }

  onDexes(listener: () => void): () => void {
    return this.#overview.listen(listener)
  }

  looked(account: string): Promise<void> {
    return this.#tab.looked(account)
  }

  cache(): Promise<CacheContents> {
    return this.#cache.contents()
  }

  limitCache(bytes: number): Promise<void> {
    return this.#cache.limit(bytes)
  }

  pin(account: string, pinned: boolean): Promise<void> {
    return this.#cache.pin(account, pinned)
  }

  async emptyCache(account?: string): Promise<void> {
    await this.#cache.empty(account)
  }

  prefetch(pictures: readonly PictureAt[], signal: AbortSignal): Promise<void> {
    return this.#pictures.prefetch(pictures, signal)
  }

  async mutate(drafts: readonly Draft[], photos: readonly Photo[] = []): Promise<void> {
    if (this.#stopped) throw new NetworkFailure('the engine was stopped')
    if (drafts.length === 0) return
    const { blobs, clock } = this.#ports
    const parts = { blobs, clock, makeRoom: () => this.#cache.empty() }
    await keepPhotos(parts, photos, () => this.#outbox.append(drafts, photos.map(uploadOf)))
    this.#tab.wrote()
    for (const { type, op, id } of drafts)
      if (type === 'entry' && op === 'create') this.#emit({ kind: 'record_added', entry: id })
  }

  async syncNow(): Promise<number> {
    try {
      return await this.#tab.sync()
    } catch (error) {
      throw faceError(error)
    }
  }

  get status(): SyncStatus {
    return this.#board.current
  }

  onStatus(listener: (status: SyncStatus) => void): () => void {
    return this.#board.listen(listener)
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#onEvent.add(listener)
    return () => {
      this.#onEvent.delete(listener)
    }
  }

  picture(at: PictureAt): Promise<Uint8Array | undefined> {
    return this.#pictures.get(at)
  }

  keptPicture(at: PictureAt): Promise<Uint8Array | undefined> {
    return this.#pictures.kept(at)
  }

  avatar(at: AvatarAt): Promise<Uint8Array | undefined> {
    return this.#pictures.avatar(at)
  }

  setAside(): { mutations: readonly StoredMutation[]; uploads: readonly StoredUpload[] } {
    const { changes, uploads } = this.#outbox
    return { mutations: changes.filter((change) => change.setAside), uploads: uploads.filter((upload) => upload.failed) }
  }

  async retry(n: number): Promise<void> {
    await this.#outbox.retry(n)
    this.#tab.wrote()
  }

  async discard(n: number): Promise<void> {
    const images = await this.#outbox.discard(n)
    this.#tab.wrote()
    await this.#ports.blobs.delete(
      images.flatMap((image) => [sealedKey(image), previewKey(image, 'wall'), previewKey(image, 'screen')]),
    )
  }

  async retryUpload(image: string): Promise<void> {
    await this.#outbox.retryUploads(image)
    this.#tab.wrote()
  }

  async discardUpload(image: string): Promise<void> {
    await this.#outbox.dropUpload(image)
    await this.#ports.blobs.delete([sealedKey(image)])
  }

  syncs(): readonly SyncRecord[] {
    return this.#records.all()
  }

  unsent(): Unsent {
    return unsentOf(this.#outbox)
  }

  original(image: string): Promise<Uint8Array | undefined> {
    return openable(this.#ports.blobs, sealedKey(image))
  }

  async bringIn(work: Unsent, load: (picture: UnsentPicture) => Promise<Uint8Array | undefined>): Promise<BroughtIn> {
    const people = await this.#views.people()
    const dex = await this.#views.dex(this.account).catch((error: unknown) => {
      people.close()
      throw error
    })
    try {
      const { entries, trash, outings, conflicts, profile } = dex
      const known = { entries, trash, outings, conflicts, profile, people, animal: (id: string) => dex.animal(id) }
      const parts = { ...this.#ports, makeRoom: () => this.#cache.empty(), outbox: this.#outbox, dex: known }
      const taken = await bringIn(parts, work, load)
      this.#tab.wrote()
      return taken
    } finally {
      people.close()
      dex.close()
    }
  }

  async wipe(): Promise<void> {
    this.#ending.abort()
    await this.#tab.stop()
    this.#ports.channel.post({ kind: 'wiped' })
    await this.#ports.store.wipe()
    await this.#ports.blobs.wipe()
    await this.#ports.pictures.wipe()
    await this.stop()
  }

  #wiped(): void {
    this.stop().catch((error) => this.#trouble(error))
  }

  #outboxChanged(): void {
    this.#views.refresh()
    this.#overview.refresh()
    this.#refresh()
  }

  #refresh(): void {
    this.#board.refresh()
    this.#tab.tell()
  }

  /** A feed does not open: it is fetched again (E41). */
  #lost(feed: string): void {
    if (this.#losing.has(feed)) return
    this.#losing.add(feed)
    const done = () => this.#losing.delete(feed)
    this.#tab
      .lost(feed)
      .catch((error) => this.#trouble(error))
      .finally(done)
  }

  /** Drops a feed that does not open. The digest goes first, so that the server says it again to a device that died between. */
  async #lose(feed: string): Promise<void> {
    this.#records.lost(feed, this.#ports.clock.now())
    await this.#records.dropDigest()
    await this.#book.lose(feed)
    this.#refresh()
  }

  /** Something failed that nobody waits for: it is seen in the status. */
  #trouble(error: unknown): void {
    this.#records.failed(dexFeed(this.account), this.#ports.clock.now(), codeOf(error))
    this.#refresh()
  }

  #emit(event: EngineEvent): void {
    if (event.kind === 'completed' || event.kind === 'failed') this.#overview.refresh()
    notify(this.#onEvent, event)
    // From the server alone, for this account and session: nothing of it may stay (G3).
    if (event.kind === 'account_deleted') this.wipe().catch((error) => this.#trouble(error))
  }
}
