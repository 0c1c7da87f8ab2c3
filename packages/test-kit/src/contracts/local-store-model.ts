import { memoryStore } from '@biologidex/client/adapters/memory'
import { MemoryDisk } from '@biologidex/client/adapters/memory-disk'
import type { AccountWrite, FeedWrite, LocalStore } from '@biologidex/client/ports'
import fc from 'fast-check'
import { agree } from './agree.ts'
import { animal, content, id, mutation, state, upload } from './samples.ts'
import { ACCOUNT, reopened, type StorePlace } from './store-place.ts'

const FEEDS = ['dex/a', 'dex/b', 'catalogue'] as const
const GENERATIONS = [1, 2, 3] as const

type Step =
  | { readonly kind: 'account' | 'update'; readonly change: AccountWrite }
  | { readonly kind: 'feeds'; readonly changes: readonly FeedWrite[] }
  | { readonly kind: 'drop'; readonly feed: string }
  | { readonly kind: 'reopen' }

const small = fc.integer({ min: 1, max: 6 })
const text = fc.string({ unit: 'binary', maxLength: 20 })

const mutations = fc.array(fc.tuple(small, text).map(([n, note]) => mutation(n, note)))
const uploads = fc.array(small.map(upload), { maxLength: 3 })
const accountWrite = fc.record(
  {
    device: fc.record({ client: small.map(id), next: small, ack: small }),
    putMutations: mutations,
    dropMutations: fc.array(small),
    putUploads: uploads,
    dropUploads: fc.array(small.map(id), { maxLength: 3 }),
    syncs: fc.array(fc.record({ feed: fc.constantFrom(...FEEDS), lastSuccess: small }), { maxLength: 3 }),
    dropSyncs: fc.array(fc.constantFrom(...FEEDS), { maxLength: 2 }),
    digest: fc.option(text),
  },
  { requiredKeys: [] },
)

const feedWrite: fc.Arbitrary<FeedWrite> = fc
  .tuple(
    fc.constantFrom(...FEEDS),
    small,
    fc.constantFrom(...GENERATIONS),
    fc.record(
      {
        page: fc.string({ unit: 'grapheme', maxLength: 30 }),
        over: fc
          .array(fc.tuple(fc.constantFrom('entry/a', 'entry/b', 'profile/c'), fc.option(fc.string())))
          .map((pairs) => new Map(pairs)),
        animals: fc.array(fc.tuple(small, text).map(([n, name]) => animal(n, name))),
        marks: text,
        pages: fc.array(fc.tuple(fc.nat(2), fc.string({ maxLength: 9 }))).map((pairs) => new Map(pairs)),
        anew: fc.constant(true as const),
        dropOthers: fc.constant(true as const),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([feed, seq, generation, rest]) => ({ state: state(feed, seq, { generation }), generation, ...rest }))

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('account' as const, 'update' as const), change: accountWrite }),
  fc.record({ kind: fc.constant('feeds' as const), changes: fc.array(feedWrite, { minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: fc.constant('drop' as const), feed: fc.constantFrom(...FEEDS) }),
  fc.constant({ kind: 'reopen' as const }),
)

async function take(store: LocalStore, made: Step, reopen: () => Promise<LocalStore>): Promise<LocalStore> {
  if (made.kind === 'account') await store.writeAccount(made.change)
  else if (made.kind === 'update') await store.updateAccount(() => made.change)
  else if (made.kind === 'feeds') await store.writeFeeds(made.changes)
  else if (made.kind === 'drop') await store.dropFeed(made.feed)
  else return reopen()
  return store
}

const sortedBy = <T>(rows: readonly T[], key: (row: T) => string): T[] => [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))

/** All that can be read of a store; only the outbox and pages have an order. */
async function everything(store: LocalStore): Promise<unknown> {
  const { uploads: rows, feeds, syncs, ...rest } = await store.load()
  const contents = []
  for (const feed of FEEDS) for (const generation of GENERATIONS) contents.push(await content(store, feed, generation))
  const marks = []
  for (const feed of FEEDS) marks.push(await store.readMarks(feed))
  return {
    ...rest,
    marks,
    uploads: sortedBy(rows, (row) => row.image),
    feeds: sortedBy(feeds, (row) => row.feed),
    syncs: sortedBy(syncs, (row) => row.feed),
    contents,
  }
}

/** Any sequence of writes, with reopening anywhere, leaves what it leaves in memory. */
export async function storeModel(makePlace: () => Promise<StorePlace>, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const place = await makePlace()
      const disk = new MemoryDisk()
      let [store, model] = [await place.open(ACCOUNT), memoryStore(disk)]
      try {
        for (const made of steps) {
          const current = store
          store = await take(store, made, () => reopened(place, current))
          model = await take(model, made, async () => memoryStore(disk))
        }
        agree(await everything(store), await everything(model), 'the store and its model')
      } finally {
        await place.remove()
      }
    }),
    { numRuns: runs },
  )
}
