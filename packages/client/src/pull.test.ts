import { DIGEST_HEADER, dexFeed, LINES } from '@biologidex/core/sync/wire'
import { ACCOUNT, created, Device, entry, FakeServer, filled, id, noted, type Tab } from '@biologidex/test-kit/engine-rig'
import { sha256 } from '@biologidex/test-kit/fake-transport'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LocalStore } from './ports.ts'

const OWN = dexFeed(ACCOUNT)
const PULL = '/api/v2/sync/pull'

/** Everything the store holds of the own dex, as a fresh reader would see it. */
async function stored(store: LocalStore): Promise<Map<string, unknown>> {
  const state = (await store.load()).feeds.find(({ feed }) => feed === OWN)
  const items = new Map<string, unknown>()
  if (!state) return items
  const reader = await store.readFeed(OWN, state.generation)
  for await (const page of reader.pages) for (const item of JSON.parse(page)) items.set(`${item.type}/${item.id}`, item)
  for (const [key, text] of reader.over) {
    if (text === null) items.delete(key)
    else items.set(key, JSON.parse(text))
  }
  return items
}

const onServer = (server: FakeServer) =>
  new Map([...server.own.items].flatMap(([key, { json }]) => (json ? [[key, json] as const] : [])))

async function agrees(tab: Tab, server: FakeServer): Promise<void> {
  const disk = await stored(tab.ports.store)
  expect([...disk.entries()].sort()).toEqual([...onServer(server).entries()].sort())
}

test('E14 a first pull brings everything; when nothing moved the answer is one line and nothing is written', async () => {
  const server = filled(1_200)
  const device = new Device(server)
  const tab = await device.tab()
  await agrees(tab, server)
  const writes = device.disk.writes
  expect(await tab.engine.syncNow()).toBe(0)
  expect(device.disk.writes).toBe(writes)
  expect(tab.sent(PULL).at(-1)).toMatchObject({ digest: server.digest, account: ACCOUNT })
  expect(tab.transport.requests.findLast(({ path }) => path === PULL)?.headers).toMatchObject({
    [DIGEST_HEADER]: server.digest,
  })
  await tab.engine.stop()
})

test('E14 what moved comes, and only that; completed tells how many entries', async () => {
  const server = filled(700)
  const tab = await new Device(server).tab()
  const view = await tab.engine.openDex(ACCOUNT)
  const before = view.entries
  for (let n = 0; n < 8; n += 1) server.own.put(entry(n, 'changed'))
  for (let n = 8; n < 12; n += 1) server.own.remove(`entry/${id(n)}`)
  server.feed('catalogue').put({ type: 'animal', id: id(9), ...{ scientificName: 'Alces alces', rev: 1 } })
  expect(await tab.engine.syncNow()).toBe(12)
  expect(tab.events.filter((event) => event.kind === 'progress').at(-1)).toEqual({ kind: 'progress', current: 13, total: 13 })
  expect(view.entries).not.toBe(before)
  expect(view.entries.size).toBe(696)
  expect(view.entries.get(id(3))?.note).toBe('changed')
  expect(view.entries.get(id(50))).toBe(before.get(id(50)))
  expect(view.animal(id(9))?.scientificName).toBe('Alces alces')
  await agrees(tab, server)
})

test('E15 a big chunk over single items that are older wins over them', async () => {
  const server = filled(300)
  const tab = await new Device(server).tab()
  server.own.put(entry(5, 'single'))
  await tab.engine.syncNow()
  for (let n = 0; n < 250; n += 1) server.own.put(entry(n, 'page'))
  await tab.engine.syncNow()
  await agrees(tab, server)
  expect((await stored(tab.ports.store)).get(`entry/${id(5)}`)).toMatchObject({ note: 'page' })
})

test('E15 a dex of few entries that comes at once lies as one page; what changes in it lies over that', async () => {
  const server = filled(60)
  const tab = await new Device(server).tab()
  await tab.engine.syncNow()
  server.own.put(entry(5, 'single'))
  await tab.engine.syncNow()
  const reader = await tab.ports.store.readFeed(OWN, 0)
  const pages: string[] = []
  for await (const page of reader.pages) pages.push(page)
  expect([pages.length, reader.over.size]).toEqual([1, 1])
  await agrees(tab, server)
})

