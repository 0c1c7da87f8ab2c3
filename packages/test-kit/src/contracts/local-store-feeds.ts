import type { FeedWrite } from '@biologidex/client/ports'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import { agree, type Cases, refused } from './agree.ts'
import { animal, content, page, state } from './samples.ts'
import { ACCOUNT, reopened, type StorePlace } from './store-place.ts'

const FEED = 'dex/33333333-3333-4333-8333-333333333333'
const NOTHING = { pages: [], over: [], animals: [] }

const over = (seq: number, items: Record<string, string | null>, generation = 1): FeedWrite => ({
  state: state(FEED, seq),
  generation,
  over: new Map(Object.entries(items)),
})

/** An animal that cannot be written: it fails when its members are read. */
const unwritable = (n: number): AnimalItem => ({
  ...animal(n),
  get rank(): never {
    throw new Error('cannot be read')
  },
})

/** What every LocalStore keeps of feeds. */
export const feedCases: Cases<StorePlace> = {
  async 'a feed is unknown until its first write, and then known with its state'(place) {
    const store = await place.open(ACCOUNT)
    agree(await content(store, FEED, 1), NOTHING)
    agree((await store.load()).feeds, [])
    const first = { ...state(FEED, 7), cursor: undefined, filling: { generation: 2, cursor: 'c', seq: 3, over: 1 } }
    await store.writeFeeds([{ state: first, generation: 1 }])
    agree((await (await reopened(place, store)).load()).feeds, [first])
  },

  async 'pages come back in order, text for text'(place) {
    const store = await place.open(ACCOUNT)
    const texts = Array.from({ length: 23 }, (_, i) => `[ {"id" : "é🦉${i}"}, \n"\\u0000 ${i}"]`)
    for (const [i, text] of texts.entries()) await store.writeFeeds([page(FEED, i + 1, text)])
    const again = await reopened(place, store)
    agree((await content(again, FEED, 1)).pages, texts)
    agree((await again.load()).feeds, [state(FEED, 23)])
  },

  async 'a page of some megabytes is kept'(place) {
    const store = await place.open(ACCOUNT)
    const text = JSON.stringify(Array.from({ length: 3_000 }, (_, i) => `ä${i}`.repeat(150)))
    await store.writeFeeds([page(FEED, 1, text)])
    agree((await content(await reopened(place, store), FEED, 1)).pages[0] === text, true, 'the page')
  },

  async 'a later single item replaces an earlier one; a removal is kept as such'(place) {
    const store = await place.open(ACCOUNT)
    await store.writeFeeds([page(FEED, 1, '["page"]')])
    await store.writeFeeds([over(2, { 'entry/a': '1', 'entry/b': '1', 'entry/c': null })])
    await store.writeFeeds([over(3, { 'entry/b': null, 'entry/c': '3', "odd/'%_\\/日本": '{}', '': '0' })])
    const now = await content(await reopened(place, store), FEED, 1)
    agree(now.pages, ['["page"]'])
    const expected = { 'entry/a': '1', 'entry/b': null, 'entry/c': '3', "odd/'%_\\/日本": '{}', '': '0' }
    agree(Object.fromEntries(now.over), expected)
    agree(now.over.length, 5)
  },

  async 'generations are apart, and dropOthers leaves one (P4)'(place) {
    const store = await place.open(ACCOUNT)
    await store.writeFeeds([{ ...page(FEED, 1, '["oldest"]'), over: new Map([['x', '1']]), animals: [animal(1, 'Old')] }])
    const filling = { ...page(FEED, 2, '["newest"]'), generation: 2, animals: [animal(2)] }
    await store.writeFeeds([{ ...filling, over: new Map([['y', null]]) }])
    agree(await content(store, FEED, 1), { pages: ['["oldest"]'], over: [['x', '1']], animals: [animal(1, 'Old')] })
    await store.writeFeeds([{ ...over(3, {}, 2), dropOthers: true }])
    const again = await reopened(place, store)
    agree(await content(again, FEED, 1), NOTHING)
    agree(await content(again, FEED, 2), { pages: ['["newest"]'], over: [['y', null]], animals: [animal(2)] })
  },

  async 'dropOthers in a write with content keeps that content'(place) {
    const store = await place.open(ACCOUNT)
    await store.writeFeeds([page(FEED, 1, '["a"]'), { ...page(FEED, 2, '["b"]'), generation: 5 }])
    await store.writeFeeds([{ ...page(FEED, 3, '["c"]'), generation: 5, over: new Map([['k', '1']]), dropOthers: true }])
    agree(await content(store, FEED, 5), { pages: ['["b"]', '["c"]'], over: [['k', '1']], animals: [] })
    agree(await content(store, FEED, 1), NOTHING)
  },

  async 'pages are put in the place of others, by their place; what lay over goes with its animals when that is anew'(place) {
    const store = await place.open(ACCOUNT)
    for (let i = 0; i < 3; i++) await store.writeFeeds([page(FEED, i, `["${i} replaced"]`), page('dex/other', i, `["${i}"]`)])
    await store.writeFeeds([{ ...page(FEED, 4, '["elsewhere"]'), generation: 2 }])
    await store.writeFeeds([
      { ...over(5, { 'entry/a': '"a replaced"', 'entry/b': null }), animals: [animal(1, 'replaced'), animal(2)] },
    ])
    const pages = new Map([
      [0, '["0 stays"]'],
      [2, '["2 stays"]'],
      [9, '["nowhere"]'],
    ])
    await store.writeFeeds([{ ...page(FEED, 6, '["3"]'), pages }])
    const middle = await content(store, FEED, 1)
    agree(middle.pages, ['["0 stays"]', '["1 replaced"]', '["2 stays"]', '["3"]'])
    agree([middle.over.length, middle.animals.length], [2, 2])
    const last = {
      ...over(7, { 'entry/c': '"c"' }),
      pages: new Map([[1, '["1 stays"]']]),
      animals: [animal(2)],
      anew: true as const,
    }
    await store.writeFeeds([last])
    const now = await content(await reopened(place, store), FEED, 1)
    agree(now, {
      pages: ['["0 stays"]', '["1 stays"]', '["2 stays"]', '["3"]'],
      over: [['entry/c', '"c"']],
      animals: [animal(2)],
    })
    agree(await place.traces('replaced'), [])
    const again = await place.open(ACCOUNT)
    agree((await content(again, FEED, 2)).pages, ['["elsewhere"]'])
    agree((await content(again, 'dex/other', 1)).pages, ['["0"]', '["1"]', '["2"]'])
    await again.writeFeeds([{ ...over(8, {}), anew: true }])
    agree(await content(again, FEED, 1), { ...NOTHING, pages: now.pages })
  },

  async 'what is replaced while somebody reads is gone once they have read it'(place) {
    const store = await place.open(ACCOUNT)
    for (let i = 0; i < 3; i++) await store.writeFeeds([page(FEED, i, `["${i} replaced"]`)])
    const { pages } = await store.readFeed(FEED, 1)
    let read = 0
    for await (const text of pages) {
      agree(text, `["${read} replaced"]`)
      const anew = new Map([0, 1, 2].map((at) => [at, `["${at}"]`]))
      if (read === 0) await store.writeFeeds([{ state: state(FEED, 5), generation: 1, pages: anew }])
      read += 1
    }
    agree(read, 3)
    agree(await place.traces('replaced'), [])
  },

  async 'animals are put by id, with members that this version does not know'(place) {
    const store = await place.open(ACCOUNT)
    const later = { ...animal(1, 'New'), wingspan: 3 }
    await store.writeFeeds([{ ...page(FEED, 1, '[]'), animals: [animal(1, 'Old'), animal(2)] }])
    await store.writeFeeds([{ state: state(FEED, 2), generation: 1, animals: [later, animal(3)] }])
    agree((await content(await reopened(place, store), FEED, 1)).animals, [later, animal(2), animal(3)])
  },

  async 'a write that fails half-way leaves state and content as they were (C2)'(place) {
    const store = await place.open(ACCOUNT)
    await store.writeFeeds([page(FEED, 1, '["kept"]')])
    const bad = { ...page(FEED, 2, '["lost"]'), over: new Map([['x', '1']]), animals: [animal(1), unwritable(2)] }
    await refused(store.writeFeeds([{ ...bad, dropOthers: true }]), 'a write that cannot be read')
    const again = await reopened(place, store)
    agree(await content(again, FEED, 1), { ...NOTHING, pages: ['["kept"]'] })
    agree((await again.load()).feeds, [state(FEED, 1)])
  },

  async 'many feeds are written at once, and each is its own'(place) {
    const store = await place.open(ACCOUNT)
    const feeds = Array.from({ length: 30 }, (_, i) => `dex/${i}`)
    await store.writeFeeds(feeds.map((feed, i) => page(feed, i, `["${feed}"]`)))
    const again = await reopened(place, store)
    agree((await again.load()).feeds.map((row) => row.feed).sort(), [...feeds].sort())
    for (const feed of feeds) agree((await content(again, feed, 1)).pages, [`["${feed}"]`])
  },

  async 'a dropped feed leaves nothing, the others stay, and it may start again (P5)'(place) {
    const store = await place.open(ACCOUNT)
    const secret = {
      ...page(FEED, 1, '["vanishing"]'),
      over: new Map([['x', '"vanishing"']]),
      animals: [animal(1, 'vanishing')],
    }
    await store.writeFeeds([secret, page('catalogue', 4, '["stays"]')])
    await store.writeFeeds([{ ...page(FEED, 2, '["vanishing"]'), generation: 2 }])
    await store.dropFeed(FEED)
    await store.dropFeed('dex/never-there')
    agree(await place.traces('vanishing'), [])
    const again = await reopened(place, store)
    agree((await again.load()).feeds, [state('catalogue', 4)])
    agree(await content(again, FEED, 1), NOTHING)
    await again.writeFeeds([page(FEED, 9, '["new"]')])
    agree((await content(again, FEED, 1)).pages, ['["new"]'])
    agree((await content(again, 'catalogue', 1)).pages, ['["stays"]'])
  },

  async 'a reader sees the feed as it was when it was asked for, whatever is written and dropped meanwhile'(place) {
    const store = await place.open(ACCOUNT)
    const all = Array.from({ length: 40 }, (_, i) => `[${i}]`)
    await store.writeFeeds(all.map((text, i) => page(FEED, i, text)))
    const reader = await store.readFeed(FEED, 1)
    const seen: string[] = []
    for await (const text of reader.pages) {
      if (seen.push(text) === 2) {
        await store.writeFeeds([{ ...page(FEED, 99, '["packed"]'), generation: 2, dropOthers: true }])
      }
    }
    agree(seen, all)
    agree(await content(store, FEED, 1), NOTHING)
  },

  async 'marks are replaced whole, stay with their feed through packing, and go with it'(place) {
    const store = await place.open(ACCOUNT)
    agree(await store.readMarks(FEED), undefined)
    await store.writeFeeds([{ ...page(FEED, 1, '[1]'), marks: 'first' }, page('dex/other', 1, '[]')])
    agree(await store.readMarks(FEED), 'first')
    await store.writeFeeds([{ ...page(FEED, 2, '["planted page"]'), marks: 'planted\nmarks é' }])
    await store.writeFeeds([{ ...page(FEED, 3, '[3]'), generation: 2, dropOthers: true }])
    const again = await reopened(place, store)
    agree([await again.readMarks(FEED), await again.readMarks('dex/other')], ['planted\nmarks é', undefined])
    if (place.sealed) agree(await place.traces('planted'), [])
    await again.dropFeed(FEED)
    agree(await again.readMarks(FEED), undefined)
    await again.writeFeeds([page(FEED, 1, '[]')])
    agree(await again.readMarks(FEED), undefined)
  },

  async 'a reader that is left half-way, or never begun, hinders nothing'(place) {
    const store = await place.open(ACCOUNT)
    for (let seq = 1; seq <= 4; seq++) await store.writeFeeds([page(FEED, seq, `[${seq}]`)])
    await store.readFeed(FEED, 1)
    const left = await store.readFeed(FEED, 1)
    for await (const text of left.pages) {
      agree(text, '[1]')
      break
    }
    await store.writeFeeds([page(FEED, 5, '[5]')])
    await store.dropFeed(FEED)
    agree(await content(store, FEED, 1), NOTHING)
    await store.wipe()
  },

  async 'two openers see each other’s feeds, also after one dropped what the other had open (C3)'(place) {
    const [leader, tab] = [await place.open(ACCOUNT), await place.open(ACCOUNT)]
    await leader.writeFeeds([page(FEED, 1, '[1]')])
    agree((await content(tab, FEED, 1)).pages, ['[1]'])
    await leader.writeFeeds([page(FEED, 2, '[2]')])
    agree((await content(tab, FEED, 1)).pages, ['[1]', '[2]'])
    await leader.dropFeed(FEED)
    agree(await content(tab, FEED, 1), NOTHING)
    agree((await tab.load()).feeds, [])
    await tab.writeFeeds([page(FEED, 3, '[3]')])
    agree((await content(leader, FEED, 1)).pages, ['[3]'])
  },
}
