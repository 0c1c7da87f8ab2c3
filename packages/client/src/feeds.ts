import { accountFeed, dexFeed, dexOf } from '@biologidex/core/sync/wire'
import { Counts } from './counts.ts'
import type { FeedDelta } from './delta.ts'
import type { Reached } from './outbox.ts'
import type { FeedState, FeedWrite, LocalStore } from './ports.ts'
import type { Tally } from './tally.ts'

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

/** Entries that are looked for in less time when all of a dex's have been put in order before. */
const MANY = 50

/** A feed that nothing is known of. */
export const freshFeed = (feed: string): FeedState => ({ feed, seq: 0, generation: 0, over: 0, complete: false })

/** A number that no generation of the feed bears, a left-over one included. */
export const nextGeneration = (state: FeedState): number => Math.max(state.generation, state.filling?.generation ?? 0) + 1

/** A generation that a reset fills (P4); one without cursor is a packing that was cut, and worth nothing. */
export const fillingOf = (state: FeedState): FeedState['filling'] => (state.filling?.cursor ? state.filling : undefined)

/** Where the next pull goes on (P3): in the new generation while one is being filled. */
export const cursorOf = (state: FeedState): string | undefined => fillingOf(state)?.cursor ?? state.cursor

export interface BookParts {
  readonly store: LocalStore
  readonly account: string
  /** Called with the feeds of each commit: the other tabs want to know (C3). */
  readonly tell: (feeds: readonly string[]) => void
  /** Called before a change is kept: what hangs on the items that it changes or takes away goes first. */
  readonly leaving: (feed: string, delta: FeedDelta) => Promise<void>
}

