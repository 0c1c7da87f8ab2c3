import { ACCOUNT, Device, entry, type FakeServer, filled, id, type Tab } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'
import { NetworkFailure, type Transport } from './ports.ts'

const FRIEND = id(0xf1)
const OTHER = id(0xf2)
const FEED = `dex/${FRIEND}`

/** Everything on the device, as text. */
const onDisk = ({ disk }: Device): string =>
  JSON.stringify(disk.records, (_, value: unknown) =>
    value instanceof Map ? [...value] : value instanceof Uint8Array ? [...value].join() : value,
  )

/** The feeds that are packed from now on, each time with how many pages take the place of others; undefined: the feed is packed anew. */
function packingsOf({ ports: { store } }: Tab): [feed: string, pages: number | undefined][] {
  const write = store.writeFeeds.bind(store)
  const packings: [string, number | undefined][] = []
  store.writeFeeds = async (changes) => {
    for (const { state, anew, pages, dropOthers } of changes) if (anew || dropOthers) packings.push([state.feed, pages?.size])
    await write(changes)
  }
  return packings
}

/** A friend's dex of some thirty entries, which lies as a page, and the account's feed and the catalogue beside it. */
async function paged() {
  const server = filled(1)
  for (let n = 200; n < 230; n += 1) server.feed(FEED).put(entry(n, `words ${n}`))
  server.feed(FEED).put(profile('Old Name'))
  for (let n = 0; n < 12; n += 1) {
    server.feed(PEOPLE).put(friend(n, `person${n}`))
    server.feed('catalogue').put(kind(n))
  }
  const device = new Device(server)
  const tab = await device.tab()
  await tab.rest()
  return { server, device, tab, packings: packingsOf(tab) }
}

const PEOPLE = `account/${ACCOUNT}`
const profile = (displayName: string) => ({ type: 'profile', id: FRIEND, ...{ username: 'bo', displayName } })
const friend = (n: number, username: string) => ({
  type: 'friend',
  id: id(0xf00 + n),
  ...{ username, displayName: username, state: 'friends', since: 1 },
})
const kind = (n: number) => ({ type: 'animal', id: id(0xa00 + n), ...{ scientificName: `Genus species${n}`, rev: 1 } })

test.each<[what: string, change: (server: FakeServer) => void, gone: string, feed: string]>([
  ['the words of an entry that others replace', (server) => server.feed(FEED).put(entry(205, 'other')), 'words 205', FEED],
  ['an entry that is withdrawn', (server) => server.feed(FEED).remove(`entry/${id(205)}`), 'words 205', FEED],
  ['what a dex’s owner was called', (server) => server.feed(FEED).put(profile('New')), 'Old Name', FEED],
  ['somebody who is no friend any more', (server) => server.feed(PEOPLE).remove(`friend/${id(0xf05)}`), 'person5', PEOPLE],
  ['what a friend was called', (server) => server.feed(PEOPLE).put(friend(5, 'other')), 'person5', PEOPLE],
  ['an animal that nobody shows', (server) => server.feed('catalogue').remove(`animal/${id(0xa05)}`), 'species5', 'catalogue'],
])('E15 of %s nothing is left, by one packing', async (_, change, gone, feed) => {
  const { server, device, tab, packings } = await paged()
  expect(onDisk(device)).toContain(gone)
  change(server)
  await tab.engine.syncNow()
  await tab.rest()
  expect(onDisk(device)).not.toContain(gone)
  expect(onDisk(device)).toContain('words 206')
  await tab.engine.syncNow()
  await tab.rest()
  expect(packings).toEqual([[feed, 1]])
  await tab.engine.stop()
})

test('E15 entries that were not there, one’s own, and what changes in the catalogue pack nothing', async () => {
  const { server, tab, packings } = await paged()
  server.feed(FEED).put(entry(300, 'new'))
  server.own.put(entry(0, 'other'))
  server.own.remove(`entry/${id(0)}`)
  server.feed('catalogue').put({ ...kind(5), ...{ rev: 2 } })
  await tab.engine.syncNow()
  await tab.rest()
  expect(packings).toEqual([])
  await tab.engine.stop()
})

