import { ACCOUNT, created, Device, entry, type FakeServer, filled, id, type Tab } from '@biologidex/test-kit/engine-rig'
import { sha256 } from '@biologidex/test-kit/fake-transport'
import { expect, test } from 'vitest'

const FRIEND = id(0xf1)
const OTHER = id(0xf2)
const FEED = `dex/${FRIEND}`
const BYTES = new Uint8Array([1, 2, 3])

/** An entry with a picture that the server has. */
function pictured(server: FakeServer, dex: string, n: number, bytes = BYTES) {
  const wall = { sha256: sha256(bytes), size: bytes.length }
  server.feed(`dex/${dex}`).put({ ...entry(n), ...{ images: [{ id: id(n + 0x1000), state: 'ready', renditions: { wall } }] } })
  server.pictures.set(`/api/v2/dex/${dex}/entries/${id(n)}/images/${id(n + 0x1000)}/wall`, bytes)
  return { dex, entry: id(n), image: id(n + 0x1000), rendition: 'wall' as const, sha256: wall.sha256 }
}

async function following() {
  const server = filled(1)
  const [first, second] = [pictured(server, FRIEND, 100), pictured(server, FRIEND, 101, SECOND)]
  const device = new Device(server)
  const tab = await device.tab()
  await tab.rest()
  for (const at of [first, second]) expect(await tab.engine.picture(at)).toBeDefined()
  return { server, device, tab, first, second }
}

/** Everything on the device, as text. */
const onDisk = ({ disk }: Device): string =>
  JSON.stringify(disk.records, (_, value: unknown) =>
    value instanceof Map ? [...value] : value instanceof Uint8Array ? [...value].join() : value,
  )

const pictures = async (tab: Tab): Promise<string[]> =>
  (await tab.ports.pictures.rows()).map(({ dex, sha256: sum }) => `${dex} ${sum}`)

test('E18 a dex that is gone leaves nothing on the device: no row, picture, number or record of it', async () => {
  const { server, device, tab } = await following()
  const view = await tab.engine.openDex(FRIEND)
  expect(view.entries.size).toBe(2)
  await tab.engine.looked(FRIEND)
  await tab.engine.pin(FRIEND, true)
  expect(onDisk(device)).toContain(FRIEND)
  server.feeds.delete(FEED)
  server.modes.set(FEED, 'gone')
  server.feed(FEED)
  await tab.engine.syncNow()
  await tab.rest()
  expect(view.entries.size).toBe(0)
  expect(onDisk(device)).not.toContain(FRIEND)
  expect(onDisk(device)).not.toContain(BYTES.join())
  expect(tab.engine.dexes().map(({ account }) => account)).toEqual([ACCOUNT])
  await tab.engine.stop()
})

test('E18 a dex of which a nudge told, and that is gone, leaves nothing either', async () => {
  const { server, device, tab } = await following()
  server.feeds.delete(FEED)
  server.modes.set(FEED, 'gone')
  server.feed(FEED)
  server.nudge(FEED)
  await tab.rest()
  expect(tab.sent('/api/v2/sync/pull').at(-1)).toMatchObject({ only: [FEED] })
  expect(onDisk(device)).not.toContain(FRIEND)
  await tab.engine.stop()
})

/** Makes a friend's dex go while this device, without a network, keeps so many changes. */
async function offlineMeanwhile(changes: number) {
  const { server, device, tab } = await following()
  tab.transport.fault = () => ({ kind: 'lost' })
  await tab.engine.mutate(Array.from({ length: changes }, (_, n) => created(n + 200)))
  await tab.rest()
  server.feeds.delete(FEED)
  server.modes.set(FEED, 'gone')
  server.feed(FEED)
  return { server, device, tab }
}