/** How far each feed has come, in memory beside the store: the way of all writes to feeds, and of the news of them. */
export class FeedBook {
  readonly #store: LocalStore
  readonly #tell: (feeds: readonly string[]) => void
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #states = new Map<string, FeedState>()
  readonly #watchers = new Set<() => void>()
  readonly #leaving: BookParts['leaving']
  readonly #counts: Counts
  /** How many losses there had been when a feed was lost last. */
  readonly #lost = new Map<string, number>()
  #losses = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor({ store, account, tell, leaving }: BookParts) {
    this.#store = store
    this.#tell = tell
    this.#leaving = leaving
    this.#counts = new Counts(store, dexFeed(account))
  }

  /** Takes the states over from the store. */
  load(states: readonly FeedState[]): void {
    this.#states.clear()
    this.#counts.clear()
    for (const state of states) this.#states.set(state.feed, state)
  }

  state(feed: string): FeedState | undefined {
    return this.#states.get(feed)
  }

  /** How far the feeds that show this account's changes have come; -1 for one that is not here. */
  reached(account: string): Reached {
    return { dex: this.state(dexFeed(account))?.seq ?? -1, people: this.state(accountFeed(account))?.seq ?? -1 }
  }

  states(): Iterable<FeedState> {
    return this.#states.values()
  }

  /** How many feeds were lost since this book was opened. */
  get losses(): number {
    return this.#losses
  }

  /**
   * Commits writes, each atomic for its feed, then tells.
   * @param losses how many feeds had been lost when the writes were asked for: what goes over a feed that was lost since is left
   */
  commit(all: readonly FeedChange[], losses = this.#losses): Promise<void> {
    return this.#alone(async () => {
      const changes = all.filter(({ write }) => (this.#lost.get(write.state.feed) ?? 0) <= losses)
      if (changes.length === 0) return
      for (const { write, delta } of changes) {
        const { feed } = write.state
        const before = this.#states.get(feed)
        // Of a feed whose first rows these are nothing hangs on anything, nor on entries that nobody has seen.
        if (before?.cursor === undefined || this.#counts.areNew(before, write, delta)) continue
        await this.#leaving(feed, delta)
      }
      const counted = await this.#counted(changes)
      await this.#writeAndShow(counted)
      this.#tell([...new Set(counted.map(({ write }) => write.state.feed))])
    })
  }

  /** The writes with the numbers that go with them. */
  async #counted(changes: readonly FeedChange[]): Promise<FeedChange[]> {
    const states = new Map<string, FeedState>()
    const counted: FeedChange[] = []
    for (const { write, delta } of changes) {
      const { feed } = write.state
      const { state, marks } = await this.#counts.count(states.get(feed) ?? this.#states.get(feed), write, delta)
      states.set(feed, state)
      counted.push({ write: { ...write, state, ...(marks === undefined ? {} : { marks }) }, delta })
    }
    return counted
  }

  /** Writes; what was counted for a write that failed is forgotten with it. */
  async #write(writes: readonly FeedWrite[]): Promise<void> {
    try {
      await this.#store.writeFeeds(writes)
    } catch (error) {
      for (const { state } of writes) this.#counts.forget(state.feed)
      throw error
    }
  }

  /**
   * Writes, then shows. What comes to feeds of which nothing lay here is shown while it is being written, which takes a browser about as
   * long as drawing it; should the write fail, it is taken back.
   */
  async #writeAndShow(changes: readonly FeedChange[]): Promise<void> {
    const before = changes.map(({ write }) => this.#states.get(write.state.feed))
    const writing = this.#write(changes.map(({ write }) => write))
    if (before.some((state) => state?.cursor !== undefined)) await writing
    for (const { write, delta } of changes) this.#committed(write, delta)
    try {
      await writing
    } catch (error) {
      for (const [at, { write }] of changes.entries()) this.#takeBack(write.state.feed, before[at])
      throw error
    }
  }

  #takeBack(feed: string, state: FeedState | undefined): void {
    if (state) this.#states.set(feed, state)
    else this.#states.delete(feed)
    this.#news(feed, { kind: 'reread' })
  }

  #committed(write: FeedWrite, delta: FeedDelta): void {
    const { state } = write
    const before = this.#states.get(state.feed)
    this.#states.set(state.feed, state)
    if (before && before.generation !== state.generation) this.#news(state.feed, { kind: 'reread' })
    else if (write.generation === state.generation) this.#news(state.feed, { kind: 'delta', delta, complete: state.complete })
  }

  /**
   * Makes a feed's place in the store ahead of what is written there, which waits for it. Nothing is known of the feed by that: what comes
   * to it may be shown before.
   */
  makePlace(feed: string): Promise<void> {
    return this.#store.writeFeeds([{ state: freshFeed(feed), generation: 0 }])
  }

  /** Writes one step of a packing: content moves, nothing changes for those who look at it. */
  pack(write: FeedWrite): Promise<void> {
    return this.#alone(async () => {
      const { feed, generation } = write.state
      const before = this.#states.get(feed)
      // Dropped, or lost, since the packing began.
      if (!before) return
      // Numbers may have been noted since the packing began.
      const state = { ...write.state, ...(before.summary ? { summary: before.summary } : {}) }
      await this.#store.writeFeeds([{ ...write, state }])
      const moved = before.generation !== generation
      this.#states.set(feed, state)
      if (!moved) return
      this.#news(feed, { kind: 'packed' })
      this.#tell([feed])
    })
  }

  /** The person looks at a dex: what is new in it counts from here. */
  looked(feed: string): Promise<void> {
    return this.#alone(async () => {
      const state = this.#states.get(feed)
      if (!state?.complete || state.summary?.news === 0) return
      const tally = (await this.#counts.of(state)) ?? (await this.#counts.recount(state))
      tally.look()
      await this.#note(state, tally)
    })
  }

  /**
   * Reads, while an answer is awaited, what taking it in will ask for. What fails here fails again there.
   * @param entries how many are expected to come
   */
  async makeReady(feed: string, entries: number): Promise<void> {
    const count = async () => {
      const state = this.#states.get(feed)
      const tally = state?.complete ? await this.#counts.of(state) : undefined
      if (entries >= MANY) tally?.expectMany()
    }
    await this.#alone(count).catch(() => undefined)
  }

  /** Counts anew what may be counted wrong, and keeps what was too large to go with a chunk. */
  async keepCounts(): Promise<void> {
    const wrong = [...this.#states.values()].filter(
      ({ feed, complete, summary }) => complete && dexOf(feed) !== undefined && (!summary || summary.uncertain),
    )
    for (const { feed } of wrong) await this.#keep(feed, (state) => this.#counts.recount(state))
    for (const feed of this.#counts.takeUnwritten()) await this.#keep(feed, (state) => this.#counts.of(state))
  }

  #keep(feed: string, count: (state: FeedState) => Promise<Tally | undefined>): Promise<void> {
    return this.#alone(async () => {
      const state = this.#states.get(feed)
      const tally = state && (await count(state))
      if (state && tally) await this.#note(state, tally)
    })
  }

  async #note(before: FeedState, tally: Tally): Promise<void> {
    const state = { ...before, summary: tally.summary }
    await this.#write([{ state, generation: state.generation, marks: tally.text(state.cursor ?? '') }])
    this.#states.set(state.feed, state)
    this.#watch()
    this.#tell([state.feed])
  }

  /** Deletes a feed with all that it brought (P5). */
  drop(feed: string): Promise<void> {
    return this.#drop(feed, () => undefined)
  }

  /** Drops a feed that does not open, to be fetched from its beginning (E41). */
  lose(feed: string): Promise<void> {
    // Only now: whoever took its cursor until here asked for what goes over it.
    return this.#drop(feed, () => this.#lost.set(feed, (this.#losses += 1)))
  }

  /** A feed does not open, and is another tab's to drop: whatever stands there next is read again, be it as before. */
  disown(feed: string): void {
    this.#states.delete(feed)
    this.#watch()
  }

  #drop(feed: string, then: () => void): Promise<void> {
    return this.#alone(async () => {
      await this.#store.dropFeed(feed)
      this.#counts.forget(feed)
      this.#states.delete(feed)
      then()
      this.#news(feed, { kind: 'reread' })
      this.#tell([feed])
    })
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
    this.#watch()
    for (const listener of [...(this.#listeners.get(feed) ?? [])]) listener(news)
  }

  #watch(): void {
    for (const watcher of this.#watchers) watcher()
  }

  /** Runs writes one after another: each begins from the state that the one before left. */
  #alone<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(step)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}
