import { type PictureRow, type PictureStore, StoreGone } from '@biologidex/client/ports'
import fc from 'fast-check'
import { agree, type Cases, refusedWith } from './agree.ts'
import type { Test } from './local-store.ts'
import { ACCOUNT, OTHER_ACCOUNT } from './store-place.ts'

/** A place that keeps the cached pictures of several accounts. */
export interface PicturePlace {
  /** Opens the account's pictures: anew, or beside others that are open (a second tab). */
  open(account: string): Promise<PictureStore>
  /** Databases, folders or files of the account, or of one dex of it, whatever is in them. */
  traces(account: string, dex?: string): Promise<readonly string[]>
  remove(): Promise<void>
}

const [A, B] = ['aaaaaaaa-1111-4111-8111-111111111111', 'bbbbbbbb-1111-4111-8111-111111111111']
const sum = (n: number): string => n.toString(16).padStart(2, '0').repeat(32)
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)
const row = (dex: string, n: number, more: Partial<PictureRow> = {}): PictureRow => ({
  dex,
  sha256: sum(n),
  size: 1,
  used: n,
  entries: [`e${n}`],
  ...more,
})
const rowsOf = async (store: PictureStore, dex?: string): Promise<PictureRow[]> =>
  [...(await store.rows(dex))].sort((a, b) => (a.dex + a.sha256 < b.dex + b.sha256 ? -1 : 1))
const got = async (store: PictureStore, dex: string, n: number): Promise<number[] | undefined> => {
  const value = await store.get(dex, sum(n))
  return value && [...value]
}

const cases: Cases<PicturePlace> = {
  async 'what was put is there after reopening, each dex’s apart'(place) {
    const store = await place.open(ACCOUNT)
    await Promise.all([store.put(row(A, 1), bytes(1)), store.put(row(A, 2), bytes(2)), store.put(row(B, 1), bytes(3))])
    await store.choose({ limit: 7, pinned: [A] })
    await store.close()
    const again = await place.open(ACCOUNT)
    agree(await rowsOf(again), [row(A, 1), row(A, 2), row(B, 1)])
    agree(await rowsOf(again, B), [row(B, 1)])
    agree([await got(again, A, 1), await got(again, A, 2), await got(again, B, 1)], [[1], [2], [3]])
    agree(await again.choice(), { limit: 7, pinned: [A] })
  },

  async 'a note changes the record and leaves the bytes; one of another dex’s bytes has none of its own'(place) {
    const store = await place.open(ACCOUNT)
    agree(await store.choice(), undefined)
    await store.put(row(A, 1), bytes(1))
    await store.note([row(A, 1, { used: 9, entries: ['x', 'y'] }), row(B, 1, { home: A })])
    agree(await rowsOf(store), [row(A, 1, { used: 9, entries: ['x', 'y'] }), row(B, 1, { home: A })])
    agree([await got(store, A, 1), await got(store, B, 1)], [[1], undefined])
    await store.put(row(B, 1), bytes(1))
    agree([await rowsOf(store, B), await got(store, B, 1)], [[row(B, 1)], [1]])
  },

  async 'a delete takes the record and the bytes, and of what is not there does nothing'(place) {
    const store = await place.open(ACCOUNT)
    await store.put(row(A, 1), bytes(1))
    await store.put(row(A, 2), bytes(2))
    await store.note([row(B, 3, { home: A })])
    await store.delete(A, [sum(1), sum(7)])
    await store.delete(B, [sum(3)])
    await store.delete('never', [sum(1)])
    agree(await rowsOf(store), [row(A, 2)])
    agree([await got(store, A, 1), await got(store, A, 2)], [undefined, [2]])
  },

  async 'a dex that is dropped leaves nothing, not even an empty place, and can come again (C1)'(place) {
    const [store, tab] = [await place.open(ACCOUNT), await place.open(ACCOUNT)]
    await store.put(row(A, 1), bytes(1))
    await store.put(row(B, 1), bytes(2))
    agree(await got(tab, A, 1), [1])
    await store.drop(A)
    await store.drop('never')
    agree([await got(store, A, 1), await got(tab, A, 1), await got(tab, B, 1)], [undefined, undefined, [2]])
    agree(await place.traces(ACCOUNT, A), [])
    agree(await rowsOf(tab), [row(B, 1)])
    await tab.put(row(A, 4), bytes(4))
    agree([await rowsOf(store, A), await got(store, A, 4)], [[row(A, 4)], [4]])
  },

  async 'a part of a larger buffer is kept alone, and bytes are not shared with the caller'(place) {
    const store = await place.open(ACCOUNT)
    await store.put(row(A, 1), bytes(1, 2, 3, 4, 5).subarray(1, 4))
    const first = await store.get(A, sum(1))
    first?.fill(0)
    agree(await got(store, A, 1), [2, 3, 4])
  },

  async 'accounts are apart; a wipe leaves nothing of the one and all of the other (C1)'(place) {
    const [mine, theirs] = [await place.open(ACCOUNT), await place.open(OTHER_ACCOUNT)]
    await mine.put(row(A, 1), bytes(1))
    await mine.choose({ pinned: [A] })
    await theirs.put(row(A, 1), bytes(2))
    await mine.wipe()
    await refusedWith(mine.get(A, sum(1)), StoreGone, 'a get after the wipe')
    await refusedWith(mine.put(row(A, 1), bytes(1)), StoreGone, 'a put after the wipe')
    agree(await place.traces(ACCOUNT), [])
    agree(await got(theirs, A, 1), [2])
    const anew = await place.open(ACCOUNT)
    agree([await rowsOf(anew), await anew.choice()], [[], undefined])
  },

  async 'a closed store refuses, and closing twice is no harm'(place) {
    const store = await place.open(ACCOUNT)
    await store.close()
    await store.close()
    await refusedWith(store.rows(), StoreGone, 'rows')
    await refusedWith(store.put(row(A, 1), bytes(1)), StoreGone, 'a put')
    await refusedWith(store.note([row(A, 1)]), StoreGone, 'a note')
    await refusedWith(store.drop(A), StoreGone, 'a drop')
  },
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('put' as const, 'put' as const, 'note' as const, 'delete' as const, 'drop' as const),
    dex: fc.constantFrom(A, B),
    n: fc.integer({ min: 1, max: 3 }),
    used: fc.nat(9),
  }),
  { maxLength: 15 },
)

