import { type LocalStore, type StoredMutation, StoreGone } from '@biologidex/client/ports'
import { agree, type Cases, refused, refusedWith } from './agree.ts'
import { animal, id, mutation, page, upload } from './samples.ts'
import { ACCOUNT, OTHER_ACCOUNT, reopened, type StorePlace } from './store-place.ts'

/** A mutation that cannot be written: it fails when its members are read. */
const unwritable = (n: number): StoredMutation => ({
  ...mutation(n),
  get setAside(): never {
    throw new Error('cannot be read')
  },
})

const numbers = async (store: LocalStore): Promise<number[]> => (await store.load()).outbox.map((row) => row.n)

/** Takes the next number and puts a mutation under it, as an engine does. */
async function append(store: LocalStore, note: string): Promise<void> {
  await store.updateAccount((device) => {
    const known = device ?? { client: id(1), next: 1, ack: 0 }
    return { device: { ...known, next: known.next + 1 }, putMutations: [mutation(known.next, note)] }
  })
}

/** What every LocalStore keeps of the account's own records. */
export const accountCases: Cases<StorePlace> = {
  async 'a new store is empty'(place) {
    const store = await place.open(ACCOUNT)
    agree(await store.load(), { outbox: [], uploads: [], feeds: [], syncs: [] })
  },

  async 'the outbox comes back in the order of its numbers, however it was written (O1)'(place) {
    const store = await place.open(ACCOUNT)
    await store.writeAccount({ putMutations: [mutation(10), mutation(9)] })
    await store.writeAccount({ putMutations: [mutation(2), mutation(100)] })
    const again = await reopened(place, store)
    agree((await again.load()).outbox, [mutation(2), mutation(9), mutation(10), mutation(100)])
  },

  async 'rows are put whole and dropped by key; what a write does not name stays'(place) {
    const store = await place.open(ACCOUNT)
    const sync = { feed: 'dex/a', lastSuccess: 5, lastError: { at: 4, code: 'internal' } }
    await store.writeAccount({
      putMutations: [{ ...mutation(1), setAside: { code: 'x', message: 'y' } }, mutation(2)],
      putUploads: [{ ...upload(1), url: '/u/1' }, upload(2)],
      syncs: [sync, { feed: 'catalogue' }],
      digest: 'd1',
    })
    await store.writeAccount({
      putMutations: [mutation(1)],
      dropMutations: [2, 77],
      putUploads: [upload(1)],
      dropUploads: [id(2), id(77)],
    })
    await store.writeAccount({ syncs: [{ feed: 'dex/a', lastSuccess: 6 }] })
    const { outbox, uploads, syncs, digest } = await (await reopened(place, store)).load()
    agree(outbox, [mutation(1)])
    agree(uploads, [upload(1)])
    agree(new Map(syncs.map((row) => [row.feed, row])).get('dex/a'), { feed: 'dex/a', lastSuccess: 6 })
    agree(syncs.length, 2)
    agree(digest, 'd1')
    const again = await place.open(ACCOUNT)
    await again.writeAccount({ dropSyncs: ['dex/a', 'dex/never'] })
    agree((await again.load()).syncs, [{ feed: 'catalogue' }])
  },

  async 'the digest is set, kept and cleared'(place) {
    const store = await place.open(ACCOUNT)
    await store.writeAccount({ digest: 'one' })
    await store.writeAccount({ putMutations: [mutation(1)] })
    agree((await store.load()).digest, 'one')
    await store.writeAccount({ digest: null })
    agree((await (await reopened(place, store)).load()).digest, undefined)
  },

  async 'members that this version does not know survive (O9, W4)'(place) {
    const store = await place.open(ACCOUNT)
    const later = { ...mutation(1), mood: { deep: [1, { x: null }] } }
    const device = { client: id(1), next: 2, ack: 0, key: 'k' }
    await store.updateAccount(() => ({ device, putMutations: [later], putUploads: [{ ...upload(1), ...{ lane: 3 } }] }))
    const loaded = await (await reopened(place, store)).load()
    agree(loaded.outbox, [later])
    agree(loaded.device, device)
    agree(loaded.uploads, [{ ...upload(1), lane: 3 }])
  },

  async 'text of any script comes back as it was, and big values do'(place) {
    const store = await place.open(ACCOUNT)
    const odd = `Ünïcødé 🦔🏳️‍🌈 \u0000 \ud800 \u2028 "'\\ \u0007 ${'ß'.repeat(100_000)}`
    const many = Array.from({ length: 500 }, (_, i) => mutation(i + 1, i === 250 ? odd : `note ${i}`))
    await store.writeAccount({ putMutations: many })
    agree((await (await reopened(place, store)).load()).outbox, many)
  },

  async 'a write that fails half-way leaves nothing of itself (C2)'(place) {
    const store = await place.open(ACCOUNT)
    await store.writeAccount({ putMutations: [mutation(1)], digest: 'before' })
    const bad = { putMutations: [mutation(2), unwritable(3)], dropMutations: [1], digest: 'after' }
    await refused(store.writeAccount(bad), 'a write that cannot be read')
    await refused(
      store.updateAccount(() => bad),
      'an update that cannot be read',
    )
    const loaded = await (await reopened(place, store)).load()
    agree(loaded.outbox, [mutation(1)])
    agree(loaded.digest, 'before')
  },

  async 'an update reads the device and writes in one step; a plan that throws writes nothing'(place) {
    const store = await place.open(ACCOUNT)
    await append(store, 'first')
    const seen: unknown[] = []
    const reason = new Error('changed its mind')
    const thrown = await refused(
      store.updateAccount((device) => {
        seen.push(device?.next)
        throw reason
      }),
      'a plan that throws',
    )
    agree(thrown === reason, true, 'the error of the plan')
    agree(seen, [2])
    agree(await numbers(store), [1])
  },

  async 'two openers that take numbers at once never take the same one (O1, C3)'(place) {
    const stores = [await place.open(ACCOUNT), await place.open(ACCOUNT)]
    const both = stores.flatMap((store, tab) => Array.from({ length: 20 }, (_, i) => append(store, `tab ${tab}, ${i}`)))
    await Promise.all(both)
    for (const store of stores) {
      const { outbox, device } = await store.load()
      agree(
        outbox.map((row) => row.n),
        Array.from({ length: 40 }, (_, i) => i + 1),
      )
      agree(new Set(outbox.map((row) => JSON.stringify(row.set))).size, 40, 'changes')
      agree(device?.next, 41)
    }
  },

  async 'accounts are apart, and a wipe of one leaves the other (C1)'(place) {
    const [mine, theirs] = [await place.open(ACCOUNT), await place.open(OTHER_ACCOUNT)]
    await mine.writeAccount({ putMutations: [mutation(1, 'mine')] })
    await theirs.writeAccount({ putMutations: [mutation(1, 'theirs')] })
    await theirs.writeFeeds([page('dex/a', 1, '["theirs"]')])
    agree((await mine.load()).feeds, [])
    await mine.wipe()
    const left = await (await reopened(place, theirs, OTHER_ACCOUNT)).load()
    agree(left.outbox, [mutation(1, 'theirs')])
    agree(left.feeds.length, 1)
  },

  async 'a wipe leaves no trace, and ends every other opener (C1)'(place) {
    const [store, tab] = [await place.open(ACCOUNT), await place.open(ACCOUNT)]
    await store.writeAccount({ putMutations: [mutation(1, 'unforgettable')], digest: 'x' })
    await store.writeFeeds([page('dex/a', 1, '["unforgettable"]')])
    agree((await place.traces('unforgettable')).length > 0, !place.sealed, 'a text that can be found')
    await tab.load()
    const reader = await tab.readFeed('dex/a', 1)
    for await (const text of reader.pages) agree(text, '["unforgettable"]')
    await store.wipe()
    for (const ended of [store, tab]) {
      await refusedWith(ended.load(), StoreGone, 'a load after the wipe')
      await refusedWith(ended.readFeed('dex/a', 1), StoreGone, 'a read after the wipe')
      await refusedWith(
        ended.writeAccount({ putMutations: [mutation(2, 'unforgettable')] }),
        StoreGone,
        'a write after the wipe',
      )
      await refusedWith(ended.writeFeeds([page('dex/a', 2, '["unforgettable"]')]), StoreGone, 'a feed write after the wipe')
      await ended.close()
    }
    agree(await place.traces('unforgettable'), [])
    agree(await place.traces(ACCOUNT), [])
    agree(await (await place.open(ACCOUNT)).load(), { outbox: [], uploads: [], feeds: [], syncs: [] })
  },

  async 'what a person made can be found only where nothing is sealed; the catalogue is everybody’s'(place) {
    const store = await place.open(ACCOUNT)
    const waiting = { ...upload(1), ...{ hint: 'secret upload' } }
    await store.updateAccount(() => ({
      device: { client: id(1), next: 2, ack: 0 },
      putMutations: [mutation(1, 'secret note')],
      putUploads: [waiting],
    }))
    const content = { over: new Map([['entry/b', '{"note":"secret item"}']]), animals: [animal(1, 'secret animal')] }
    await store.writeFeeds([{ ...page('dex/a', 1, '[{"privateNote":"secret page"}]'), ...content }])
    await store.writeFeeds([page('catalogue', 1, '["well known"]')])
    for (const secret of ['secret note', 'secret upload', 'secret page', 'secret item', 'secret animal'])
      agree((await place.traces(secret)).length > 0, !place.sealed, secret)
    agree((await place.traces('well known')).length > 0, true, 'the catalogue')
    const again = await (await reopened(place, store)).load()
    agree(again.outbox, [mutation(1, 'secret note')])
    agree(again.uploads, [waiting])
  },

  async 'a closed store refuses, and closing twice is no harm'(place) {
    const store = await place.open(ACCOUNT)
    await store.close()
    await store.close()
    await refusedWith(store.load(), StoreGone, 'a load')
    await refusedWith(store.writeAccount({ digest: 'x' }), StoreGone, 'a write')
    await refusedWith(
      store.updateAccount(() => ({ digest: 'x' })),
      StoreGone,
      'an update',
    )
    await refusedWith(store.readFeed('dex/a', 1), StoreGone, 'a read')
  },
}
