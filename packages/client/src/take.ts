import type { Chunk, FeedMode } from '@biologidex/core/sync/wire'
import { type FeedBook, type FeedChange, fillingOf, freshFeed, nextGeneration } from './feeds.ts'
import { isKnownItem, isKnownType, keyOf, type Line, typeOf } from './lines.ts'
import type { Packing } from './packing.ts'
import type { FeedState, FeedWrite, LocalStore, Ports } from './ports.ts'

type ChunkLine = Extract<Line, { kind: 'chunk' }>

/**
 * Characters that may wait to be committed together, of entries some 2,500: each commit has its price, in a browser 30 ms and a look at
 * all of the wall.
 */
const WAITING = 2_250_000

/** The generation that a chunk goes to; `empty`: it starts there. */
interface Into {
  readonly generation: number
  readonly empty: boolean
  readonly restored: boolean
}

/** What came of an answer's chunks. */
export interface Taken {
  /** Rows that arrived, removals included. */
  rows: number
  /** Own entries that changed. */
  changed: number
  /** Feeds of which something was put aside or refused (C4), by code. */
  readonly troubles: Map<string, 'chunk_refused' | 'item_not_understood'>
  readonly strange: Map<string, Strange>
}

/** Kinds of items that are not known: those that came to a feed, and those of which one left it; `anew`: it began anew, and all had left. */
export interface Strange {
  readonly came: ReadonlySet<string>
  readonly left: ReadonlySet<string>
  readonly anew: boolean
}

/** What the own dex's old generation holds alone is saved by this, before a restored one replaces it (P6). */
export type Rescue = (state: FeedState, generation: number, last: readonly unknown[]) => Promise<void>

export interface TakerOptions {
  readonly book: FeedBook
  readonly store: LocalStore
  readonly packing: Packing
  /** The account's own feed. */
  readonly own: string
  /** How many feeds had been lost when this was asked for. */
  readonly losses: number
  /** Ids of entries whose change is no news here, because this device made it. */
  readonly known?: ReadonlySet<string>
  readonly rescue: Rescue
  /** Waited for while the first stretch is being kept: whoever looks sees it before the rest is read, on the same thread. */
  readonly shown?: Ports['shown']
}

/**
 * Takes the chunks of one answer into the store: each atomically with its cursor (P3), small ones together. While so much
 * is being committed, as much at most is read (P7).
 */
export class Taker {
  readonly taken: Taken = { rows: 0, changed: 0, troubles: new Map(), strange: new Map() }
  readonly #options: TakerOptions
  readonly #starts = new Map<string, 'reset' | 'restored'>()
  readonly #stopped = new Set<string>()
  readonly #latest = new Map<string, FeedState>()
  readonly #overs = new Map<string, Set<string>>()
  #waiting: FeedChange[] = []
  #waitingSize = 0
  #committing: Promise<void> = Promise.resolve()
  #first = true

  constructor(options: TakerOptions) {
    this.#options = options
  }

  /** Says how a feed is answered; its first chunk then starts a new generation, if that is what it means (P4, P6). */
  announce(feed: string, mode: FeedMode): void {
    if (mode !== 'reset' && mode !== 'restored') return
    this.#starts.set(feed, mode)
    this.taken.strange.set(feed, { came: new Set(), left: new Set(), anew: true })
  }

  /** Stops a feed for this answer: its cursor stays where it stands (E33). */
  refuse(feed: string): void {
    this.#stopped.add(feed)
    this.taken.troubles.set(feed, 'chunk_refused')
  }

