import { dexFeed } from '@biologidex/core/sync/wire'
import { entry, id } from '@biologidex/test-kit/engine-rig'
import { settle } from '@biologidex/test-kit/fake-clock'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStore } from './adapters/memory.ts'
import { FeedBook, type FeedChange, freshFeed } from './feeds.ts'
import { LiveFeed, LiveFeeds } from './live.ts'
import { pack } from './pack.ts'
import { PACKING } from './packing.ts'
import { type FeedReader, type LocalStore, SealBroken } from './ports.ts'

const FEED = dexFeed(id(1))

/** A store whose pages come one by one, each in a turn of its own, so that much can happen meanwhile. */
function slowly(store: LocalStore): LocalStore {
  const slow = async (reader: FeedReader): Promise<FeedReader> => {
    async function* pages(): AsyncGenerator<string> {
      for await (const page of reader.pages) {
        await settle(1)
        yield page
      }
    }
    return { ...reader, pages: pages() }
  }
  return { ...store, readFeed: async (feed, generation) => slow(await store.readFeed(feed, generation)) }
}

/** A chunk of single entries, or a page that starts a new generation. */
function change(book: FeedBook, numbers: readonly number[], note: string, kind: 'over' | 'remove' | 'reset'): FeedChange {
  const state = book.state(FEED) ?? freshFeed(FEED)
  const generation = state.generation + (kind === 'reset' ? 1 : 0)
  const items = kind === 'remove' ? [] : numbers.map((n) => entry(n, note))
  const removed = kind === 'remove' ? numbers.map((n) => `entry/${id(n)}`) : []
  const over = new Map([
    ...items.map((item) => [`entry/${item.id}`, JSON.stringify(item)] as const),
    ...removed.map((key) => [key, null] as const),
  ])
  const next = { ...state, generation, seq: state.seq + 1, complete: true }
  const content = kind === 'reset' ? { page: JSON.stringify(items), dropOthers: true as const } : { over }
  return { write: { state: next, generation, ...content }, delta: { items, removed, animals: [] } }
}

const shown = (live: LiveFeed) => [...live.content.entries.values()].map(({ id, note }) => [id, note]).sort()

test('O7 read while it is written, reset and packed, a feed on screen comes to what lies in the store', async () => {
  const kind = fc.constantFrom('over', 'remove', 'reset', 'pack', 'load', 'wait')
  const step = fc.tuple(kind, fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 6 }))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const store = memoryStore()
      const book = new FeedBook({ store, account: 'me', tell: () => undefined, leaving: async () => undefined })
      const parts = { store: slowly(store), book, onTrouble: (error: unknown) => expect(error).toBeUndefined() }
      const live = new LiveFeed(parts, FEED)
      const loads: Promise<void>[] = []
      for (const [index, [kind, numbers]] of steps.entries()) {
        const state = book.state(FEED)
        if (kind === 'load') loads.push(live.load())
        else if (kind === 'wait') await settle(1)
        else if (kind !== 'pack') await book.commit([change(book, numbers, `v${index}`, kind)])
        else if (state) await pack(book, store, state, PACKING)
      }
      await Promise.all([...loads, live.load()])
      await live.settled()
      const reader = new LiveFeed(parts, FEED)
      await reader.load()
      expect(shown(live)).toEqual(shown(reader))
      expect(live.complete).toBe(reader.complete)
    }),
    { numRuns: 60 },
  )
})

test('E41 a feed that does not open shows nothing, and not as if it were all, until it is read again', async () => {
  const store = memoryStore()
  const book = new FeedBook({ store, account: 'me', tell: () => undefined, leaving: async () => undefined })
  await book.commit([change(book, [1, 2], 'a', 'over')])
  const readFeed = () => Promise.reject(new SealBroken())
  const live = new LiveFeed({ store: { ...store, readFeed }, book, onTrouble: () => undefined }, FEED)
  await live.load()
  await book.commit([change(book, [3], 'b', 'over')])
  expect([shown(live), live.complete]).toEqual([[], false])
  live.close()
})

test('a feed that cannot be read again stays on screen as it was, and says so', async () => {
  const store = memoryStore()
  const book = new FeedBook({ store, account: 'me', tell: () => undefined, leaving: async () => undefined })
  const troubles: unknown[] = []
  const feeds = new LiveFeeds({ store, book, onTrouble: (error) => troubles.push(error) })
  await book.commit([change(book, [1], 'a', 'over')])
  const live = await feeds.open(FEED)
  await store.close()
  book.reread([{ ...freshFeed(FEED), seq: 99 }])
  await feeds.settled()
  expect(shown(live)).toEqual([[id(1), 'a']])
  expect(troubles).not.toHaveLength(0)
  feeds.release('elsewhere')
  feeds.close()
})