test('E15 whatever changes in whatever chunks, and wherever answers are cut, the store comes to agree with the server', async () => {
  const step = fc.record({
    put: fc.array(fc.nat(40), { maxLength: 60 }),
    many: fc.boolean(),
    remove: fc.array(fc.nat(40), { maxLength: 10 }),
    cut: fc.option(fc.nat(30_000)),
    reset: fc.boolean(),
    rows: fc.constantFrom(3, 210, 500),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
      const server = filled(0)
      const tab = await new Device(server).tab()
      const view = await tab.engine.openDex(ACCOUNT)
      let version = 0
      for (const { put, many, remove, cut, reset, rows } of steps) {
        version += 1
        server.chunkRows = rows
        for (const n of put) server.own.put(entry(n, `v${version}`))
        if (many) for (let n = 0; n < 230; n += 1) server.own.put(entry(n, `many${version}`))
        for (const n of remove) if (server.own.get(`entry/${id(n)}`)) server.own.remove(`entry/${id(n)}`)
        if (reset) server.modes.set(OWN, 'reset')
        if (cut !== null) {
          tab.transport.fault = ({ path }) => (path === PULL ? { kind: 'cut', after: cut } : undefined)
          await tab.engine.syncNow().catch(() => undefined)
          tab.transport.fault = () => undefined
        }
        await tab.engine.syncNow()
        await agrees(tab, server)
        expect([...view.entries.keys()].sort()).toEqual(
          [...onServer(server).keys()]
            .filter((key) => key.startsWith('entry/'))
            .map((key) => key.slice(6))
            .sort(),
        )
        for (const [key, shown] of view.entries) expect(shown).toEqual({ ...server.own.get(`entry/${key}`), pending: false })
      }
      await tab.engine.stop()
    }),
    { numRuns: 25 },
  )
})

test('P3 a snapshot is usable as it arrives, and goes on where it was cut', async () => {
  const server = filled(2_000)
  const cut = new Device(server).open()
  // Without the stream, whose opening would say that the network is there, and begin the next try.
  cut.transport.fault = ({ path }) => (path === PULL ? { kind: 'cut', after: 200_000 } : { kind: 'lost' })
  await cut.engine.start()
  await cut.rest(0)
  const view = await cut.engine.openDex(ACCOUNT)
  expect(view.complete).toBe(false)
  const there = view.entries.size
  expect(there).toBeGreaterThan(400)
  expect(there).toBeLessThan(2_000)
  expect(cut.engine.status.connection).toBe('offline')
  cut.transport.fault = () => undefined
  await cut.engine.syncNow()
  expect(view.complete).toBe(true)
  expect(view.entries.size).toBe(2_000)
  expect(cut.sent(PULL).at(-1)?.cursors).toHaveProperty([OWN])
  expect(cut.events.filter((event) => event.kind === 'completed')[0]).toEqual({ kind: 'completed', changed: 2_000 - there })
})

test('E16 a reset shows the old until the new is whole, over a cut too', async () => {
  const server = filled(900)
  const tab = await new Device(server).tab()
  const view = await tab.engine.openDex(ACCOUNT)
  for (let n = 0; n < 300; n += 1) server.own.remove(`entry/${id(n)}`)
  server.modes.set(OWN, 'reset')
  tab.transport.fault = ({ path }) => (path === PULL ? { kind: 'cut', after: 100_000 } : undefined)
  await expect(tab.engine.syncNow()).rejects.toThrow('cut')
  expect(view.entries.size).toBe(900)
  expect((await tab.ports.store.load()).feeds.find(({ feed }) => feed === OWN)?.filling).toBeDefined()
  tab.transport.fault = () => undefined
  const kept = view.entries.get(id(500))
  await tab.engine.syncNow()
  expect(view.entries.size).toBe(600)
  expect(view.entries.get(id(500))).toBe(kept)
  expect((await tab.ports.store.load()).feeds.find(({ feed }) => feed === OWN)?.filling).toBeUndefined()
  await agrees(tab, server)
})

