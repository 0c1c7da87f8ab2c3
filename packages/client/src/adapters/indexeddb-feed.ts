import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { DBSchema, IDBPDatabase } from 'idb'
import type { FeedReader, FeedState, FeedWrite } from '../ports.ts'
import { atomically, feedName, open, telling } from './indexeddb-open.ts'

/**
 * One feed's database. Big chunks lie in packed pages, as the text they came in: one record for 500 entries is written five times
 * faster than one for each (docs/benchmarks.md, J).
 */
interface FeedSchema extends DBSchema {
  state: { key: 'state'; value: FeedState }
  pages: { key: [generation: number, n: number]; value: string }
  over: { key: [generation: number, item: string]; value: string | null }
  animals: { key: [generation: number, id: string]; value: AnimalItem }
}

const CONTENT = ['pages', 'over', 'animals'] as const
const ALL = ['state', ...CONTENT] as const
/** Pages read in one go. */
const AT_ONCE = 8

/** Keys of one generation: an array sorts after every text and number. */
const within = (generation: number): IDBKeyRange => IDBKeyRange.bound([generation], [generation, []])

export class FeedDatabase {
  readonly #db: IDBPDatabase<FeedSchema>

  private constructor(db: IDBPDatabase<FeedSchema>) {
    this.#db = db
  }

  static async open(account: string, feed: string, onLost: () => void): Promise<FeedDatabase> {
    const make = (db: IDBPDatabase<FeedSchema>): void => {
      for (const store of ALL) db.createObjectStore(store)
    }
    return new FeedDatabase(await open<FeedSchema>(feedName(account, feed), make, onLost))
  }

  state(): Promise<FeedState | undefined> {
    return telling(() => this.#db.get('state', 'state'))
  }

  /** Content and cursor in one transaction (P3). Relaxed durability: what a power cut takes is fetched again. */
  write(change: FeedWrite): Promise<void> {
    return telling(async () => {
      const tx = this.#db.transaction(ALL, 'readwrite', { durability: 'relaxed' })
      const { generation } = change
      await atomically(tx, async (ask) => {
        const [pages, over, animals] = [tx.objectStore('pages'), tx.objectStore('over'), tx.objectStore('animals')]
        if (change.dropOthers) {
          for (const store of [pages, over, animals]) {
            ask(store.delete(IDBKeyRange.upperBound([generation], true)))
            ask(store.delete(IDBKeyRange.lowerBound([generation, []], true)))
          }
        }
        if (change.page !== undefined) {
          const keys = await pages.getAllKeys(within(generation))
          ask(pages.put(change.page, [generation, (keys.at(-1)?.[1] ?? 0) + 1]))
        }
        for (const [item, text] of change.over ?? []) ask(over.put(text, [generation, item]))
        for (const animal of change.animals ?? []) ask(animals.put(animal, [generation, animal.id]))
        ask(tx.objectStore('state').put(change.state, 'state'))
      })
    })
  }

  read(generation: number): Promise<FeedReader> {
    return telling(async () => {
      const tx = this.#db.transaction(CONTENT, 'readonly')
      const range = within(generation)
      const [keys, items, texts, animals] = await Promise.all([
        tx.objectStore('pages').getAllKeys(range),
        tx.objectStore('over').getAllKeys(range),
        tx.objectStore('over').getAll(range),
        tx.objectStore('animals').getAll(range),
      ])
      const over = new Map(items.map(([, item], at) => [item, texts[at] ?? null] as const))
      return { pages: this.#pages(keys), over, animals }
    })
  }

  async *#pages(keys: readonly [number, number][]): AsyncGenerator<string> {
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      const some = keys.slice(at, at + AT_ONCE)
      const [first, last] = [some[0], some.at(-1)]
      if (first && last) yield* await telling(() => this.#db.getAll('pages', IDBKeyRange.bound(first, last)))
    }
  }

  close(): void {
    this.#db.close()
  }
}