test('E18 a dex that is gone waits for no long outbox', async () => {
  const { server, device, tab } = await offlineMeanwhile(501)
  expect(onDisk(device)).toContain(BYTES.join())
  const there: boolean[] = []
  tab.transport.fault = ({ path }) => {
    if (path.endsWith('push')) there.push(onDisk(device).includes(BYTES.join()))
    return undefined
  }
  await tab.engine.syncNow()
  expect(there).toEqual([false, false])
  expect(server.applied).toHaveLength(501)
  expect(tab.engine.status.here.changes).toBe(0)
  await tab.engine.stop()
})

test('E18 a dex that is gone goes although the server does not take what is unsent', async () => {
  const { device, tab } = await offlineMeanwhile(1)
  tab.transport.fault = ({ path }) => (path.endsWith('push') ? { kind: 'refused', code: 'rate_limited' } : undefined)
  await expect(tab.engine.syncNow()).rejects.toThrow('Too many requests')
  await tab.rest()
  expect(onDisk(device)).not.toContain(FRIEND)
  expect(tab.engine.status).toMatchObject({ connection: 'waiting', here: { changes: 1 } })
  await tab.engine.stop()
})

test('E18 wherever the program dies, a dex that is gone is so after the next sync', async () => {
  for (let nth = 1; nth < 13; nth += 1) {
    const { server, device, tab } = await following()
    await tab.engine.pin(FRIEND, true)
    const feed = server.feed(FEED)
    server.feeds.delete(FEED)
    server.modes.set(FEED, 'gone')
    server.feed(FEED)
    device.disk.failAt(nth)
    await tab.engine.syncNow().catch(() => undefined)
    await tab.engine.stop().catch(() => undefined)
    const told = [...device.disk.records.feeds.keys()].includes(FEED)
    server.feeds.delete(FEED)
    if (told) {
      server.modes.set(FEED, 'gone')
      server.feed(FEED)
    }
    const again = await device.tab()
    await again.rest(6_000)
    const left = [BYTES.join(), FRIEND].filter((text) => onDisk(device).includes(text))
    expect([nth, left, again.engine.dexes().length]).toEqual([nth, [], 1])
    expect(feed.items.size).toBe(2)
    await again.engine.stop()
  }
})

test('E18 the own dex, the account’s feed and the catalogue are never gone', async () => {
  const { server, tab } = await following()
  const account = `account/${ACCOUNT}`
  server.feed(account).put({ type: 'friend', id: FRIEND, ...{ username: 'bo', displayName: 'Bo', state: 'friends', since: 1 } })
  await tab.engine.syncNow()
  for (const feed of [`dex/${ACCOUNT}`, account, 'catalogue']) {
    server.modes.set(feed, 'gone')
    server.feed(feed).head += 1
  }
  await tab.engine.syncNow()
  expect(tab.engine.dexes()[0]).toMatchObject({ account: ACCOUNT, entries: 1 })
  expect((await tab.engine.openPeople()).friends.get(FRIEND)).toMatchObject({ username: 'bo' })
  await tab.engine.stop()
})

test('E16 a reset to less than before drops all of the dex first, so that a cut answer leaves none of it', async () => {
  const { server, device, tab, first } = await following()
  await tab.engine.pin(FRIEND, true)
  const view = await tab.engine.openDex(FRIEND)
  server.feed(FEED).remove(`entry/${id(101)}`)
  server.modes.set(FEED, 'reset')
  server.narrower.add(FEED)
  tab.transport.fault = ({ path }) => (path.includes('/pull') ? { kind: 'cut', after: 300 } : undefined)
  await tab.engine.syncNow().catch(() => undefined)
  expect(view.entries.size).toBe(0)
  expect(await pictures(tab)).toEqual([])
  expect(onDisk(device)).not.toContain('note 101')
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  expect([...view.entries.keys()]).toEqual([id(100)])
  expect(await tab.engine.picture(first)).toEqual(BYTES)
  // It is there, with less in it: what the person chose for it holds.
  expect((await tab.engine.cache()).dexes).toMatchObject([{ account: FRIEND, pinned: true }])
  await tab.engine.stop()
})

