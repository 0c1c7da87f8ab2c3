import type { MutationResult } from '@biologidex/core/sync/mutation'
import { created, id, noted } from '@biologidex/test-kit/engine-rig'
import { FakeClock } from '@biologidex/test-kit/fake-clock'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStore } from './adapters/memory.ts'
import { MemoryDisk } from './adapters/memory-disk.ts'
import { toWire } from './batch.ts'
import type { Draft } from './face.ts'
import { Outbox } from './outbox.ts'
import type { LocalStore, StoredMutation } from './ports.ts'

let uuids = 0x100
function open(store: LocalStore): Outbox {
  return new Outbox({
    store,
    clock: new FakeClock(),
    random: { uuid: () => id(uuids++), fraction: () => 0 },
    onChange: () => undefined,
    onWrite: () => undefined,
  })
}

async function fresh(): Promise<{ store: LocalStore; outbox: Outbox; disk: MemoryDisk }> {
  const disk = new MemoryDisk()
  const store = memoryStore(disk)
  return { disk, store, outbox: open(store) }
}

const picture = (image: number, entry: number): Draft => ({
  type: 'image',
  id: id(image),
  op: 'create',
  set: { entry: { to: id(entry) } },
})
const done = (n: number, seq = 5): MutationResult => ({ n, status: 'done', seq })
const rejected = (n: number): MutationResult => ({ n, status: 'rejected', code: 'invalid_mutation', message: 'no' })
const numbers = (changes: readonly StoredMutation[]) => changes.map(({ n }) => n)
const aside = (outbox: Outbox) =>
  outbox.changes.filter((change) => change.setAside).map(({ n, setAside }) => [n, setAside?.code])

const at = (dex: number) => ({ dex, people: -1 })

