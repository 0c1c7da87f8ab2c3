import { CATALOGUE, dexOf } from '@biologidex/core/sync/wire'
import type { FeedDelta } from './delta.ts'
import { keyOf } from './lines.ts'
import type { FeedState, FeedWrite, LocalStore } from './ports.ts'
import { showsPictures } from './shown-pictures.ts'
import { Tally } from './tally.ts'

/** Counts held in memory between two writes. */
const HELD = 24
/** Up to this many entries a count is written with every last chunk; a larger one with that of a first sync, and else after the sync. */
const SMALL = 5_000

const isEntry = (item: unknown): item is { readonly id: string; readonly observed?: { readonly at?: unknown } } =>
  typeof item === 'object' && item !== null && 'type' in item && item.type === 'entry' && 'id' in item

type Change = Pick<FeedDelta, 'items' | 'removed'>

/** Counts what a change brings and takes away; answers whether entries that were there went, or came otherwise. */
function take(tally: Tally, { items, removed }: Change): boolean {
  let older = false
  for (const key of removed) if (key.startsWith('entry/')) older = tally.remove(key.slice(6)) || older
  for (const item of items) {
    if (!isEntry(item)) continue
    const at = item.observed?.at
    older = tally.put(item.id, typeof at === 'string' ? at : undefined) || older
  }
  return older
}

/**
 * True when items that nobody counts go, or come to a whole feed, where they may lie already. The catalogue's are everybody's: of
 * those only what goes counts.
 */
function coversUncounted({ feed, complete }: FeedState, { items, removed }: Change): boolean {
  if (removed.some((key) => !key.startsWith('entry/'))) return true
  return feed !== CATALOGUE && complete && items.some((item) => !isEntry(item))
}

/** What lies there that nobody is to read any more stays noted until it is written over. What a page covers lies anywhere. */
function packing(
  covers: boolean,
  before: FeedState | undefined,
  { page }: FeedWrite,
  swapped = false,
): Pick<FeedState, 'withdrawn'> {
  if (!covers && !swapped) return before?.withdrawn ? { withdrawn: before.withdrawn } : {}
  return { withdrawn: swapped || page !== undefined || before?.withdrawn === true ? true : 'single' }
}

/** What a write means for the numbers beside a feed. */
export interface Counted {
  readonly state: FeedState
  readonly marks?: string
}

/**
 * Counts the entries of dexes as they come (E49), so that an overview reads none of them. The numbers go with the feed's state, in
 * the same write; which entries they count (the marks) goes with them for a small dex or a first sync, and is written later for a
 * large one that changes. Marks that are not of the state's cursor, after a crash, count nothing: the dex is then counted anew.
 */
export class Counts {
  readonly #store: LocalStore
  readonly #own: string
  readonly #tallies = new Map<string, Tally>()
  readonly #unwritten = new Set<string>()

  /** @param own the account's own dex: what is its person's, nobody withdraws */
  constructor(store: LocalStore, own: string) {
    this.#store = store
    this.#own = own
  }

  /** Another tab wrote: what is in memory counts no more. */
  clear(): void {
    this.#tallies.clear()
    this.#unwritten.clear()
  }