test('E16 the end of an answer makes whole what no chunk said was', async () => {
  const server = filled(3)
  const tab = await new Device(server).tab()
  const chunk = { feed: OWN, cursor: 'a.9', seq: 9, items: 1 }
  const hello = { account: ACCOUNT, feeds: [{ feed: OWN, mode: 'reset', total: 1 }] }
  const lines = [{ hello }, { chunk }, [entry(7)], { end: { digest: 'd' } }].map((line) => `${JSON.stringify(line)}\n`).join('')
  tab.transport.fault = ({ path }) =>
    path === PULL ? { kind: 'answer', status: 200, headers: { 'content-type': LINES }, body: lines } : undefined
  await tab.engine.syncNow()
  const view = await tab.engine.openDex(ACCOUNT)
  expect([...view.entries.keys()]).toEqual([id(7)])
  expect(view.complete).toBe(true)
})

test('E18 a dex that is gone goes, from the store and from the screen; the own one never does', async () => {
  const server = filled(3)
  const friend = dexFeed(id(77))
  server.feed(friend).put(entry(1))
  const tab = await new Device(server).tab()
  const view = await tab.engine.openDex(id(77))
  expect(view.entries.size).toBe(1)
  await tab.engine.mutate([noted(1, 'mine')])
  expect(view.entries.get(id(1))?.pending).toBe(false)
  server.modes.set(friend, 'gone').set(OWN, 'gone').set('catalogue', 'gone')
  server.own.put(entry(9))
  await tab.engine.syncNow()
  await tab.rest()
  expect(view.entries.size).toBe(0)
  const feeds = (await tab.ports.store.load()).feeds.map(({ feed }) => feed)
  expect(feeds).toEqual([OWN, 'catalogue'])
})

test('E19 a feed that is put off stays, and is asked for again until it comes', async () => {
  const server = filled(3)
  const device = new Device(server)
  const tab = await device.tab()
  server.own.put(entry(4))
  server.modes.set(OWN, 'later')
  await tab.engine.syncNow()
  expect((await tab.engine.openDex(ACCOUNT)).entries.size).toBe(3)
  server.modes.set(OWN, 'later')
  await tab.rest(600)
  await tab.rest(2_500)
  expect((await tab.engine.openDex(ACCOUNT)).entries.size).toBe(4)
  expect(tab.sent(PULL).at(-1)).toMatchObject({ only: [OWN] })
  await tab.engine.stop()
  expect(device.clock.waiting).toBe(0)
})

test('E33 a bad chunk stops its feed and no other; its cursor stays, and the next sync asks again', async () => {
  const server = filled(3)
  const device = new Device(server)
  const tab = await device.tab()
  server.own.put(entry(4))
  server.feed('catalogue').put({ type: 'animal', id: id(9), ...{ scientificName: 'Alces alces', rev: 1 } })
  const hello = { account: ACCOUNT, feeds: [] }
  const bad = { feed: OWN, cursor: 'a.99', seq: 99, items: 2 }
  const good = { feed: OWN, cursor: 'a.100', seq: 100, items: 0, whole: true }
  const animals = { feed: 'catalogue', cursor: 'a.1', seq: 1, items: 1, whole: true }
  const rows = [
    { hello },
    { chunk: bad },
    [entry(5)],
    { chunk: good },
    [],
    { chunk: animals },
    [{ type: 'animal', id: id(9), scientificName: 'A', rev: 1 }],
    { end: { digest: 'new' } },
  ]
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  let once = true
  tab.transport.fault = ({ path }) => {
    if (path !== PULL || !once) return undefined
    once = false
    return { kind: 'answer', status: 200, headers: { 'content-type': LINES }, body }
  }
  await device.clock.advance(1_000)
  await tab.engine.syncNow()
  const state = await tab.ports.store.load()
  expect(state.feeds.map(({ feed, seq }) => [feed, seq])).toEqual([
    [OWN, 4],
    ['catalogue', 1],
  ])
  expect(state.digest).not.toBe('new')
  const { lastError, lastSuccess } = tab.engine.syncs().find(({ feed }) => feed === OWN) ?? {}
  expect(lastError?.code).toBe('chunk_refused')
  // It stands where it stood: that is no success (C5).
  expect(lastSuccess).toBeLessThan(lastError?.at ?? 0)
  await tab.engine.syncNow()
  await agrees(tab, server)
})