test('E1 several tabs hand out each number once, in the order of writing, and none is sent over another', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 3 }), fc.boolean()), { maxLength: 20 }),
      async (steps) => {
        const disk = new MemoryDisk()
        const tabs = [0, 1, 2].map(() => open(memoryStore(disk)))
        let count = 0
        const writing: Promise<void>[] = []
        for (const [tab, size, wait] of steps) {
          const drafts = Array.from({ length: size }, () => created(count++))
          writing.push(tabs[tab]?.append(drafts, []) ?? Promise.resolve())
          if (wait) await Promise.all(writing)
        }
        await Promise.all(writing)
        const { outbox, device } = await memoryStore(disk).load()
        expect(numbers(outbox)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
        expect(new Set(outbox.map((change) => change.id)).size).toBe(count)
        expect(device?.next ?? 1).toBe(count + 1)
        for (const tab of tabs) {
          await tab.reload()
          expect(numbers(tab.changes)).toEqual(numbers(outbox))
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('E5 a tab that writes reads what other tabs wrote before it: it never knows a gap', async () => {
  const { disk, outbox } = await fresh()
  const other = open(memoryStore(disk))
  await outbox.append([created(1)], [])
  await other.append([created(2)], [])
  await outbox.append([created(3)], [])
  expect(numbers(outbox.changes)).toEqual([1, 2, 3])
})

test('E5 what is acknowledged is what is settled here without a gap, however answers come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([1, 2, 3, 4, 5, 6]),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      async (order, fails) => {
        const { store, outbox } = await fresh()
        await outbox.append(
          [1, 2, 3, 4, 5, 6].map((n) => created(n)),
          [],
        )
        const settled = new Set<number>()
        for (const n of order) {
          await outbox.settle([fails[n - 1] ? rejected(n) : done(n)], at(0))
          settled.add(n)
          const first = [1, 2, 3, 4, 5, 6, 7].find((m) => !settled.has(m)) ?? 7
          expect((await store.load()).device?.ack).toBe(first - 1)
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('E5 nothing is acknowledged over a number that another tab took and this one has not read', async () => {
  const { disk, store, outbox } = await fresh()
  await outbox.append([created(1)], [])
  await open(memoryStore(disk)).append([created(2)], [])
  await outbox.settle([done(1)], at(9))
  expect((await store.load()).device).toMatchObject({ ack: 1, next: 3 })
  expect(numbers(outbox.unsent())).toEqual([2])
})

test('E7 a change leaves when the position has reached it, not before', async () => {
  const { store, outbox } = await fresh()
  await outbox.append([created(1), created(2), created(3)], [])
  await outbox.settle([done(1, 4), done(2, 6), { n: 3, status: 'done' }], at(4))
  expect(numbers(outbox.changes)).toEqual([2])
  expect(outbox.awaits('me')).toEqual(['dex/me'])
  await outbox.leave(at(5))
  expect(numbers((await store.load()).outbox)).toEqual([2])
  await outbox.leave(at(6))
  expect((await store.load()).outbox).toEqual([])
  expect(outbox.awaits('me')).toEqual([])
})

test('E7 a change that waited for its position leaves with the later one that the same base has: it never lies alone over it', async () => {
  const { outbox } = await fresh()
  await outbox.append([created(1), noted(1, 'old')], [])
  await outbox.settle([done(1, 3), done(2, 3)], at(-1))
  await outbox.append([noted(1, 'new')], [])
  await outbox.settle([done(3, 4)], at(4))
  expect(outbox.changes).toEqual([])
})

test('E10 a rejected change is set aside with what rests on it; the others stay', async () => {
  const { outbox } = await fresh()
  await outbox.append([created(1), picture(9, 1), noted(1, 'x'), created(2), { type: 'image', id: id(9), op: 'delete' }], [])
  await outbox.settle([rejected(1)], at(0))
  expect(aside(outbox)).toEqual([
    [1, 'invalid_mutation'],
    [2, 'depends_on_failed'],
    [3, 'depends_on_failed'],
    [5, 'depends_on_failed'],
  ])
  expect(numbers(outbox.unsent())).toEqual([4])
})

test('E10 a picture that cannot be takes its entry not with it', async () => {
  const { outbox } = await fresh()
  await outbox.append([created(1), picture(9, 1), noted(1, 'x')], [])
  await outbox.settle([done(1), { n: 2, status: 'rejected' }], at(9))
  expect(aside(outbox)).toEqual([[2, 'invalid_mutation']])
  expect(outbox.changes[0]?.setAside?.message).not.toBe('')
})

test('E10 the server’s own answer counts before the guess that something rests on another', async () => {
  const { outbox } = await fresh()
  await outbox.append([noted(1, 'a'), noted(1, 'b')], [])
  await outbox.settle([rejected(1), done(2)], at(9))
  expect(aside(outbox)).toEqual([[1, 'invalid_mutation']])
  expect(numbers(outbox.changes)).toEqual([1])
})

test('E10 what is added to a thing whose making was set aside is set aside too', async () => {
  const { outbox } = await fresh()
  await outbox.append([created(1), created(2)], [])
  await outbox.settle([rejected(1), done(2)], at(9))
  await outbox.append([noted(1, 'later'), picture(9, 1), noted(2, 'fine')], [])
  await outbox.putOrphansAside()
  expect(numbers(outbox.unsent())).toEqual([5])
  await outbox.putOrphansAside()
  expect(aside(outbox)).toHaveLength(3)
})

test('E6 a new identity numbers the unsent anew, in order, and keeps what has its answer', async () => {
  const { store, outbox } = await fresh()
  await outbox.append([created(1), created(2), created(3)], [])
  const client = outbox.device?.client
  await outbox.renew()
  expect((await store.load()).device).toMatchObject({ next: 4, ack: 0 })
  expect(outbox.device?.client).not.toBe(client)
  await outbox.settle([done(1, 50)], at(0))
  await outbox.settle([rejected(2)], at(0))
  await outbox.renew()
  const { outbox: rows, device } = await store.load()
  expect(rows.map((row) => [row.n, row.id])).toEqual([
    [1, id(1)],
    [2, id(2)],
    [3, id(3)],
  ])
  expect(device).toMatchObject({ next: 4, ack: 0 })
  expect(numbers(outbox.changes)).toEqual([1, 2, 3])
})

test('E6 a tab that writes at the same time is not overlooked', async () => {
  const { disk, store, outbox } = await fresh()
  await outbox.append([created(1)], [])
  const other = open(memoryStore(disk))
  const load = store.load.bind(store)
  store.load = async () => {
    const state = await load()
    await other.append([created(2)], [])
    return state
  }
  await expect(outbox.renew()).rejects.toThrow('another tab')
  store.load = load
  await outbox.renew()
  expect((await store.load()).outbox.map((row) => row.id)).toEqual([id(1), id(2)])
})

test('E11 a retry takes new numbers, with what was set aside because of it', async () => {
  const { outbox } = await fresh()
  await outbox.append([created(1), noted(1, 'x'), created(2)], [])
  await outbox.settle([rejected(1), done(3)], at(9))
  await outbox.retry(1)
  expect(outbox.unsent().map((change) => [change.n, change.id, change.op])).toEqual([
    [4, id(1), 'create'],
    [5, id(1), 'update'],
  ])
  expect(outbox.changes.some((change) => change.setAside || change.result)).toBe(false)
  await outbox.retry(4)
  await outbox.retry(99)
  expect(numbers(outbox.changes)).toEqual([4, 5])
})

test('E11 dropping a change drops that one; dropping a making drops what was to happen to it, and its pictures', async () => {
  const { store, outbox } = await fresh()
  const upload = { image: id(9), entry: id(1), sha256: 'a', size: 1, mediaType: 'image/jpeg' }
  await outbox.append([created(1), picture(9, 1), noted(1, 'x'), noted(2, 'y'), noted(2, 'z')], [upload])
  await outbox.settle([rejected(1), rejected(4)], at(0))
  expect(await outbox.discard(4)).toEqual([])
  expect(numbers(outbox.changes)).toEqual([1, 2, 3, 5])
  expect(await outbox.discard(1)).toEqual([id(9)])
  expect(await outbox.discard(1)).toEqual([])
  expect((await store.load()).uploads).toEqual([])
  expect(aside(outbox)).toEqual([[5, 'depends_on_failed']])
})

test('E17 answers can be asked for again; what was set aside stays aside', async () => {
  const { store, outbox } = await fresh()
  await outbox.append([created(1), created(2)], [])
  await outbox.settle([done(1, 9), rejected(2)], at(0))
  await outbox.forgetResults()
  await outbox.forgetResults()
  expect(numbers(outbox.unsent())).toEqual([1])
  expect((await store.load()).outbox[0]?.result).toBeUndefined()
})

test('E3 members that this version does not know stay in the row, and what is sent stays as it was made', async () => {
  const { store, outbox } = await fresh()
  const later = { ...created(1), n: 1, at: 5, later: { a: 1 } }
  await store.updateAccount(() => ({ device: { client: id(1), next: 2, ack: 0 }, putMutations: [later] }))
  await outbox.reload()
  const sent = outbox.unsent().map(toWire)
  await outbox.settle([rejected(1)], at(0))
  expect((await store.load()).outbox[0]).toMatchObject({ later: { a: 1 } })
  await outbox.retry(1)
  expect((await store.load()).outbox[0]).toMatchObject({ n: 2, later: { a: 1 }, at: expect.anything() })
  expect(sent[0]).toEqual({ n: 1, type: 'entry', id: id(1), op: 'create', set: later.set, at: 5 })
})

test('E1 a write that fails leaves the outbox as it was', async () => {
  const { disk, outbox } = await fresh()
  await outbox.append([created(1)], [])
  disk.full = true
  await expect(outbox.append([created(2)], [])).rejects.toThrow('no room')
  disk.full = false
  await outbox.append([created(3)], [])
  expect(outbox.changes.map((change) => [change.n, change.id])).toEqual([
    [1, id(1)],
    [2, id(3)],
  ])
})
