import { sha256 } from '@biologidex/test-kit/fake-transport'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryDisk } from './adapters/memory-disk'
import { memoryPictures } from './adapters/memory-pictures'
import { PictureCache } from './picture-cache.ts'
import type { PictureStore } from './ports.ts'

const bytesOf = (n: number, size = 10): Uint8Array => new Uint8Array(size).fill(n)
const sumOf = (n: number, size = 10): string => sha256(bytesOf(n, size))

function cacheOn(store: PictureStore = memoryPictures(), dexes: Set<string> = new Set(['a', 'b', 'c'])) {
  let now = 0
  const clock = { now: () => (now += 1), after: () => () => undefined }
  const hasher = { sha256: async (bytes: Uint8Array) => sha256(bytes) }
  const cache = new PictureCache({ store, clock, hasher, isHere: (dex) => dexes.has(dex) })
  const keep = async (dex: string, entry: string, n: number) => {
    const coming = cache.expect(dex, entry, sumOf(n))
    await cache.put(coming, bytesOf(n))
    cache.leave(coming)
  }
  const look = async (dex: string, entry: string, n: number) => (await cache.get({ dex, entry, sha256: sumOf(n) }))?.[0]
  const held = async () =>
    (await store.rows()).map(({ dex, sha256: sum, home }) => `${dex}${home ? `<${home}` : ''} ${sum}`).sort()
  return { store, cache, dexes, keep, look, held }
}

const shows = (entries: Record<string, number[]>) =>
  new Map(Object.entries(entries).map(([entry, all]) => [entry, new Set(all.map((n) => sumOf(n)))]))

test('E50 a picture goes with the last entry that shows it, and a replaced rendition at once', async () => {
  const { cache, keep, look, held } = cacheOn()
  await keep('a', 'e1', 1)
  expect(await look('a', 'e2', 1)).toBe(1)
  await keep('a', 'e1', 2)
  await cache.withdraw('a', shows({ e1: [2] }))
  expect(await look('a', 'e2', 1)).toBe(1)
  await cache.withdraw('a', shows({ e2: [] }))
  expect(await held()).toEqual([`a ${sumOf(2)}`])
  await cache.withdraw('b', shows({ e1: [] }))
  expect(await look('a', 'e1', 2)).toBe(2)
})

test('E50 what is under way for an entry that is withdrawn meanwhile is not kept', async () => {
  const { cache, held, dexes } = cacheOn()
  const [old, current, other] = [
    cache.expect('a', 'e1', sumOf(1)),
    cache.expect('a', 'e1', sumOf(2)),
    cache.expect('b', 'e1', sumOf(3)),
  ]
  await cache.withdraw('a', shows({ e1: [2] }))
  dexes.delete('b')
  await cache.drop('b')
  for (const [coming, n] of [
    [old, 1],
    [current, 2],
    [other, 3],
  ] as const)
    await cache.put(coming, bytesOf(n))
  expect(await held()).toEqual([`a ${sumOf(2)}`])
})

test('E50 after a new generation only what it shows stays', async () => {
  const { cache, keep, held } = cacheOn()
  for (const n of [1, 2, 3]) await keep('a', `e${n}`, n)
  await cache.keepOnly('a', shows({ e1: [1], e2: [9] }))
  expect(await held()).toEqual([`a ${sumOf(1)}`])
})

test('E51 two dexes that show the same have one copy; it moves when the one that holds it goes', async () => {
  const { cache, keep, look, held, dexes } = cacheOn()
  await keep('a', 'e1', 1)
  expect(await look('b', 'x', 1)).toBe(1)
  expect(await look('c', 'y', 1)).toBe(1)
  expect(await held()).toEqual([`a ${sumOf(1)}`, `b<a ${sumOf(1)}`, `c<a ${sumOf(1)}`])
  expect(await cache.contents()).toMatchObject({ bytes: 10, pictures: 1, dexes: [{ bytes: 10 }, { bytes: 10 }, { bytes: 10 }] })
  dexes.delete('a')
  await cache.drop('a')
  expect(await held()).toEqual([`b ${sumOf(1)}`, `c<b ${sumOf(1)}`])
  expect([await look('a', 'e1', 1), await look('b', 'x', 1), await look('c', 'y', 1)]).toEqual([undefined, 1, 1])
  await cache.withdraw('b', shows({ x: [] }))
  expect(await held()).toEqual([`c ${sumOf(1)}`])
  expect(await look('c', 'y', 1)).toBe(1)
})

test.each<[string, Uint8Array]>([
  ['other bytes', bytesOf(9)],
  ['cut off', bytesOf(1, 4)],
  ['empty', new Uint8Array()],
])('E51 a damaged picture (%s) is found when it is read first, and dropped', async (_, damaged) => {
  const { store, keep } = cacheOn()
  await keep('a', 'e1', 1)
  const row = (await store.rows())[0]
  if (row) await store.put(row, damaged)
  const again = cacheOn(store)
  expect(await again.look('a', 'e1', 1)).toBeUndefined()
  expect(await again.held()).toEqual([])
  await again.keep('a', 'e1', 1)
  expect(await again.look('a', 'e1', 1)).toBe(1)
})