test('E16 of the own dex a narrower reset drops nothing before the new one is whole', async () => {
  const { server, tab } = await following()
  const view = await tab.engine.openDex(ACCOUNT)
  server.own.head += 1
  server.modes.set(`dex/${ACCOUNT}`, 'reset')
  server.narrower.add(`dex/${ACCOUNT}`)
  tab.transport.fault = ({ path }) => (path.includes('/pull') ? { kind: 'cut', after: 300 } : undefined)
  await tab.engine.syncNow().catch(() => undefined)
  expect(view.entries.size).toBe(1)
  await tab.engine.stop()
})

test('E50 an entry that is withdrawn takes its picture and its page with it; a replaced rendition goes too', async () => {
  const { server, device, tab, second } = await following()
  for (let n = 200; n < 420; n += 1) server.feed(FEED).put(entry(n, `words ${n}`))
  await tab.engine.syncNow()
  await tab.rest()
  server.feed(FEED).remove(`entry/${id(300)}`)
  server.feed(FEED).remove(`entry/${id(100)}`)
  const fresh = pictured(server, FRIEND, 101, new Uint8Array([6, 7]))
  await tab.engine.syncNow()
  await tab.rest()
  expect(await pictures(tab)).toEqual([])
  expect(onDisk(device)).not.toContain('words 300')
  expect(onDisk(device)).toContain('words 301')
  expect(onDisk(device)).not.toContain(second.sha256)
  expect(await tab.engine.picture(fresh)).toEqual(new Uint8Array([6, 7]))
  await tab.engine.stop()
})

const OTHER_BYTES = new Uint8Array([6, 7])
const SECOND = new Uint8Array([4, 5])
const AVATAR = new Uint8Array([8, 9])
const avatarOf = (bytes: Uint8Array) => ({
  type: 'profile',
  id: FRIEND,
  ...{ avatar: { sha256: sha256(bytes), size: bytes.length } },
})

/** The pictures that lie there when something is written, write for write. */
function atWrites({ ports: { store, pictures: kept } }: Tab): string[][] {
  const write = store.writeFeeds.bind(store)
  const left: string[][] = []
  store.writeFeeds = async (changes) => {
    left.push((await kept.rows()).map(({ sha256: sum }) => sum))
    await write(changes)
  }
  return left
}

test.each<[what: string, change: (server: FakeServer) => void, gone: Uint8Array]>([
  ['a rendition that another one replaces', (server) => pictured(server, FRIEND, 101, OTHER_BYTES), SECOND],
  ['the picture of an entry that is withdrawn', (server) => server.feed(FEED).remove(`entry/${id(101)}`), SECOND],
  ['a profile picture that another one replaces', (server) => server.feed(FEED).put(avatarOf(OTHER_BYTES)), AVATAR],
])('E50 %s goes before the change is kept', async (_, change, gone) => {
  const { server, tab, first } = await following()
  server.feed(FEED).put(avatarOf(AVATAR))
  server.pictures.set(`/api/v2/dex/${FRIEND}/avatar`, AVATAR)
  await tab.engine.syncNow()
  await tab.rest()
  expect(await tab.engine.avatar({ dex: FRIEND, sha256: sha256(AVATAR) })).toEqual(AVATAR)
  change(server)
  const left = atWrites(tab)
  await tab.engine.syncNow()
  await tab.rest()
  expect(left[0]).toContain(first.sha256)
  expect(left[0]).not.toContain(sha256(gone))
  expect(left[0]).toHaveLength(2)
  await tab.engine.stop()
})