/** Any sequence of steps leaves what it leaves in a Map. */
async function pictureModel(make: () => Promise<PicturePlace>, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const place = await make()
      try {
        const store = await place.open(ACCOUNT)
        const model = new Map<string, { row: PictureRow; bytes: number[] | undefined }>()
        for (const { kind, dex, n, used } of taken) {
          const key = dex + sum(n)
          const own = row(dex, n, { used })
          if (kind === 'put') {
            await store.put(own, bytes(used))
            model.set(key, { row: own, bytes: [used] })
          } else if (kind === 'note') {
            await store.note([own])
            model.set(key, { row: own, bytes: model.get(key)?.bytes })
          } else if (kind === 'delete') {
            await store.delete(dex, [sum(n)])
            model.delete(key)
          } else {
            await store.drop(dex)
            for (const other of [...model.keys()]) if (other.startsWith(dex)) model.delete(other)
          }
        }
        const rows = [...model.values()].map((kept) => kept.row).sort((a, b) => (a.dex + a.sha256 < b.dex + b.sha256 ? -1 : 1))
        agree(await rowsOf(store), rows)
        for (const dex of [A, B]) for (const n of [1, 2, 3]) agree(await got(store, dex, n), model.get(dex + sum(n))?.bytes)
        await store.close()
      } finally {
        await place.remove()
      }
    }),
    { numRuns: runs },
  )
}

/** The contract of every PictureStore. `make` gives a new, empty place. */
export function pictureStoreContract(name: string, make: () => Promise<PicturePlace>, test: Test, runs = 20): void {
  for (const [title, run] of Object.entries(cases)) {
    test(`${name} pictures: ${title}`, async () => {
      const place = await make()
      try {
        await run(place)
      } finally {
        await place.remove()
      }
    })
  }
  test(`${name} pictures: any sequence of steps leaves what it should`, () => pictureModel(make, runs))
}
