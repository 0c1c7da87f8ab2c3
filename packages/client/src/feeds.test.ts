import { dexFeed } from '@biologidex/core/sync/wire'
import { entry, id } from '@biologidex/test-kit/engine-rig'
import { settle } from '@biologidex/test-kit/fake-clock'
import { expect, test } from 'vitest'
import { memoryStore } from './adapters/memory.ts'
import { FeedBook, type FeedChange, freshFeed } from './feeds.ts'
import { LiveFeed } from './live.ts'
import { StorageFull } from './ports.ts'

const FEED = dexFeed(id(1))

/** A feed on screen, over a store whose writes wait to be let go, or to be refused. */
async function watched() {
  const store = memoryStore()
  let gate = Promise.withResolvers<void>()
  const writeFeeds: typeof store.writeFeeds = async (writes) => {
    await gate.promise
    await store.writeFeeds(writes)
  }
  const slow = { ...store, writeFeeds }
  const book = new FeedBook({ store: slow, account: id(1), tell: () => undefined, leaving: async () => undefined })
  const live = new LiveFeed({ store: slow, book, onTrouble: (error) => expect(error).toBeUndefined() }, FEED)
  await live.load()
  const next = (how: 'kept' | 'refused') => {
    if (how === 'kept') gate.resolve()
    else gate.reject(new StorageFull())
    gate = Promise.withResolvers<void>()
  }
  return { book, live, next }
}

/** A stretch that brings one entry, with the cursor behind it. */
function stretch(book: FeedBook, n: number): FeedChange {
  const items = [entry(n, 'note')]
  const state = { ...(book.state(FEED) ?? freshFeed(FEED)), cursor: `c${n}`, seq: n }
  const write = { state, generation: state.generation, page: JSON.stringify(items) }
  return { write, delta: { items, removed: [], animals: [] } }
}

const shown = (live: LiveFeed) => [...live.content.entries.keys()]

test('E15 what comes to an empty feed is seen while it is written; what comes after it once it is kept', async () => {
  const { book, live, next } = await watched()
  const first = book.commit([stretch(book, 1)])
  await settle()
  expect(shown(live)).toEqual([id(1)])
  next('kept')
  await first
  const second = book.commit([stretch(book, 2)])
  await settle()
  expect(shown(live)).toEqual([id(1)])
  next('kept')
  await second
  expect(shown(live)).toEqual([id(1), id(2)])
})

test('E15 what could not be kept is taken back from the screen, and its cursor with it', async () => {
  const { book, live, next } = await watched()
  const first = book.commit([stretch(book, 1)])
  await settle()
  expect(shown(live)).toEqual([id(1)])
  next('refused')
  await expect(first).rejects.toBeInstanceOf(StorageFull)
  await live.settled()
  expect(shown(live)).toEqual([])
  expect(book.state(FEED)).toBeUndefined()
  const again = book.commit([stretch(book, 1)])
  await settle()
  next('kept')
  await again
  expect(shown(live)).toEqual([id(1)])
})