test('E34 an item that is not understood is put aside and told; the rest is there, and it is kept', async () => {
  const server = filled(3)
  server.own.put({ type: 'hologram', id: id(50) })
  const tab = await new Device(server).tab()
  const view = await tab.engine.openDex(ACCOUNT)
  expect(view.entries.size).toBe(3)
  expect(tab.engine.syncs().find(({ feed }) => feed === OWN)?.lastError?.code).toBe('item_not_understood')
  expect(tab.engine.status.connection).toBe('idle')
  await agrees(tab, server)
  server.own.remove(`hologram/${id(50)}`)
  await tab.engine.syncNow()
  await agrees(tab, server)
})

test('E31 an answer for somebody else is none', async () => {
  const server = filled(3)
  const tab = await new Device(server).tab()
  const body = `${JSON.stringify({ hello: { account: id(5), feeds: [] } })}\n`
  tab.transport.fault = ({ path }) =>
    path === PULL ? { kind: 'answer', status: 200, headers: { 'content-type': LINES }, body } : undefined
  await expect(tab.engine.syncNow()).rejects.toThrow('another account')
  expect(tab.engine.status).toMatchObject({ connection: 'offline', lastError: { code: 'network' } })
})

test('E17 after a restore entries that only this device has are made again, and nothing waits for answers that are lost', async () => {
  const server = filled(300)
  const device = new Device(server)
  const tab = await device.tab()
  const lone = { ...entry(900, 'lone'), animal: id(3), identifications: [{ id: id(4), at: 1, by: 'me' }] }
  const original = { sha256: 'ab'.repeat(32), size: 5, type: 'image/jpeg' as const }
  const wall = { sha256: sha256(new Uint8Array([7])), size: 1 }
  const image = { id: id(5), state: 'ready', original, alt: 'a moose', renditions: { wall } }
  server.own.put({ ...lone, ...{ images: [image, { id: id(6), state: 'ready' }] } })
  server.own.put(entry(901, 'single'))
  await tab.engine.syncNow()
  const bytes = new Uint8Array([7])
  await tab.ports.pictures.put({ dex: ACCOUNT, sha256: wall.sha256, size: 1, used: 1, entries: [id(900)] }, bytes)
  // The backup is older than the two, and than what this device is just sending.
  await tab.engine.mutate([created(902)])
  tab.transport.fault = ({ path }) => (path === PULL ? { kind: 'lost' } : undefined)
  await tab.rest()
  for (const n of [900, 901, 902]) server.own.items.delete(`entry/${id(n)}`)
  server.own.epoch = 'b'
  server.own.head = 400
  server.ledger.clear()
  server.last.clear()
  tab.transport.fault = () => undefined
  const view = await tab.engine.openDex(ACCOUNT)
  await tab.engine.syncNow()
  expect(view.entries.get(id(900))).toMatchObject({
    note: 'lone',
    pending: true,
    animal: id(3),
    images: [{ id: id(5), alt: 'a moose' }],
  })
  await tab.rest()
  expect(server.own.get(`entry/${id(900)}`)).toMatchObject({ note: 'lone', images: [{ id: id(5) }] })
  expect(server.own.get(`entry/${id(901)}`)).toMatchObject({ note: 'single' })
  expect(server.own.get(`entry/${id(902)}`)).toBeDefined()
  expect(view.entries.size).toBe(303)
  expect(await tab.ports.blobs.get(`preview/${id(5)}/wall`)).toEqual(new Uint8Array([7]))
  expect((await tab.ports.store.load()).outbox).toEqual([])
})