test('E50 a picture of a withdrawn entry that another tab kept meanwhile goes after the sync', async () => {
  const { server, tab, first, second } = await following()
  const { store, pictures: kept } = tab.ports
  const row = (await kept.rows()).find(({ sha256: sum }) => sum === second.sha256)
  if (!row) throw new Error('the picture is not here')
  const write = store.writeFeeds.bind(store)
  store.writeFeeds = async (changes) => {
    if (changes.some(({ over }) => over?.get(`entry/${id(101)}`) === null)) await kept.put(row, SECOND)
    await write(changes)
  }
  server.feed(FEED).remove(`entry/${id(101)}`)
  await tab.engine.syncNow()
  expect(await pictures(tab)).toContain(`${FRIEND} ${second.sha256}`)
  await tab.rest()
  expect(await pictures(tab)).toEqual([`${FRIEND} ${first.sha256}`])
  await tab.engine.stop()
})

test('E50 what a new generation replaces in a later part goes before that is kept', async () => {
  const { server, tab, second } = await following()
  server.chunkRows = 1
  pictured(server, FRIEND, 101, OTHER_BYTES)
  server.modes.set(FEED, 'reset')
  const left = atWrites(tab)
  await tab.engine.syncNow()
  expect(left[0]).toContain(second.sha256)
  expect(left[1]).not.toContain(second.sha256)
  await tab.engine.stop()
})

test('E50 after a reset only pictures that the new generation shows stay', async () => {
  const { server, tab, first } = await following()
  server.feed(FEED).items.delete(`entry/${id(101)}`)
  server.feed(FEED).head += 1
  server.modes.set(FEED, 'reset')
  await tab.engine.syncNow()
  await tab.rest()
  expect(await pictures(tab)).toEqual([`${FRIEND} ${first.sha256}`])
  await tab.engine.stop()
})

test('E50 a picture that arrives after its dex went is shown to whoever asked, and not kept', async () => {
  const { server, tab } = await following()
  const at = pictured(server, OTHER, 500)
  expect(await tab.engine.picture(at)).toEqual(BYTES)
  expect((await pictures(tab)).some((name) => name.startsWith(OTHER))).toBe(false)
  await tab.engine.stop()
})

test('E53 prefetching asks for one after another, when nothing else is asked for, and stops when it is told', async () => {
  const { server, tab } = await following()
  const wanted = [600, 601, 602, 603].map((n) => pictured(server, FRIEND, n, new Uint8Array([n % 256, 1])))
  await tab.engine.syncNow()
  const giving = new AbortController()
  let atOnce = 0
  let most = 0
  tab.transport.fault = ({ path }) => {
    if (path.includes('/images/')) {
      atOnce += 1
      most = Math.max(most, atOnce)
      queueMicrotask(() => {
        atOnce -= 1
      })
      if (path.includes(id(602))) giving.abort()
    }
    return undefined
  }
  await tab.engine.prefetch(wanted, giving.signal)
  expect(most).toBe(1)
  expect((await pictures(tab)).length).toBe(5)
  await tab.engine.stop()
})

test('E53 nothing is prefetched of a dex that is not here: it would not be kept', async () => {
  const { server, tab } = await following()
  const asked: string[] = []
  tab.transport.fault = ({ path }) => {
    asked.push(path)
    return undefined
  }
  await tab.engine.prefetch([pictured(server, OTHER, 500)], new AbortController().signal)
  expect(asked).toEqual([])
  await tab.engine.stop()
})

test('E19 a dex that comes later stays as it is, and is asked for again', async () => {
  const { server, device, tab } = await following()
  server.feed(FEED).put(entry(102))
  server.modes.set(FEED, 'later')
  const { lastSuccess } = tab.engine.dexes()[1] ?? {}
  expect(lastSuccess).toBeDefined()
  await device.clock.advance(1_000)
  await tab.engine.syncNow()
  // What was put off has not been brought up to date (C5).
  expect(tab.engine.dexes()[1]).toMatchObject({ entries: 2, lastSuccess })
  await device.clock.advance(60_000)
  await tab.rest()
  expect(tab.engine.dexes()[1]).toMatchObject({ entries: 3 })
  await tab.engine.stop()
})
