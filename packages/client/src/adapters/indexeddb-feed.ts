import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { IDBPDatabase } from 'idb'
import type { FeedReader, FeedState, FeedWrite } from '../ports.ts'
import { writeTo } from './indexeddb-access.ts'

/**
 * The database of one feed. `state`: the feed's state under `state`, and under `next` the number of the next page. `pages` and
 * `animals`: JSON text of arrays under [generation, number]. `over`: JSON text or null under [generation, item's key].
 */
export const FEED_STORES = ['state', 'pages', 'animals', 'over'] as const
const CONTENT_STORES = ['pages', 'animals', 'over'] as const

/** Keys [generation, …]: arrays sort by their first member, and an array after numbers and strings. */
const ofGeneration = (generation: number): IDBKeyRange => IDBKeyRange.bound([generation], [generation, []])

interface Prepared {
  readonly write: FeedWrite
  readonly animals: string | undefined
}

/** Turns into text what may fail to turn, before the transaction begins. */
const prepare = (write: FeedWrite): Prepared => ({
  write,
  animals: write.animals && write.animals.length > 0 ? JSON.stringify(write.animals) : undefined,
})

function put({ write, animals }: Prepared, n: number, store: (name: string) => IDBObjectStore): void {
  const { generation, page, over, state } = write
  if (write.dropOthers) {
    for (const name of CONTENT_STORES) {
      store(name).delete(IDBKeyRange.upperBound([generation], true))
      store(name).delete(IDBKeyRange.lowerBound([generation, []]))
    }
  }
  if (page !== undefined) store('pages').put(page, [generation, n])
  if (animals !== undefined) store('animals').put(animals, [generation, n])
  for (const [key, text] of over ?? []) store('over').put(text, [generation, key])
  store('state').put(state, 'state')
}

/** Writes changes of one feed in one transaction. Its content can be fetched again, so it does not wait for the disk. */
export function writeFeed(db: IDBPDatabase, changes: readonly FeedWrite[]): Promise<void> {
  const prepared = changes.map(prepare)
  return writeTo(db, FEED_STORES, 'relaxed', ({ store, after }) => {
    after<number | undefined>(store('state').get('next'), (next = 1) => {
      for (const [i, change] of prepared.entries()) put(change, next + i, store)
      store('state').put(next + prepared.length, 'next')
    })
  })
}

export async function readState(db: IDBPDatabase): Promise<FeedState | undefined> {
  return (await db.get('state', 'state')) as FeedState | undefined
}

async function* handOut(texts: string[]): AsyncIterable<string> {
  // Let go of each page as soon as it is handed out.
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] ?? ''
    texts[i] = ''
    yield text
  }
}

/**
 * Reads one generation. The pages' text is read at once: a transaction cannot be held open while their reader thinks, and only
 * one transaction shows one moment. That is some 5 MB for 10,000 entries.
 */
export async function readContent(db: IDBPDatabase, generation: number): Promise<FeedReader> {
  const tx = db.transaction(CONTENT_STORES, 'readonly')
  const range = ofGeneration(generation)
  const [pages, animals, keys, values] = await Promise.all([
    tx.objectStore('pages').getAll(range) as Promise<string[]>,
    tx.objectStore('animals').getAll(range) as Promise<string[]>,
    tx.objectStore('over').getAllKeys(range) as Promise<[number, string][]>,
    tx.objectStore('over').getAll(range) as Promise<(string | null)[]>,
    tx.done,
  ])
  const records = animals.flatMap((text) => JSON.parse(text) as AnimalItem[])
  return {
    pages: handOut(pages),
    over: new Map(keys.map(([, key], i) => [key, values[i] ?? null])),
    animals: [...new Map(records.map((animal) => [animal.id, animal])).values()],
  }
}

export const NO_CONTENT: FeedReader = { pages: handOut([]), over: new Map(), animals: [] }
