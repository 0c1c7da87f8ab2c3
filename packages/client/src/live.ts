import { FeedContent } from './content.ts'
import type { FeedDelta } from './delta.ts'
import type { FeedBook, FeedNews } from './feeds.ts'
import { type LocalStore, SealBroken } from './ports.ts'

export interface LiveParts {
  readonly store: LocalStore
  readonly book: FeedBook
  /** A read that failed after the first: what is shown stays as it was. */
  readonly onTrouble: (error: unknown) => void
}

/** A feed in memory while somebody looks at it: read once, then kept up by each commit. */
export class LiveFeed {
  content = new FeedContent()
  complete = false
  readonly #parts: LiveParts
  readonly #feed: string
  readonly #listeners = new Set<() => void>()
  readonly #unlisten: () => void
  #queued: FeedDelta[] | undefined
  #again = false
  /** What lies in the store does not open: until it is read again nothing that comes over it means anything. */
  #broken = false
  #closed = false
  #loading: Promise<void> | undefined

  constructor(parts: LiveParts, feed: string) {
    this.#parts = parts
    this.#feed = feed
    this.#unlisten = parts.book.listen(feed, (news) => this.#hear(news))
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Resolves when what was to be read again has been. */
  async settled(): Promise<void> {
    await this.#loading?.catch(this.#parts.onTrouble)
  }

  close(): void {
    this.#closed = true
    this.#unlisten()
    this.#listeners.clear()
  }

  /** Reads the feed from the store; what is committed meanwhile comes over it. */
  load(): Promise<void> {
    this.#again = this.#loading !== undefined
    this.#loading ??= this.#load()
    return this.#loading
  }

  async #load(): Promise<void> {
    let fresh = new FeedContent()
    let deltas: readonly FeedDelta[] = []
    try {
      do {
        this.#again = false
        deltas = this.#queued = []
        this.#broken = false
        fresh = await this.#read().catch((error: unknown) => this.#nothing(error))
      } while (this.#again && !this.#closed)
    } finally {
      this.#queued = undefined
      this.#loading = undefined
    }
    if (!this.#broken) for (const delta of deltas) fresh.apply(delta)
    fresh.adopt(this.content)
    this.content = fresh
    this.complete = !this.#broken && (this.#parts.book.state(this.#feed)?.complete ?? false)
    this.#changed()
  }

  /** What does not open shows nothing, and not as if that were all: it is dropped and fetched again, and then read again (E41). */
  #nothing(error: unknown): FeedContent {
    if (!(error instanceof SealBroken)) throw error
    this.#broken = true
    return new FeedContent()
  }

  async #read(): Promise<FeedContent> {
    const content = new FeedContent()
    const state = this.#parts.book.state(this.#feed)
    if (!state) return content
    const reader = await this.#parts.store.readFeed(this.#feed, state.generation)
    for (const animal of reader.animals) content.animals.set(animal.id, animal)
    for await (const page of reader.pages) for (const item of JSON.parse(page) as unknown[]) content.put(item)
    for (const [key, text] of reader.over) {
      if (text === null) content.remove(key)
      else content.put(JSON.parse(text))
    }
    return content
  }

  #hear(news: FeedNews): void {
    if (this.#queued) {
      if (news.kind === 'delta') this.#queued.push(news.delta)
      else this.#again = true
      return
    }
    if (news.kind === 'reread') this.load().catch(this.#parts.onTrouble)
    if (news.kind !== 'delta' || this.#broken) return
    this.content.apply(news.delta)
    this.complete = news.complete
    this.#changed()
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

interface Shared {
  readonly live: LiveFeed
  readonly loaded: Promise<void>
  users: number
}

/** Live feeds shared by all who look at them; the last one to look away lets it go. */
export class LiveFeeds {
  readonly #parts: LiveParts
  readonly #shared = new Map<string, Shared>()

  constructor(parts: LiveParts) {
    this.#parts = parts
  }

  /** The feed, loaded. */
  async open(feed: string): Promise<LiveFeed> {
    let shared = this.#shared.get(feed)
    if (!shared) {
      const live = new LiveFeed(this.#parts, feed)
      shared = { live, loaded: live.load(), users: 0 }
      this.#shared.set(feed, shared)
    }
    shared.users += 1
    try {
      await shared.loaded
    } catch (error) {
      this.release(feed)
      throw error
    }
    return shared.live
  }

  release(feed: string): void {
    const shared = this.#shared.get(feed)
    if (!shared) return
    shared.users -= 1
    if (shared.users > 0) return
    shared.live.close()
    this.#shared.delete(feed)
  }

  /** Resolves when all that was to be read again has been. */
  async settled(): Promise<void> {
    await Promise.all(Array.from(this.#shared.values(), ({ live }) => live.settled()))
  }

  close(): void {
    for (const { live } of this.#shared.values()) live.close()
    this.#shared.clear()
  }
}
