import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { IDBPDatabase } from 'idb'
import { type FeedReader, type FeedState, type FeedWrite, SealBroken, type Sealer } from '../ports.ts'
import { writeTo } from './indexeddb-access.ts'
import { openText, sealText } from './sealing.ts'

/**
 * The database of one feed. `state`: the feed's state under `state`, sealed in a sealed feed of a hidden place, for it holds the feed's
 * name; under `next` the number of the next write, and under `marks` its marks, sealed in a sealed feed. `pages` and
 * `animals`: JSON text of arrays under [generation, number]. `over`: JSON text or null under [generation, item's key]. In a sealed
 * feed all three are sealed under [generation, number], so that not even the keys of items can be read; each row of
 * `over` is then a JSON array of [key, text or null], and later rows win.
 */
export const FEED_STORES = ['state', 'pages', 'animals', 'over'] as const
const CONTENT_STORES = ['pages', 'animals', 'over'] as const

/** Keys [generation, …]: arrays sort by their first member, and an array after numbers and strings. */
const ofGeneration = (generation: number): IDBKeyRange => IDBKeyRange.bound([generation], [generation, []])

/** What is put for one write: rows of the content stores. */
interface Prepared {
  readonly write: FeedWrite
  /** The state as it will lie. */
  readonly state: FeedState | Uint8Array
  readonly rows: readonly { readonly store: string; readonly value: unknown; readonly key: IDBValidKey }[]
}

/** Where a generation's pages lie, in order. */
type PageKeys = readonly [generation: number, n: number][]

/** How and where things lie in this feed. */
interface Lies {
  readonly sealer: Sealer | undefined
  /** What the feed is called in a hidden place. */
  readonly hidden: string | undefined
  readonly lying: PageKeys
}

type Over = readonly (readonly [string, string | null])[]

/** What is sealed, and where it lies. */
const labelOf = (feed: string, store: string, generation: number, n: number): string => `${feed}/${store}/${generation}/${n}`

const marksLabel = (feed: string): string => `${feed}/marks`
/** The state tells the name of its feed, so it is bound to what that is called. */
const stateLabel = (called: string): string => `${called}/state`

/** Turns a write into rows before its transaction begins: what may fail to turn, and what takes its time to seal. */
async function prepare(write: FeedWrite, n: number, { sealer, hidden, lying }: Lies): Promise<Prepared> {
  const { generation, page, over } = write
  const animals = write.animals && write.animals.length > 0 ? JSON.stringify(write.animals) : undefined
  const at = [generation, n]
  const marks = [...(await marksRow(write, sealer)), ...(await inPlaces(write, lying, sealer))]
  const hides = sealer !== undefined && hidden !== undefined
  const state = hides ? await sealText(sealer, JSON.stringify(write.state), stateLabel(hidden)) : write.state
  if (!sealer) {
    const single = [...(over ?? [])].map(([key, value]) => ({ store: 'over', value, key: [generation, key] }))
    const whole = Object.entries({ pages: page, animals }).flatMap(([store, value]) =>
      value === undefined ? [] : [{ store, value, key: at }],
    )
    return { write, state, rows: [...whole, ...single, ...marks] }
  }
  const items = over && over.size > 0 ? JSON.stringify([...over]) : undefined
  const texts = Object.entries({ pages: page, animals, over: items }).filter(([, text]) => text !== undefined)
  const rows = texts.map(async ([store, text = '']) => {
    const value = await sealText(sealer, text, labelOf(write.state.feed, store, generation, n))
    return { store, value, key: at }
  })
  return { write, state, rows: [...(await Promise.all(rows)), ...marks] }
}

/** Rows of pages that take the place of those that lie there. */
async function inPlaces({ state, pages, generation }: FeedWrite, lying: PageKeys, sealer?: Sealer): Promise<Prepared['rows']> {
  const rows = [...(pages ?? [])].map(async ([at, text]) => {
    const key = lying[at]
    if (!key) return []
    const value = sealer ? await sealText(sealer, text, labelOf(state.feed, 'pages', generation, key[1])) : text
    return [{ store: 'pages', value, key }]
  })
  return (await Promise.all(rows)).flat()
}

async function marksRow({ state, marks }: FeedWrite, sealer: Sealer | undefined): Promise<Prepared['rows']> {
  if (marks === undefined) return []
  const value = sealer ? await sealText(sealer, marks, marksLabel(state.feed)) : marks
  return [{ store: 'state', value, key: 'marks' }]
}

function put({ write, state, rows }: Prepared, store: (name: string) => IDBObjectStore): void {
  const { generation } = write
  if (write.dropOthers) {
    for (const name of CONTENT_STORES) {
      store(name).delete(IDBKeyRange.upperBound([generation], true))
      store(name).delete(IDBKeyRange.lowerBound([generation, []]))
    }
  }
  if (write.anew) for (const name of ['over', 'animals']) store(name).delete(ofGeneration(generation))
  for (const row of rows) store(row.store).put(row.value, row.key)
  store('state').put(state, 'state')
}

/** The number of the next write, as it was last seen in a database. */
const guesses = new WeakMap<IDBPDatabase, number>()

/**
 * Writes changes of one feed in one transaction. Its content can be fetched again, so it does not wait for the disk. Rows are sealed
 * under their numbers before the transaction begins, which could not wait for it; should another tab have taken those, they are
 * prepared anew.
 * @param hidden what the feed is called in a hidden place
 */