/** The same, of a friend's dex that lies as so many pages of 200 entries, numbered from 1000 on. */
async function pagedIn(pages: number) {
  const server = filled(1)
  server.chunkRows = 200
  for (let n = 0; n < pages * 200; n += 1) server.feed(FEED).put(entry(1000 + n, `words ${1000 + n}.`))
  const device = new Device(server)
  const tab = await device.tab()
  await tab.rest()
  server.chunkRows = 500
  return { server, device, tab, packings: packingsOf(tab) }
}

/** How many items each page of the friend's dex has, and how many lie over them. */
function lying({ disk }: Device): { pages: number[]; over: number } {
  const [shown] = disk.records.feeds.get(FEED)?.generations.values() ?? []
  return { pages: (shown?.pages ?? []).map((page) => (JSON.parse(page) as unknown[]).length), over: shown?.over.size ?? 0 }
}

test('E15 an edit in a long dex writes the page that it covers and no other; what is new goes on lying over them', async () => {
  const { server, device, tab, packings } = await pagedIn(12)
  expect(lying(device)).toEqual({ pages: Array<number>(12).fill(200), over: 0 })
  server.feed(FEED).put(entry(1120, 'other'))
  server.feed(FEED).remove(`entry/${id(1121)}`)
  server.feed(FEED).put(entry(9000, 'new'))
  await tab.engine.syncNow()
  await tab.rest()
  expect(packings).toEqual([[FEED, 1]])
  expect(lying(device)).toEqual({ pages: [199, ...Array<number>(11).fill(200)], over: 1 })
  for (const gone of ['words 1120.', 'words 1121.']) expect(onDisk(device)).not.toContain(gone)
  const view = await tab.engine.openDex(FRIEND)
  expect([view.entries.size, view.entries.get(id(1120))?.note, view.entries.get(id(9000))?.note]).toEqual([
    2400,
    'other',
    'new',
  ])
  server.feed(FEED).put(entry(9000, 'newer'))
  await tab.engine.syncNow()
  await tab.rest()
  expect(lying(device).over).toBe(1)
  expect(onDisk(device)).not.toContain('"new\\"')
  await tab.engine.stop()
})

test('E15 a dex of which many pages are covered is packed anew', async () => {
  const { server, device, tab, packings } = await pagedIn(12)
  for (let n = 0; n < 12; n += 1) server.feed(FEED).put(entry(1000 + n * 200, 'other'))
  await tab.engine.syncNow()
  await tab.rest()
  expect(packings).toEqual([[FEED, undefined]])
  expect(lying(device)).toEqual({ pages: [500, 500, 500, 500, 400], over: 0 })
  expect(onDisk(device)).not.toContain('words 1200.')
  expect(onDisk(device)).toContain('words 1201.')
  await tab.engine.stop()
})

test('E15 of what a page covers nothing is left either', async () => {
  const { server, device, tab, packings } = await pagedIn(2)
  server.feed(FEED).put(entry(1200, 'other'))
  for (let n = 0; n < 200; n += 1) server.feed(FEED).put(entry(9000 + n))
  await tab.engine.syncNow()
  await tab.rest()
  expect(packings).toEqual([[FEED, undefined]])
  expect(onDisk(device)).not.toContain('words 1200.')
  await tab.engine.stop()
})

test('E15 of what a page covers nothing is left although single items of the same answer cover others', async () => {
  const { server, device, tab, packings } = await pagedIn(2)
  server.chunkRows = 200
  server.feed(FEED).put(entry(1200, 'other'))
  for (let n = 0; n < 199; n += 1) server.feed(FEED).put(entry(9000 + n))
  server.feed(FEED).put(entry(1201, 'other'))
  await tab.engine.syncNow()
  await tab.rest()
  expect(packings).toEqual([[FEED, undefined]])
  expect(['words 1200.', 'words 1201.'].filter((text) => onDisk(device).includes(text))).toEqual([])
  await tab.engine.stop()
})