test('E52 beyond the limit the least recently used leave; those of pinned dexes never', async () => {
  const { cache, keep, look, held } = cacheOn()
  await cache.limit(40)
  for (const n of [1, 2, 3]) await keep('a', `e${n}`, n)
  await keep('b', 'e', 4)
  await look('a', 'e1', 1)
  await keep('a', 'e5', 5)
  // One more than fits: two leave, so that the next one has room.
  expect(await held()).toEqual([`a ${sumOf(1)}`, `a ${sumOf(5)}`, `b ${sumOf(4)}`].sort())
  await cache.pin('b', true)
  await cache.limit(10)
  expect(await held()).toEqual([`b ${sumOf(4)}`])
  await cache.limit(0)
  expect(await cache.contents()).toEqual({
    limit: 0,
    bytes: 10,
    pictures: 1,
    dexes: [{ account: 'b', bytes: 10, pictures: 1, pinned: true }],
  })
  await keep('a', 'e6', 6)
  expect(await held()).toEqual([`b ${sumOf(4)}`])
  await cache.pin('b', false)
  await cache.limit(0)
  expect(await held()).toEqual([])
})

test('E52 what the person chose, and when pictures were used, is there after a restart', async () => {
  const { store, cache, keep, look } = cacheOn()
  for (const n of [1, 2]) await keep('a', `e${n}`, n)
  await cache.limit(30)
  await cache.pin('c', true)
  await look('a', 'e1', 1)
  await cache.close()
  const again = cacheOn(store)
  expect(await again.cache.contents()).toMatchObject({
    limit: 30,
    dexes: [{ account: 'a' }, { account: 'c', pictures: 0, pinned: true }],
  })
  await again.cache.limit(10)
  expect(await again.held()).toEqual([`a ${sumOf(1)}`])
})

test('E52 emptied for one dex or for all; another dex keeps what it shows too', async () => {
  const { cache, keep, look, held } = cacheOn()
  await keep('a', 'e1', 1)
  await keep('a', 'e2', 2)
  await look('b', 'x', 1)
  expect(await cache.empty('a')).toBe(true)
  expect(await held()).toEqual([`b ${sumOf(1)}`])
  expect(await cache.empty()).toBe(true)
  expect(await cache.empty()).toBe(false)
  expect(await held()).toEqual([])
  await keep('a', 'e1', 1)
  expect(await look('a', 'e1', 1)).toBe(1)
})

test('E50 what a crash left of a dex that is not here goes', async () => {
  const { store, keep } = cacheOn()
  await keep('a', 'e1', 1)
  await keep('b', 'e1', 2)
  const again = cacheOn(store, new Set(['b']))
  await again.cache.dropStrays()
  expect(await again.held()).toEqual([`b ${sumOf(2)}`])
})

type Step = readonly [kind: 'keep' | 'look' | 'withdraw' | 'drop' | 'limit' | 'restart', dex: string, entry: string, n: number]

const steps = fc.array(
  fc.tuple(
    fc.constantFrom(
      'keep' as const,
      'keep' as const,
      'look' as const,
      'withdraw' as const,
      'drop' as const,
      'limit' as const,
      'restart' as const,
    ),
    fc.constantFrom('a', 'b', 'c'),
    fc.constantFrom('e1', 'e2'),
    fc.integer({ min: 1, max: 4 }),
  ),
  { maxLength: 25 },
)

/** Which pictures each entry was last looked at with, or fetched for. */
class Model {
  readonly refs = new Map<string, Set<number>>()
  add(dex: string, entry: string, n: number): void {
    this.refs.set(`${dex} ${entry}`, (this.refs.get(`${dex} ${entry}`) ?? new Set()).add(n))
  }
  drop(dex: string): void {
    for (const key of this.refs.keys()) if (key.startsWith(`${dex} `)) this.refs.delete(key)
  }
  allows(dex: string, n: number): boolean {
    return [...this.refs].some(([key, all]) => key.startsWith(`${dex} `) && all.has(n))
  }
}

async function carryOut(on: ReturnType<typeof cacheOn>, model: Model, [kind, dex, entry, n]: Step): Promise<void> {
  if (kind === 'keep') {
    await on.keep(dex, entry, n)
    model.add(dex, entry, n)
  } else if (kind === 'look') {
    const found = await on.look(dex, entry, n)
    expect([undefined, n]).toContain(found)
    if (found) model.add(dex, entry, n)
  } else if (kind === 'withdraw') {
    await on.cache.withdraw(dex, shows({ [entry]: [] }))
    model.refs.delete(`${dex} ${entry}`)
  } else if (kind === 'drop') {
    await on.cache.drop(dex)
    model.drop(dex)
  } else if (kind === 'limit') await on.cache.limit(n * 10)
}

test('E50 E51 E52 whatever happens, nothing lies there that no entry of its dex shows, within the limit, once, and sound', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const disk = new MemoryDisk()
      let on = cacheOn(memoryPictures(disk))
      const model = new Model()
      let limit = Number.POSITIVE_INFINITY
      for (const step of all) {
        if (step[0] === 'restart') {
          await on.cache.close()
          on = cacheOn(memoryPictures(disk))
        }
        await carryOut(on, model, step)
        if (step[0] === 'limit') limit = step[3] * 10
        const rows = await on.store.rows()
        const own = rows.filter(({ home }) => home === undefined)
        expect(new Set(own.map(({ sha256: sum }) => sum)).size).toBe(own.length)
        expect(own.length * 10).toBeLessThanOrEqual(limit)
        for (const { dex, sha256: sum, home } of rows) {
          const n = [1, 2, 3, 4].find((other) => sumOf(other) === sum) ?? 0
          expect(model.allows(dex, n)).toBe(true)
          expect((await on.store.get(home ?? dex, sum))?.[0]).toBe(n)
        }
      }
    }),
    { numRuns: 150 },
  )
})