export async function writeFeed(
  db: IDBPDatabase,
  changes: readonly FeedWrite[],
  sealer?: Sealer,
  hidden?: string,
): Promise<void> {
  // Where pages lie is looked up before: what others of the same writes append must lie there already.
  const alone = changes.findIndex(({ pages }) => pages)
  if (alone >= 0 && changes.length > 1) {
    const parts = [changes.slice(0, alone), changes.slice(alone, alone + 1), changes.slice(alone + 1)]
    for (const part of parts) if (part.length > 0) await writeFeed(db, part, sealer, hidden)
    return
  }
  let next = guesses.get(db) ?? 1
  for (;;) {
    const first = next
    const prepared = await Promise.all(
      changes.map(async (change, i) => {
        const lying = change.pages ? await db.getAllKeys('pages', ofGeneration(change.generation)) : []
        return prepare(change, first + i, { sealer, hidden, lying: lying as [number, number][] })
      }),
    )
    await writeTo(db, FEED_STORES, 'relaxed', ({ store, after }) => {
      after<number | undefined>(store('state').get('next'), (found = 1) => {
        next = found
        if (found !== first) return
        for (const one of prepared) put(one, store)
        store('state').put(first + prepared.length, 'next')
      })
    })
    if (next === first) break
  }
  guesses.set(db, next + changes.length)
}

/** A state that does not open is none: its feed is emptied, and as one that never came (C4). */
export async function readState(db: IDBPDatabase, called: string, sealer?: Sealer): Promise<FeedState | undefined> {
  const kept = (await db.get('state', 'state')) as FeedState | Uint8Array | undefined
  if (!(kept instanceof Uint8Array)) return kept
  try {
    if (!sealer) throw new SealBroken()
    return JSON.parse(await openText(sealer, kept, stateLabel(called))) as FeedState
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    await empty(db, kept)
    return undefined
  }
}

/** Empties a feed, unless another tab has written a state since. */
function empty(db: IDBPDatabase, state: Uint8Array): Promise<void> {
  return writeTo(db, FEED_STORES, 'relaxed', ({ store, after }) => {
    after<unknown>(store('state').get('state'), (found) => {
      const isSame = found instanceof Uint8Array && found.join() === state.join()
      if (isSame) for (const name of FEED_STORES) store(name).clear()
    })
  })
}

/** What was last written as marks; none when it does not open. */
export async function readMarks(db: IDBPDatabase, feed: string, sealer?: Sealer): Promise<string | undefined> {
  const kept: unknown = await db.get('state', 'marks')
  if (kept === undefined || !sealer) return kept as string | undefined
  try {
    return await openText(sealer, kept, marksLabel(feed))
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

/** Hands texts out one by one, and lets go of each; the next is opened meanwhile. */
async function* handOut(texts: (() => Promise<string>)[]): AsyncIterable<string> {
  texts.reverse()
  let coming = texts.pop()?.()
  while (coming) {
    const text = await coming
    coming = texts.pop()?.()
    // Whoever stops reading never waits for it.
    coming?.catch(() => undefined)
    yield text
  }
}

type Row = readonly [key: [number, number | string], value: unknown]

interface Readable {
  getAllKeys(range: IDBKeyRange): Promise<IDBValidKey[]>
  getAll(range: IDBKeyRange): Promise<unknown[]>
}

async function rowsOf(store: Readable, range: IDBKeyRange): Promise<Row[]> {
  const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)])
  return keys.map((key, i) => [key as Row[0], values[i]])
}

/** The text of a row, which opens only where it was sealed. */
function textOf(feed: string, store: string, sealer: Sealer | undefined) {
  return async ([[generation, n], value]: Row): Promise<string> =>
    sealer ? openText(sealer, value, labelOf(feed, store, generation, n as number)) : (value as string)
}

/**
 * Reads one generation. The pages are read at once: a transaction cannot be held open while their reader thinks, and only one
 * transaction shows one moment. That is some 5 MB for 10,000 entries. Rejects, at once or while pages are read, with
 * SealBroken.
 */
export async function readContent(db: IDBPDatabase, feed: string, generation: number, sealer?: Sealer): Promise<FeedReader> {
  const tx = db.transaction(CONTENT_STORES, 'readonly')
  const range = ofGeneration(generation)
  const [pages, animals, over] = await Promise.all([
    ...CONTENT_STORES.map((name) => rowsOf(tx.objectStore(name), range)),
    tx.done,
  ])
  const [records, single] = await Promise.all([
    Promise.all((animals ?? []).map(textOf(feed, 'animals', sealer))),
    overFrom(over ?? [], textOf(feed, 'over', sealer), sealer !== undefined),
  ])
  const known = records.flatMap((text) => JSON.parse(text) as AnimalItem[])
  const open = textOf(feed, 'pages', sealer)
  return {
    pages: handOut((pages ?? []).map((row) => () => open(row))),
    over: single,
    animals: [...new Map(known.map((animal) => [animal.id, animal])).values()],
  }
}

/** The single items of one generation. Rejects with SealBroken. */
export async function readOver(
  db: IDBPDatabase,
  feed: string,
  generation: number,
  sealer?: Sealer,
): Promise<FeedReader['over']> {
  const tx = db.transaction('over', 'readonly')
  const [rows] = await Promise.all([rowsOf(tx.store, ofGeneration(generation)), tx.done])
  return overFrom(rows, textOf(feed, 'over', sealer), sealer !== undefined)
}

async function overFrom(
  rows: Row[],
  textOf: (row: Row) => Promise<string>,
  sealed: boolean,
): Promise<Map<string, string | null>> {
  if (!sealed) return new Map(rows.map(([[, key], value]) => [key as string, (value ?? null) as string | null]))
  const texts = await Promise.all(rows.map(textOf))
  return new Map(texts.flatMap((text) => JSON.parse(text) as Over))
}

export const NO_CONTENT: FeedReader = { pages: handOut([]), over: new Map(), animals: [] }