  /** Takes one chunk; when it resolves, a part of what was taken may still be on its way to the store, until `flush`. */
  async take(line: ChunkLine): Promise<void> {
    const { feed } = line.chunk
    if (this.#stopped.has(feed)) return
    const state = this.#latest.get(feed) ?? this.#options.book.state(feed) ?? freshFeed(feed)
    const start = this.#starts.get(feed)
    this.#starts.delete(feed)
    const filling = fillingOf(state)
    const generation = start ? nextGeneration(state) : (filling?.generation ?? state.generation)
    const restored = start ? start === 'restored' : filling?.restored === true
    if (restored && line.chunk.whole && feed === this.#options.own) {
      await this.flush()
      await this.#options.rescue(state, generation, line.items)
    }
    const change = await this.#changeOf(line, state, { generation, empty: start !== undefined, restored })
    this.#latest.set(feed, change.write.state)
    this.#waiting.push(change)
    this.#waitingSize += sizeOf(line)
    this.#count(line)
    // The first stretch is seen at once; the others go together.
    if (this.#first) await this.#takeFirst(state.cursor === undefined && !line.chunk.whole)
    else if (this.#waitingSize >= WAITING) await this.#commit()
  }

  /** @param waits for those who look, if anybody does; writing what they see may take longer, and the rest is read meanwhile */
  async #takeFirst(waits: boolean): Promise<void> {
    const shown = waits ? this.#options.shown?.() : undefined
    await this.#commit()
    await (shown ?? this.flush())
  }

  /** The answer came to its end: what it brought of these feeds is whole, whether or not a chunk said so (P4). */
  async finish(feeds: readonly string[]): Promise<void> {
    await this.flush()
    const { book, losses } = this.#options
    for (const feed of feeds) {
      const state = book.state(feed)
      if (!state || this.#stopped.has(feed) || (state.complete && !fillingOf(state))) continue
      const { filling, ...rest } = state
      const { generation, cursor, seq, over } = fillingOf(state) ?? state
      const whole = { ...rest, generation, ...(cursor ? { cursor } : {}), seq, over, complete: true }
      const delta = { items: [], removed: [], animals: [] }
      await book.commit([{ write: { state: whole, generation, ...(filling ? { dropOthers: true } : {}) }, delta }], losses)
    }
  }

  /** Commits what waits; resolves when everything that was taken is durable. */
  async flush(): Promise<void> {
    await this.#commit()
    await this.#committing
  }

  /** Begins to commit what waits, once the commit before is done; one that failed fails all that follow. */
  async #commit(): Promise<void> {
    await this.#committing
    const changes = this.#waiting
    this.#waiting = []
    if (this.#waitingSize > 0) this.#first = false
    this.#waitingSize = 0
    this.#committing = this.#options.book.commit(changes, this.#options.losses)
    // Whoever waits for it next hears of its failure.
    this.#committing.catch(() => undefined)
  }

  #count({ chunk, items }: ChunkLine): void {
    this.taken.rows += items.length + (chunk.removed?.length ?? 0)
    const came = items.filter((item) => !isKnownItem(item)).map(typeOf)
    const left = (chunk.removed ?? []).map((key) => key.split('/')[0] ?? '').filter((type) => !isKnownType(type))
    if (came.length > 0) this.taken.troubles.set(chunk.feed, 'item_not_understood')
    if (came.length + left.length > 0) this.#strange(chunk.feed, came, left)
    if (chunk.feed !== this.#options.own) return
    const isNews = (id: string) => !this.#options.known?.has(id)
    for (const item of items) if (isKnownItem(item) && item.type === 'entry' && isNews(item.id)) this.taken.changed += 1
    for (const key of chunk.removed ?? []) if (key.startsWith('entry/') && isNews(key.slice(6))) this.taken.changed += 1
  }

  #strange(feed: string, came: readonly string[], left: readonly string[]): void {
    const known = this.taken.strange.get(feed)
    this.taken.strange.set(feed, {
      came: new Set([...(known?.came ?? []), ...came]),
      left: new Set([...(known?.left ?? []), ...left]),
      anew: known?.anew ?? false,
    })
  }

  async #changeOf(line: ChunkLine, before: FeedState, into: Into): Promise<FeedChange> {
    const { chunk, items, text } = line
    const { generation, empty } = into
    const removed = chunk.removed ?? []
    const over = new Map<string, string | null>(removed.map((key) => [key, null]))
    const nothingYet = empty || (generation === before.generation && before.cursor === undefined)
    const { pageFrom, firstPageFrom } = this.#options.packing
    const asPage = items.length >= (nothingYet ? firstPageFrom : pageFrom)
    const covered = asPage ? await this.#oversOf(before, generation, empty) : undefined
    // Single items lie over later pages too: what a page brings anew has to be put over the older single one.
    const singles = asPage && !covered?.size ? [] : items
    for (const item of singles) {
      const key = keyOf(item)
      if (key && (!asPage || covered?.has(key))) over.set(key, JSON.stringify(item))
    }
    for (const key of over.keys()) this.#overs.get(`${chunk.feed} ${generation}`)?.add(key)
    const state = stateAfter(before, chunk, into, over.size + (asPage && before.complete ? items.length : 0))
    const write: FeedWrite = {
      state,
      generation,
      ...(asPage ? { page: text } : {}),
      ...(over.size > 0 ? { over } : {}),
      ...(chunk.animals?.length ? { animals: chunk.animals } : {}),
      ...(chunk.whole && (generation !== before.generation || before.filling) ? { dropOthers: true as const } : {}),
    }
    return { write, delta: { items, removed, animals: chunk.animals ?? [] } }
  }

  /** Keys of the single items that lie over this generation's pages. */
  async #oversOf(state: FeedState, generation: number, empty: boolean): Promise<Set<string>> {
    const name = `${state.feed} ${generation}`
    const known = this.#overs.get(name)
    if (known) return known
    const count = generation === state.generation ? state.over : (state.filling?.over ?? 0)
    let keys = new Set<string>()
    if (!empty && count > 0) {
      await this.flush()
      keys = new Set((await this.#options.store.readOver(state.feed, generation)).keys())
    }
    this.#overs.set(name, keys)
    return keys
  }
}

/** Characters of a chunk's items, and of the keys of what is gone. */
const sizeOf = ({ text, items, chunk: { removed = [] } }: ChunkLine): number =>
  (items.length > 0 ? text.length : 0) + removed.reduce((sum, key) => sum + key.length, 0)

/** Where the feed stands after a chunk: in the shown generation, or in the one being filled until it is whole. */
function stateAfter(before: FeedState, chunk: Chunk, { generation, empty, restored }: Into, added: number): FeedState {
  const { feed, cursor, seq } = chunk
  const { filling, ...rest } = before
  const over = (empty ? 0 : generation === before.generation ? before.over : (filling?.over ?? 0)) + added
  if (generation === before.generation) {
    // A packing that was cut is remembered until its rest is dropped: its number must not be used again.
    const rests = filling && !chunk.whole ? { filling } : {}
    return { ...rest, ...rests, cursor, seq, over, complete: before.complete || chunk.whole === true }
  }
  if (chunk.whole) return { feed, cursor, seq, generation, over, complete: true }
  return { ...rest, filling: { generation, cursor, seq, over, ...(restored ? { restored: true as const } : {}) } }
}
