import { type BlobCache, StoreGone } from '@biologidex/client/ports'
import fc from 'fast-check'
import { agree, type Cases, refusedWith } from './agree.ts'
import type { Test } from './local-store.ts'
import { ACCOUNT, OTHER_ACCOUNT } from './store-place.ts'

/** A place that keeps pictures of several accounts. */
export interface BlobPlace {
  /** Opens the account's pictures: anew, or beside others that are open (a second tab). */
  open(account: string): Promise<BlobCache>
  /** True when nothing of the account is left, not even an empty database or folder. */
  isEmpty(account: string): Promise<boolean>
  remove(): Promise<void>
}

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)
const got = async (blobs: BlobCache, key: string): Promise<number[] | undefined> => {
  const value = await blobs.get(key)
  return value && [...value]
}
const sorted = async (blobs: BlobCache): Promise<string[]> => (await blobs.keys()).sort()

const cases: Cases<BlobPlace> = {
  async 'what was put is there after reopening, under its key'(place) {
    const blobs = await place.open(ACCOUNT)
    const keys = ['ab'.repeat(32), 'sealed/1', 'preview/1/wall', 'preview/1/screen']
    for (const [i, key] of keys.entries()) await blobs.put(key, bytes(i, 255, 0))
    await blobs.close()
    const again = await place.open(ACCOUNT)
    for (const [i, key] of keys.entries()) agree(await got(again, key), [i, 255, 0])
    agree(await sorted(again), [...keys].sort())
    agree(await got(again, 'sealed'), undefined)
  },

  async 'a later put replaces, a delete removes, and of what is not there does nothing'(place) {
    const blobs = await place.open(ACCOUNT)
    await blobs.put('a', bytes(1, 2, 3))
    await blobs.put('a', bytes(4))
    await blobs.put('b', bytes())
    await blobs.put('c', bytes(5))
    await blobs.delete(['c', 'never there'])
    agree(await got(blobs, 'a'), [4])
    agree(await got(blobs, 'b'), [])
    agree(await sorted(blobs), ['a', 'b'])
  },

  async 'a megabyte comes back byte for byte'(place) {
    const blobs = await place.open(ACCOUNT)
    const large = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31) % 251)
    await blobs.put('large', large)
    const back = (await blobs.get('large')) ?? bytes()
    agree(back.length, large.length)
    agree(
      back.every((byte, i) => byte === large[i]),
      true,
      'the bytes',
    )
  },

  async 'a part of a larger buffer is kept alone, and bytes are not shared with the caller'(place) {
    const blobs = await place.open(ACCOUNT)
    const given = bytes(1, 2, 3, 4, 5).subarray(1, 4)
    await blobs.put('a', given)
    given[0] = 99
    const first = await blobs.get('a')
    first?.fill(0)
    agree(await got(blobs, 'a'), [2, 3, 4])
  },

  async 'accounts are apart; a wipe leaves nothing of the one and all of the other (C1)'(place) {
    const [mine, tab, theirs] = [await place.open(ACCOUNT), await place.open(ACCOUNT), await place.open(OTHER_ACCOUNT)]
    await mine.put('a', bytes(1))
    await theirs.put('a', bytes(2))
    agree(await got(tab, 'a'), [1])
    await mine.wipe()
    for (const ended of [mine, tab]) {
      await refusedWith(ended.get('a'), StoreGone, 'a get after the wipe')
      await refusedWith(ended.put('a', bytes(3)), StoreGone, 'a put after the wipe')
      await ended.close()
    }
    agree(await place.isEmpty(ACCOUNT), true, 'the wiped place is empty')
    agree(await got(theirs, 'a'), [2])
    agree(await sorted(await place.open(ACCOUNT)), [])
  },

  async 'a closed cache refuses, and closing twice is no harm'(place) {
    const blobs = await place.open(ACCOUNT)
    await blobs.close()
    await blobs.close()
    await refusedWith(blobs.put('a', bytes(1)), StoreGone, 'a put')
    await refusedWith(blobs.get('a'), StoreGone, 'a get')
    await refusedWith(blobs.delete(['a']), StoreGone, 'a delete')
    await refusedWith(blobs.keys(), StoreGone, 'keys')
  },
}

const KEYS = ['a', 'sealed/a', 'sealed/b', 'preview/a/wall'] as const
const steps = fc.array(
  fc.tuple(fc.constantFrom('put' as const, 'delete' as const), fc.constantFrom(...KEYS), fc.uint8Array({ maxLength: 20 })),
  { maxLength: 15 },
)

/** Any sequence of puts and deletes leaves what it leaves in a Map. */
async function blobModel(make: () => Promise<BlobPlace>, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const place = await make()
      try {
        const blobs = await place.open(ACCOUNT)
        const model = new Map<string, number[]>()
        for (const [kind, key, value] of taken) {
          if (kind === 'put') await blobs.put(key, value)
          else await blobs.delete([key])
          if (kind === 'put') model.set(key, [...value])
          else model.delete(key)
        }
        agree(await sorted(blobs), [...model.keys()].sort())
        for (const key of KEYS) agree(await got(blobs, key), model.get(key))
        await blobs.close()
      } finally {
        await place.remove()
      }
    }),
    { numRuns: runs },
  )
}

/** The contract of every BlobCache. `make` gives a new, empty place. */
export function blobCacheContract(name: string, make: () => Promise<BlobPlace>, test: Test, runs = 20): void {
  for (const [title, run] of Object.entries(cases)) {
    test(`${name}: ${title}`, async () => {
      const place = await make()
      try {
        await run(place)
      } finally {
        await place.remove()
      }
    })
  }
  test(`${name}: any sequence of puts and deletes leaves what it should`, () => blobModel(make, runs))
}
