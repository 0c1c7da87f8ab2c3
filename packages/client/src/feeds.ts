import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { FeedState, FeedWrite, LocalStore } from './ports.ts'

/** What a committed write changed in a feed's shown generation, for views that are open. */
export interface FeedDelta {
  readonly items: readonly unknown[]
  readonly removed: readonly string[]
  readonly animals: readonly AnimalItem[]
}

/** A write with what it means to a view. */
export interface FeedChange {
  readonly write: FeedWrite
  readonly delta: FeedDelta
}

/**
 * Told after each commit: what changed, or that the feed has to be read again. `packed`: the same content lies in
 * another generation, which matters only to somebody who is reading it just now.
 */
export type FeedNews =
  | { readonly kind: 'delta'; readonly delta: FeedDelta; readonly complete: boolean }
  | { readonly kind: 'reread' | 'packed' }
type Listener = (news: FeedNews) => void

/** A feed that nothing is known of. */
export const freshFeed = (feed: string): FeedState => ({ feed, seq: 0, generation: 0, over: 0, complete: false })

/** A number that no generation of the feed bears, a left-over one included. */
export const nextGeneration = (state: FeedState): number => Math.max(state.generation, state.filling?.generation ?? 0) + 1

/** A generation that a reset fills (P4); one without cursor is a packing that was cut, and worth nothing. */
export const fillingOf = (state: FeedState): FeedState['filling'] => (state.filling?.cursor ? state.filling : undefined)

/** Where the next pull goes on (P3): in the new generation while one is being filled. */
export const cursorOf = (state: FeedState): string | undefined => fillingOf(state)?.cursor ?? state.cursor

/** How far each feed has come, in memory beside the store: the way of all writes to feeds, and of the news of them. */
export class FeedBook {
  readonly #store: LocalStore
  readonly #tell: (feeds: readonly string[]) => void
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #states = new Map<string, FeedState>()
  readonly #watchers = new Set<() => void>()

  /** @param tell called with the feeds of each commit: the other tabs want to know (C3) */
  constructor(store: LocalStore, tell: (feeds: readonly string[]) => void) {
    this.#store = store
    this.#tell = tell
  }

  /** Takes the states over from the store. */
  load(states: readonly FeedState[]): void {
    this.#states.clear()
    for (const state of states) this.#states.set(state.feed, state)
  }

  state(feed: string): FeedState | undefined {
    return this.#states.get(feed)
  }

  states(): Iterable<FeedState> {
    return this.#states.values()
  }

  /** Commits writes, each atomic for its feed, then tells. */
  async commit(changes: readonly FeedChange[]): Promise<void> {
    if (changes.length === 0) return
    await this.#store.writeFeeds(changes.map(({ write }) => write))
    for (const { write, delta } of changes) this.#committed(write, delta)
    this.#tell([...new Set(changes.map(({ write }) => write.state.feed))])
  }

  #committed(write: FeedWrite, delta: FeedDelta): void {
    const { state } = write
    const before = this.#states.get(state.feed)
    this.#states.set(state.feed, state)
    if (before && before.generation !== state.generation) this.#news(state.feed, { kind: 'reread' })
    else if (write.generation === state.generation) this.#news(state.feed, { kind: 'delta', delta, complete: state.complete })
  }

  /** Writes one step of a packing: content moves, nothing changes for those who look at it. */
  async pack(write: FeedWrite): Promise<void> {
    await this.#store.writeFeeds([write])
    const { feed, generation } = write.state
    const moved = this.#states.get(feed)?.generation !== generation
    this.#states.set(feed, write.state)
    if (!moved) return
    this.#news(feed, { kind: 'packed' })
    this.#tell([feed])
  }

  /** Deletes a feed with all that it brought (P5). */
  async drop(feed: string): Promise<void> {
    await this.#store.dropFeed(feed)
    this.#states.delete(feed)
    this.#news(feed, { kind: 'reread' })
    this.#tell([feed])
  }

  /** Other tabs may have written: what stands elsewhere than known here is read again by its views (C3). */
  reread(states: readonly FeedState[]): void {
    const before = new Map(this.#states)
    this.load(states)
    for (const feed of new Set([...before.keys(), ...this.#states.keys()])) {
      if (JSON.stringify(before.get(feed)) !== JSON.stringify(this.#states.get(feed))) this.#news(feed, { kind: 'reread' })
    }
  }

  /** Calls back after each change of a feed; returns an unsubscribe. */
  listen(feed: string, listener: Listener): () => void {
    const set = this.#listeners.get(feed) ?? new Set()
    set.add(listener)
    this.#listeners.set(feed, set)
    return () => {
      set.delete(listener)
    }
  }

  /** Calls back after each change of any feed. */
  listenAll(listener: () => void): void {
    this.#watchers.add(listener)
  }

  #news(feed: string, news: FeedNews): void {
    for (const watcher of this.#watchers) watcher()
    for (const listener of [...(this.#listeners.get(feed) ?? [])]) listener(news)
  }
}