test('E17 an empty server at the same address is the same case, over a cut too', async () => {
  const server = filled(600)
  const tab = await new Device(server).tab()
  server.own.put(entry(599, 'single'))
  server.own.remove(`entry/${id(598)}`)
  await tab.engine.syncNow()
  server.own.items.clear()
  Object.assign(server.own, { epoch: 'z', head: 0 })
  server.own.put(entry(1_000))
  server.own.put(entry(1_001))
  server.chunkRows = 1
  tab.transport.fault = ({ path }) => (path === PULL ? { kind: 'cut', after: 620 } : undefined)
  await expect(tab.engine.syncNow()).rejects.toThrow('cut')
  const own = (await tab.ports.store.load()).feeds.find(({ feed }) => feed === OWN)
  expect(own?.filling).toMatchObject({ restored: true })
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  await tab.rest()
  expect(server.own.items.size).toBe(601)
  expect(server.own.get(`entry/${id(599)}`)).toMatchObject({ note: 'single' })
  await agrees(tab, server)
  expect(tab.engine.status.here.changes).toBe(0)
})

test('E17 outings, what lies in the trash and clashes that only this device has are kept too, each after what it rests on', async () => {
  const server = filled(1)
  const device = new Device(server)
  const tab = await device.tab()
  const conflict = { entry: id(0), field: 'note', lost: 'three pages', stands: 'x', device: 'phone', at: 1 }
  const named = { entry: id(20), field: `outing/${id(20)}/name`, lost: 'Lough', stands: 'Lake', device: 'phone', at: 1 }
  const items = [
    { type: 'outing', id: id(20), name: 'Lake', note: 'cold', created: 1 },
    { ...entry(21, 'in the outing'), outing: id(20) },
    { ...entry(22, 'in one that was deleted'), outing: id(29) },
    { type: 'trash', id: id(23), entry: { ...entry(23, 'deleted'), outing: id(20) }, deleted: 5 },
    { type: 'trash', id: id(24), entry: entry(24, 'older'), deleted: 5 },
    { type: 'conflict', id: id(25), ...conflict },
    { type: 'conflict', id: id(26), ...named },
  ]
  for (const item of items) server.own.put(item)
  await tab.engine.syncNow()
  for (const { type, id: key } of items) server.own.items.delete(`${type}/${key}`)
  // The backup is of a time when this one was not deleted yet: it stays as the server has it.
  server.own.put(entry(24, 'older'))
  Object.assign(server.own, { epoch: 'z', head: 400 })
  await tab.engine.syncNow()
  await tab.rest()
  const said = server.applied.map(({ type, op, id: key, set = {} }) => [type, op, key, Object.keys(set).join()])
  expect(said).toEqual([
    ['outing', 'create', id(20), 'name,note'],
    ['entry', 'create', id(21), 'outing,note,visibility'],
    ['entry', 'create', id(22), 'note,visibility'],
    ['entry', 'create', id(23), 'outing,note,visibility'],
    ['entry', 'delete', id(23), ''],
    ['entry', 'update', id(0), 'note'],
    ['outing', 'update', id(20), 'name'],
  ])
  // Never what the server has: so that what stands goes on standing, and the text is kept beside it.
  expect(server.applied.at(-1)?.set).toEqual({ name: { was: `clash ${id(26)}`, to: 'Lough' } })
})

test('E17 of a restored dex that is another’s nothing is made anew here', async () => {
  const server = filled(1)
  const friend = server.feed(dexFeed(id(77)))
  friend.put(entry(50))
  const tab = await new Device(server).tab()
  friend.items.clear()
  Object.assign(friend, { epoch: 'z', head: 0 })
  friend.put(entry(51))
  await tab.engine.syncNow()
  await tab.rest()
  expect([...(await tab.engine.openDex(id(77))).entries.keys()]).toEqual([id(51)])
  expect(server.applied).toEqual([])
})
