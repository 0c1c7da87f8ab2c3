import { type FeedBook, fillingOf, nextGeneration } from './feeds.ts'
import { keyOf } from './lines.ts'
import type { Packing } from './packing.ts'
import type { FeedReader, FeedState, LocalStore } from './ports.ts'

type Animals = FeedReader['animals']

export const wantsPacking = (state: FeedState, { mostOver }: Packing): boolean =>
  (state.over > mostOver || state.withdrawn !== undefined) && state.complete && !fillingOf(state)

/** For each key the last page that holds it. */
async function lastPages(reader: FeedReader): Promise<Map<string, number>> {
  const last = new Map<string, number>()
  let index = 0
  for await (const page of reader.pages) {
    for (const item of JSON.parse(page) as unknown[]) {
      const key = keyOf(item)
      if (key) last.set(key, index)
    }
    index += 1
  }
  return last
}

/** The items that count, in page order and then the single ones, in stretches of a page. */
async function* stretches(reader: FeedReader, last: ReadonlyMap<string, number>, pageItems: number): AsyncGenerator<string> {
  let out: string[] = []
  let index = 0
  for await (const page of reader.pages) {
    for (const item of JSON.parse(page) as unknown[]) {
      const key = keyOf(item)
      if (!key || last.get(key) !== index || reader.over.has(key)) continue
      out.push(JSON.stringify(item))
      if (out.length < pageItems) continue
      yield `[${out.join(',')}]`
      out = []
    }
    index += 1
  }
  for (const text of reader.over.values()) if (text !== null) out.push(text)
  if (out.length > 0) yield `[${out.join(',')}]`
}

const IDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Gathers which animals the text of items names, wherever in them: an entry, a deleted one, a clash of two changes. */
class Named {
  readonly #all: ReadonlyMap<string, Animals[number]>
  readonly #named = new Map<string, Animals[number]>()

  constructor(animals: Animals) {
    this.#all = new Map(animals.map((animal) => [animal.id, animal]))
  }

  look(page: string): void {
    if (this.#all.size === this.#named.size) return
    for (const [id] of page.matchAll(IDS)) {
      const animal = this.#all.get(id)
      if (animal) this.#named.set(id, animal)
    }
  }

  get animals(): Animals {
    return [...this.#named.values()]
  }
}

/** Up to so many keys are looked for in a page's text before it is parsed. */
const FEW_KEYS = 8

/** Puts single items in the place of what they cover. */
class Covering {
  readonly pages = new Map<number, string>()
  readonly #over: FeedReader['over']
  readonly #ids: readonly string[]
  readonly #left: Map<string, string>

  constructor(over: FeedReader['over']) {
    this.#over = over
    this.#ids = [...over.keys()].map((key) => key.slice(key.indexOf('/') + 1))
    this.#left = new Map([...over].flatMap(([key, text]) => (text === null ? [] : [[key, text]])))
  }

  /** Items that cover nothing: they go on lying over the pages. */
  get left(): ReadonlyMap<string, string> {
    return this.#left
  }

  /** The page as it is to lie. */
  put(page: string, at: number): string {
    if (this.#ids.length <= FEW_KEYS && !this.#ids.some((id) => page.includes(id))) return page
    const items = JSON.parse(page) as unknown[]
    const isCovered = (item: unknown) => this.#over.has(keyOf(item) ?? '')
    if (!items.some(isCovered)) return page
    const next = items.flatMap((item) => (isCovered(item) ? this.#take(keyOf(item) ?? '') : JSON.stringify(item)))
    const text = `[${next.join(',')}]`
    this.pages.set(at, text)
    return text
  }

  #take(key: string): string | [] {
    const text = this.#left.get(key)
    this.#left.delete(key)
    return text ?? []
  }
}

/**
 * Puts what lies over a feed's pages into those that it covers, and leaves the others as they are: one edit of a dex of 100,000 entries
 * writes one page (E15). In one write, so that a crash leaves the old or the new.
 * @returns false when too many pages are covered for that
 */
async function cover(book: FeedBook, store: LocalStore, state: FeedState, packing: Packing): Promise<boolean> {
  const { withdrawn: _, ...rest } = state
  const { generation } = state
  const reader = await store.readFeed(state.feed, generation)
  const covering = new Covering(reader.over)
  const named = new Named(reader.animals)
  let at = 0
  for await (const page of reader.pages) {
    named.look(covering.put(page, at))
    if (covering.pages.size > packing.mostPages) return false
    at += 1
  }
  const { left: over, pages } = covering
  for (const text of over.values()) named.look(text)
  await book.pack({ state: { ...rest, over: over.size }, generation, pages, over, animals: named.animals, anew: true })
  return true
}

/** Writes over what nobody is to read any more, and packs what lies in too many pieces (E15). */
export async function pack(book: FeedBook, store: LocalStore, state: FeedState, packing: Packing): Promise<void> {
  const covers = state.withdrawn === 'single' && state.over <= packing.mostOver && !state.filling
  if (!covers || !(await cover(book, store, state, packing))) await packAnew(book, store, state, packing)
}

/**
 * Packs a feed anew: the same items in full pages, nothing over them, and the animals that they name (E15). It fills a new generation
 * page by page, in bounded memory (P7), and shows it with the last write; a cut leaves the old one, and a rest that the next one
 * drops (C2).
 */
async function packAnew(book: FeedBook, store: LocalStore, state: FeedState, { pageItems }: Packing): Promise<void> {
  const { filling: cut, withdrawn: _, ...rest } = state
  const still = state.withdrawn ? { withdrawn: state.withdrawn } : {}
  if (cut) await book.pack({ state: { ...rest, ...still }, generation: state.generation, dropOthers: true })
  const generation = nextGeneration(state)
  const last = await lastPages(await store.readFeed(state.feed, state.generation))
  const reader = await store.readFeed(state.feed, state.generation)
  const under = { ...rest, ...still, filling: { generation, cursor: '', seq: 0, over: 0 } }
  const named = new Named(reader.animals)
  await book.pack({ state: under, generation })
  for await (const page of stretches(reader, last, pageItems)) {
    named.look(page)
    await book.pack({ state: under, generation, page })
  }
  await book.pack({ state: { ...rest, generation, over: 0 }, generation, animals: named.animals, dropOthers: true })
}
