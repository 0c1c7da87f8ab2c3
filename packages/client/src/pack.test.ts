import { dexFeed } from '@biologidex/core/sync/wire'
import { id } from '@biologidex/test-kit/engine-rig'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStore } from './adapters/memory.ts'
import { MemoryDisk } from './adapters/memory-disk.ts'
import { FeedBook } from './feeds.ts'
import { pack, wantsPacking } from './pack.ts'
import { PACKING } from './packing.ts'
import type { FeedState, LocalStore } from './ports.ts'

const FEED = dexFeed(id(1))
const full: FeedState = { feed: FEED, cursor: 'c', seq: 9, generation: 3, over: 600, complete: true }
/** Every item names an animal, each version of it another: what was kept as a wren is a moose now. */
const KINDS = 7
const kindOf = (n: number, version: number): string => id(5_000 + ((n + version) % KINDS))
const item = (n: number, version: number) => ({ type: 'entry', id: String(n), version, animal: kindOf(n, version) })

/** What a reader sees, by key, and how it is laid. */
async function content(
  store: LocalStore,
): Promise<{ items: Map<string, ReturnType<typeof item>>; over: number; pages: number[]; animals: string[] }> {
  const found = (await store.load()).feeds.find(({ feed }) => feed === FEED)
  const reader = await store.readFeed(FEED, found?.generation ?? 0)
  const items = new Map<string, ReturnType<typeof item>>()
  const pages: number[] = []
  for await (const page of reader.pages) {
    const rows = JSON.parse(page) as ReturnType<typeof item>[]
    pages.push(rows.length)
    for (const row of rows) items.set(`${row.type}/${row.id}`, row)
  }
  for (const [key, text] of reader.over) {
    if (text === null) items.delete(key)
    else items.set(key, JSON.parse(text) as ReturnType<typeof item>)
  }
  return { items, over: reader.over.size, pages, animals: reader.animals.map((animal) => animal.id).sort() }
}

async function fill(
  disk: MemoryDisk,
  pages: readonly (readonly number[])[],
  over: readonly (readonly [number, boolean])[],
  state = full,
): Promise<void> {
  const store = memoryStore(disk)
  const animals = Array.from({ length: KINDS }, (_, n) => ({
    type: 'animal' as const,
    id: kindOf(n, 0),
    scientificName: `Kind ${n}`,
    rev: 1,
  }))
  for (const [version, page] of pages.entries()) {
    await store.writeFeeds([{ state, generation: 3, page: JSON.stringify(page.map((n) => item(n, version))) }])
  }
  const singles = new Map(over.map(([n, gone]) => [`entry/${n}`, gone ? null : JSON.stringify(item(n, 99))]))
  await store.writeFeeds([{ state, generation: 3, over: singles, animals }])
  await store.close()
}

async function packAll(disk: MemoryDisk): Promise<void> {
  const store = memoryStore(disk)
  const book = new FeedBook({ store, account: 'me', tell: () => undefined, leaving: async () => undefined })
  const { feeds } = await store.load()
  book.load(feeds)
  for (const feed of feeds) if (wantsPacking(feed, PACKING)) await pack(book, store, feed, PACKING)
}

test('E15 packing changes how a feed lies, never what it says; crashed at any write it leaves the old or the new', async () => {
  const pages = fc.array(fc.array(fc.nat(900), { maxLength: 700 }), { maxLength: 3 })
  const over = fc.array(fc.tuple(fc.nat(900), fc.boolean()), { maxLength: 50 })
  await fc.assert(
    fc.asyncProperty(pages, over, fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), async (pages, over, crashes) => {
      const disk = new MemoryDisk()
      await fill(disk, pages, over)
      const before = await content(memoryStore(disk))
      for (const nth of crashes) {
        disk.failAt(nth)
        await packAll(disk).catch(() => undefined)
        disk.failAt(1_000_000)
        expect([...(await content(memoryStore(disk))).items].sort()).toEqual([...before.items].sort())
      }
      await packAll(disk)
      const after = await content(memoryStore(disk))
      expect([...after.items].sort()).toEqual([...before.items].sort())
      expect(after.over).toBe(0)
      expect(after.pages.slice(0, -1).every((size) => size === 500)).toBe(true)
      expect(after.animals).toEqual([...new Set([...after.items.values()].map(({ animal }) => animal))].sort())
      const feed = disk.records.feeds.get(FEED)
      expect(feed?.generations.size).toBe(1)
      expect(JSON.parse(feed?.state ?? '')).toMatchObject({ over: 0, cursor: 'c', seq: 9, complete: true })
    }),
    { numRuns: 40 },
  )
})

test('E15 what lies over pages is put into those that it covers: nothing else is said, and nothing older is left; crashed, the old or the new', async () => {
  // Each item in one page: what lies under a page is packed anew.
  const numbers = fc.uniqueArray(fc.nat(3_000), { maxLength: 400 })
  const over = fc.array(fc.tuple(fc.nat(3_000), fc.boolean()), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(numbers, over, fc.integer({ min: 1, max: 40 }), fc.boolean(), async (all, over, size, crashes) => {
      const disk = new MemoryDisk()
      const pages = Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))
      const covered = pages.filter((page) => page.some((n) => over.some(([other]) => other === n))).length
      await fill(disk, pages, over, { ...full, over: 9, withdrawn: 'single' })
      const before = await content(memoryStore(disk))
      if (crashes) {
        disk.failAt(1)
        await packAll(disk).catch(() => undefined)
        disk.failAt(1_000_000)
        expect([...(await content(memoryStore(disk))).items].sort()).toEqual([...before.items].sort())
      }
      await packAll(disk)
      const after = await content(memoryStore(disk))
      expect([...after.items].sort()).toEqual([...before.items].sort())
      expect(after.animals).toEqual([...new Set([...after.items.values()].map(({ animal }) => animal))].sort())
      const feed = disk.records.feeds.get(FEED)
      const now = JSON.parse(feed?.state ?? '') as FeedState
      expect([now.withdrawn, now.over]).toEqual([undefined, after.over])
      expect([...(feed?.generations.keys() ?? [])]).toEqual([covered > 8 ? 4 : 3])
      const left = JSON.stringify([...(feed?.generations.values() ?? [])].map((lying) => [lying.pages, [...lying.over]]))
      for (const [n, gone] of over) if (gone && !after.items.has(`entry/${n}`)) expect(left).not.toContain(`entry/${n}"`)
      const inPages = [...(feed?.generations.values() ?? [])].flatMap((lying) =>
        lying.pages.flatMap((page) => JSON.parse(page) as { id: string }[]),
      )
      expect(inPages.length + after.over).toBe(after.items.size)
    }),
    { numRuns: 60 },
  )
})

test('E15 it waits while a snapshot or a reset is arriving', () => {
  const filling = { generation: 4, cursor: 'x', seq: 1, over: 0 }
  expect(wantsPacking(full, PACKING)).toBe(true)
  expect(wantsPacking({ ...full, filling: { ...filling, cursor: '' } }, PACKING)).toBe(true)
  expect(wantsPacking({ ...full, filling }, PACKING)).toBe(false)
  expect(wantsPacking({ ...full, complete: false }, PACKING)).toBe(false)
  expect(wantsPacking({ ...full, over: 500 }, PACKING)).toBe(false)
})