test('E15 wherever the program dies, what was replaced is gone after the next sync', async () => {
  for (let nth = 1; nth < 9; nth += 1) {
    const { server, device, tab } = await paged()
    server.feed(FEED).put(entry(205, 'other'))
    server.feed(PEOPLE).put(friend(5, 'other'))
    device.disk.failAt(nth)
    await tab.engine.syncNow().catch(() => undefined)
    await tab.rest()
    await tab.engine.stop().catch(() => undefined)
    const again = await device.tab()
    await again.rest(6_000)
    expect([nth, ...['words 205', 'person5'].filter((text) => onDisk(device).includes(text))]).toEqual([nth])
    await again.engine.stop()
  }
})

/** The next answer breaks off behind the friend's changed entry, and from then on the network is away. */
async function cutBehindChange({ server, device, tab }: Awaited<ReturnType<typeof paged>>): Promise<void> {
  server.feed(FEED).put(entry(205, 'other'))
  const other = `dex/${OTHER}`
  for (let n = 400; n < 440; n += 1) server.feed(other).put(entry(n, 'long '.repeat(50)))
  tab.transport.fault = ({ path }) => (path.includes('/pull') ? { kind: 'cut', after: 4_000 } : { kind: 'lost' })
  await expect(tab.engine.syncNow()).rejects.toThrow()
  tab.transport.fault = () => ({ kind: 'lost' })
  expect(onDisk(device)).toContain('other')
  expect(device.disk.records.feeds.has(other)).toBe(false)
}

test('E15 of what was replaced by an answer that broke off behind it nothing is left, though the network stays away', async () => {
  const all = await paged()
  const { device, tab } = all
  await cutBehindChange(all)
  await tab.rest()
  expect(onDisk(device)).not.toContain('words 205')
  expect(onDisk(device)).toContain('words 206')
  await tab.engine.stop()
})

test('E15 of what was replaced before the program died nothing is left after the next start, though nobody answers', async () => {
  const all = await paged()
  const { device, tab } = all
  // The change itself is the first write, and the packing dies.
  device.disk.failAt(2)
  await cutBehindChange(all)
  await tab.rest()
  await tab.engine.stop().catch(() => undefined)
  device.disk.failAt(1_000_000)
  expect(onDisk(device)).toContain('words 205')
  // Nobody answers: the first sync does not even fail.
  const transport: Transport = {
    request: ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new NetworkFailure('aborted')))),
    onReconnect: () => () => undefined,
  }
  const again = await device.tab((ports) => ({ ...ports, transport }))
  await again.rest()
  expect(onDisk(device)).not.toContain('words 205')
  expect(onDisk(device)).toContain('words 206')
  await again.engine.stop()
})

test('E15 what was replaced while a first snapshot was cut is gone once that is whole', async () => {
  const { server, device, tab } = await paged()
  const other = `dex/${OTHER}`
  for (let n = 400; n < 440; n += 1) server.feed(other).put(entry(n, `words ${n}`))
  server.chunkRows = 20
  tab.transport.fault = ({ path }) => (path.includes('/pull') ? { kind: 'cut', after: 5_000 } : undefined)
  await tab.engine.syncNow().catch(() => undefined)
  expect(onDisk(device)).toContain('words 405')
  expect(onDisk(device)).not.toContain('words 430')
  tab.transport.fault = () => undefined
  server.feed(other).put(entry(405, 'other'))
  server.feed(other).remove(`entry/${id(406)}`)
  await tab.engine.syncNow()
  await tab.rest()
  expect(onDisk(device)).toContain('words 430')
  expect(onDisk(device)).not.toContain('words 405')
  expect(onDisk(device)).not.toContain('words 406')
  await tab.engine.stop()
})

test('E15 where nobody knows which entries there are, each that comes may have been there', async () => {
  const { server, device, tab } = await paged()
  await tab.engine.stop()
  const feed = device.disk.records.feeds.get(FEED)
  if (feed)
    device.disk.records = {
      ...device.disk.records,
      feeds: new Map([...device.disk.records.feeds, [FEED, { ...feed, marks: undefined }]]),
    }
  server.feed(FEED).put(entry(205, 'other'))
  const again = await device.tab()
  await again.rest()
  expect(onDisk(device)).not.toContain('words 205')
  await again.engine.stop()
})