  forget(feed: string): void {
    for (const name of [...this.#tallies.keys()]) if (name.startsWith(`${feed} `)) this.#tallies.delete(name)
    this.#unwritten.delete(feed)
  }

  /**
   * True when a write takes nothing away from the dex that is shown, and all it brings of what shows pictures are entries that were
   * not there; false as well when nobody knows. `before` is the state that stands.
   */
  areNew(before: FeedState, { generation }: FeedWrite, { items, removed }: FeedDelta): boolean {
    const tally = this.#tallies.get(nameOf(before.feed, generation))
    if (!tally || generation !== before.generation || removed.length > 0) return false
    return items.every((item) => (isEntry(item) ? !tally.has(item.id) : !showsPictures(item)))
  }

  /** The state that a write is to keep, with its numbers. `before` is the state that stands. */
  async count(before: FeedState | undefined, write: FeedWrite, delta: FeedDelta): Promise<Counted> {
    const { summary: _, ...state } = write.state
    const uncounted = before?.cursor !== undefined && coversUncounted(before, delta)
    if (dexOf(state.feed) === undefined) return { state: { ...state, ...packing(uncounted, before, write) } }
    const shows = write.generation === state.generation
    const tally = await this.#tallyFor(before, write)
    // Where nobody knows which entries there are, each may be one of them.
    const counted = tally ? take(tally, delta) : delta.items.length + delta.removed.length > 0
    const swapped = before !== undefined && before.generation !== state.generation
    if (swapped && tally) tally.follow((await this.#old(before)) ?? new Tally())
    const covers = (counted || uncounted) && shows && state.feed !== this.#own
    const packed = packing(covers, before, write, swapped)
    if (!shows) return { state: { ...state, ...packed, ...(before?.summary ? { summary: before.summary } : {}) } }
    const summary = tally ? tally.summary : { ...(before?.summary ?? { entries: 0, news: 0 }), uncertain: true as const }
    return { state: { ...state, ...packed, summary }, ...this.#marks(before, state, tally) }
  }

  #marks(before: FeedState | undefined, state: FeedState, tally: Tally | undefined): { readonly marks?: string } {
    if (!tally || !state.complete || state.cursor === undefined) return {}
    if (tally.size <= SMALL || !before?.complete) return { marks: tally.text(state.cursor) }
    this.#unwritten.add(state.feed)
    return {}
  }

  /** The count of a shown generation; undefined when nobody knows it. */
  async of(state: FeedState): Promise<Tally | undefined> {
    const known = this.#tallies.get(nameOf(state.feed, state.generation))
    if (known) return known
    const read = await this.#read(state.feed)
    return read && read.cursor === state.cursor && !state.summary?.uncertain ? this.#hold(state, read.tally) : undefined
  }

  /** Counts a dex by reading it: what came of a crash, of an older program, or of the latest entry's going. */
  async recount(state: FeedState): Promise<Tally> {
    const tally = new Tally()
    const { pages, over } = await this.#store.readFeed(state.feed, state.generation)
    // What lies under something else counts for nothing: the latest that went would be looked for once more.
    const isShown = (item: unknown) => !over.has(keyOf(item) ?? '')
    for await (const page of pages) take(tally, { items: (JSON.parse(page) as unknown[]).filter(isShown), removed: [] })
    for (const text of over.values()) if (text !== null) take(tally, { items: [JSON.parse(text)], removed: [] })
    const old = await this.#old(state)
    if (old) tally.follow(old)
    return this.#hold(state, tally)
  }

  /** Dexes whose marks were too large to go with a chunk. */
  takeUnwritten(): string[] {
    const feeds = [...this.#unwritten]
    this.#unwritten.clear()
    return feeds
  }

  async #tallyFor(before: FeedState | undefined, { state, generation }: FeedWrite): Promise<Tally | undefined> {
    const name = nameOf(state.feed, generation)
    const known = this.#tallies.get(name)
    if (known) return known
    const isNew = !before || (before.generation !== generation && before.filling?.generation !== generation)
    const isEmpty = before?.generation === generation && before.cursor === undefined
    if (isNew || isEmpty) return this.#hold({ feed: state.feed, generation }, new Tally())
    return before && before.generation === generation ? this.of(before) : undefined
  }

  /** What was counted before, be it right or not. */
  async #old({ feed, generation }: FeedState): Promise<Tally | undefined> {
    return this.#tallies.get(nameOf(feed, generation)) ?? (await this.#read(feed))?.tally
  }

  async #read(feed: string): Promise<{ readonly tally: Tally; readonly cursor: string } | undefined> {
    const text = await this.#store.readMarks(feed)
    return text === undefined ? undefined : Tally.read(text)
  }

  #hold({ feed, generation }: Pick<FeedState, 'feed' | 'generation'>, tally: Tally): Tally {
    this.#tallies.set(nameOf(feed, generation), tally)
    for (const name of this.#tallies.keys()) {
      if (this.#tallies.size <= HELD) break
      if (!this.#unwritten.has(name.slice(0, name.lastIndexOf(' ')))) this.#tallies.delete(name)
    }
    return tally
  }
}

const nameOf = (feed: string, generation: number): string => `${feed} ${generation}`
