import { ACCOUNT, created, Device, entry, FakeServer, id, noted, photo, settle } from '@biologidex/test-kit/engine-rig'
import { sha256 } from '@biologidex/test-kit/fake-transport'
import { expect, test } from 'vitest'
import type { SyncStatus } from './face.ts'
import { NetworkFailure } from './ports.ts'
import { LOOK_AFTER, SWEEP_AFTER } from './sweep.ts'

function filled(count = 0): FakeServer {
  const server = new FakeServer(ACCOUNT)
  for (let n = 0; n < count; n += 1) server.own.put(entry(100 + n))
  return server
}

test('E1 what is kept is on screen at once, durable, and goes up by itself', async () => {
  const server = filled()
  const device = new Device(server)
  const tab = await device.tab()
  const view = await tab.engine.openDex(ACCOUNT)
  await tab.engine.mutate([])
  await tab.engine.mutate([created(1)])
  expect(view.entries.get(id(1))).toMatchObject({ note: 'note 1', pending: true })
  expect(device.disk.records.outbox.size).toBe(1)
  expect(tab.events.at(-1)).toEqual({ kind: 'record_added', entry: id(1) })
  await tab.rest()
  expect(view.entries.get(id(1))).toMatchObject({ note: 'note 1', pending: false })
  expect(view.profile).toMatchObject({ username: 'ada' })
})

test('E1 without any network everything can be read and written, over a restart too', async () => {
  const device = new Device(filled(2))
  const first = await device.tab()
  await first.engine.stop()
  const second = device.open()
  second.transport.fault = () => ({ kind: 'lost' })
  await second.engine.start()
  await second.engine.start()
  await second.engine.mutate([created(1), noted(100, 'typed', 'note 100')])
  await second.engine.stop()
  await second.engine.stop()
  await expect(second.engine.mutate([created(2)])).rejects.toThrow(NetworkFailure)
  await expect(second.engine.syncNow()).rejects.toThrow(NetworkFailure)
  const third = device.open()
  third.transport.fault = () => ({ kind: 'lost' })
  await third.engine.start()
  const view = await third.engine.openDex(ACCOUNT)
  expect(view.entries.size).toBe(3)
  expect(view.entries.get(id(100))).toMatchObject({ note: 'typed', pending: true })
})

test('E23 stop leaves no timer, listener, request or stream, whatever is under way', async () => {
  for (const turns of [0, 1, 2, 3, 5, 8, 13, 30]) {
    const server = filled(600)
    const device = new Device(server)
    const tab = device.open()
    tab.transport.fault = ({ path }) => (turns % 2 && path.includes('uploads') ? { kind: 'lost' } : undefined)
    await tab.engine.start()
    const { drafts, photo: shot } = photo(1, new Uint8Array(3_000_000))
    await tab.engine.mutate(drafts, [shot])
    const sync = tab.engine.syncNow().catch((error) => error)
    await settle(turns)
    await tab.engine.stop()
    await sync
    await settle()
    expect([device.clock.waiting, tab.transport.open, tab.transport.listeners, server.streams]).toEqual([0, 0, 0, 0])
    expect(tab.engine.status.connection).toBe('stopped')
    const asked = tab.transport.log.length
    tab.transport.reconnect()
    await device.clock.advance(600_000)
    expect(tab.transport.log).toHaveLength(asked)
    const again = await device.tab()
    await device.clock.advance(60_000)
    expect(again.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0, pictures: 0 } })
    expect([...server.uploads.values()].filter((upload) => upload.bytes.length === 3_000_000)).toHaveLength(1)
  }
})

test('E22 two tabs: one syncs, both see every change at once, and nothing vanishes between', async () => {
  const server = filled(5)
  const device = new Device(server)
  const [left, right] = [await device.tab(), await device.tab()]
  const [here, there] = [await left.engine.openDex(ACCOUNT), await right.engine.openDex(ACCOUNT)]
  const seen = new Set<string | undefined>()
  there.subscribe(() => seen.add(there.entries.get(id(1))?.note))
  await left.engine.mutate([created(1, 'a')])
  await settle()
  expect(there.entries.get(id(1))).toMatchObject({ note: 'a', pending: true })
  await left.rest()
  expect(there.entries.get(id(1))).toMatchObject({ note: 'a', pending: false })
  await right.engine.mutate([noted(1, 'b', 'a')])
  await settle()
  expect(here.entries.get(id(1))?.note).toBe('b')
  await left.rest()
  expect(server.own.get(`entry/${id(1)}`)).toMatchObject({ note: 'b' })
  expect(there.entries.get(id(1))).toMatchObject({ note: 'b', pending: false })
  expect(seen).toEqual(new Set(['a', 'b']))
  expect(right.transport.log).toEqual([])
  expect(right.engine.status).toEqual(left.engine.status)
})

test('E22 a tab that does not lead asks the one that does, and hears how it went', async () => {
  const server = filled(1)
  const device = new Device(server)
  const [left, right] = [await device.tab(), await device.tab()]
  server.own.put(entry(200))
  expect(await right.engine.syncNow()).toBe(1)
  expect(right.events).toContainEqual({ kind: 'completed', changed: 1 })
  left.transport.fault = () => ({ kind: 'lost' })
  await expect(right.engine.syncNow()).rejects.toThrow(NetworkFailure)
  expect(right.engine.status.connection).toBe('offline')
  left.transport.fault = () => ({ kind: 'refused', code: 'not_signed_in' })
  await expect(right.engine.syncNow()).rejects.toMatchObject({ name: 'AppError', code: 'not_signed_in' })
  expect(right.events).toContainEqual({ kind: 'signed_out' })
})

test('E22 when the leader goes, another leads and does what was asked', async () => {
  const server = filled(1)
  const device = new Device(server)
  const left = await device.tab()
  const right = await device.tab()
  left.transport.fault = () => ({ kind: 'lost' })
  await left.engine.mutate([created(1)])
  await left.rest()
  const asked = left.engine.stop().then(() => right.engine.syncNow())
  await settle()
  await device.clock.advance(1_000)
  await asked
  expect(server.own.get(`entry/${id(1)}`)).toBeDefined()
  expect(right.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0 } })
  await right.engine.stop()
  expect(device.clock.waiting).toBe(0)
})

test('E22 a request that the leader did not live to answer is done by the next one', async () => {
  const server = filled(1)
  const device = new Device(server)
  const [left, right] = [await device.tab(), await device.tab()]
  let hang = true
  left.transport.fault = () => (hang ? { kind: 'lost' } : undefined)
  const asked = right.engine.syncNow()
  hang = true
  const ended = left.engine.stop()
  await ended
  await device.clock.advance(1_000)
  await asked.catch((error) => expect(error).toBeInstanceOf(NetworkFailure))
  const unanswered = right.engine.syncNow()
  await right.engine.stop()
  await expect(unanswered).rejects.toThrow(NetworkFailure)
})

test('E22 a tab that starts makes a leader try again that was signed out', async () => {
  const server = filled(1)
  const device = new Device(server)
  const left = await device.tab()
  left.transport.fault = () => ({ kind: 'refused', code: 'not_signed_in' })
  await left.engine.syncNow().catch(() => undefined)
  expect(left.engine.status.connection).toBe('signed_out')
  left.transport.fault = () => undefined
  await device.tab()
  expect(left.engine.status.connection).toBe('idle')
})

test('E22 messages of another version are passed over', async () => {
  const device = new Device(filled(1))
  const [, right] = [await device.tab(), await device.tab()]
  const { channel } = device.ports(right.transport)
  const before = right.engine.status
  for (const status of [null, 5, {}, { status: 'fine' }, { status: {} }]) channel.post({ kind: 'status', status })
  channel.post({ kind: 'status', status: { status: before, answer: { id: 'nobody', changed: 5 } } })
  await settle()
  expect(right.engine.status).toEqual(before)
})

test('E22 a follower whose view is open while the leader resets and packs shows the same', async () => {
  const server = filled(700)
  const device = new Device(server)
  const [left, right] = [await device.tab(), await device.tab()]
  const view = await right.engine.openDex(ACCOUNT)
  const kept = view.entries.get(id(100))
  for (let round = 0; round < 4; round += 1) {
    for (let n = 0; n < 190; n += 1) server.own.put(entry(200 + n, `round ${round}`))
    await left.engine.syncNow()
    await settle()
  }
  server.own.put(entry(1))
  server.modes.set(`dex/${ACCOUNT}`, 'reset')
  await left.engine.syncNow()
  await settle()
  expect(view.entries.get(id(250))?.note).toBe('round 3')
  expect(view.entries.get(id(100))).toBe(kept)
  const state = (await right.ports.store.load()).feeds.find(({ feed }) => feed.startsWith('dex'))
  expect(state?.generation).toBeGreaterThan(1)
})

test('E23 wipe leaves nothing of the account, and ends its other tabs', async () => {
  const device = new Device(filled(3))
  const [left, right] = [await device.tab(), await device.tab()]
  await left.engine.mutate([created(1)])
  await left.ports.blobs.put('ab'.repeat(32), new Uint8Array(1))
  await right.engine.wipe()
  await settle()
  expect(left.engine.status.connection).toBe('stopped')
  const { outbox, feeds, blobs, uploads, device: known } = device.disk.records
  expect([outbox.size, feeds.size, blobs.size, uploads.size, known]).toEqual([0, 0, 0, 0, undefined])
  expect(device.clock.waiting).toBe(0)
})

test('E2 bytes that nothing refers to are swept after a while; what waits and what is shown is not', async () => {
  const server = filled(3)
  const device = new Device(server)
  const first = device.open()
  first.transport.fault = ({ path }) => (path.includes('uploads') ? { kind: 'lost' } : undefined)
  await first.engine.start()
  const { drafts, photo: shot } = photo(1, new Uint8Array(5))
  await first.engine.mutate(drafts, [shot])
  await first.engine.syncNow()
  server.own.put({ ...entry(300), ...{ images: [{ id: id(301), state: 'ready' }] } })
  await first.engine.syncNow()
  for (const key of [`sealed/${id(9)}`, `preview/${id(9)}/wall`, `preview/${id(301)}/wall`])
    await first.ports.blobs.put(key, new Uint8Array(1))
  await first.engine.stop()
  const second = device.open()
  second.transport.fault = ({ path }) => (path.includes('uploads') ? { kind: 'lost' } : undefined)
  await second.engine.start()
  await settle()
  await device.clock.advance(LOOK_AFTER)
  // Another tab is between its bytes and its record all this time.
  await second.ports.blobs.put(`sealed/${id(10)}`, new Uint8Array(1))
  await device.clock.advance(SWEEP_AFTER - 1)
  expect(await second.ports.blobs.keys()).toContain(`sealed/${id(9)}`)
  await device.clock.advance(2)
  expect((await second.ports.blobs.keys()).sort()).toEqual(
    [
      `sealed/${shot.image}`,
      `preview/${shot.image}/wall`,
      `preview/${shot.image}/screen`,
      `preview/${id(301)}/wall`,
      `sealed/${id(10)}`,
    ].sort(),
  )
})

test('E2 a record that fails leaves bytes only; a program that slept in between keeps them again', async () => {
  const device = new Device(filled())
  const tab = device.open((ports) => {
    const { store } = ports
    const updateAccount: typeof store.updateAccount = async (plan) => {
      await device.clock.advance(SWEEP_AFTER)
      await ports.blobs.delete(await ports.blobs.keys())
      await store.updateAccount(plan)
    }
    return { ...ports, store: Object.assign(Object.create(store), store, { updateAccount }) }
  })
  await tab.engine.start()
  const { drafts, photo: shot } = photo(1, new Uint8Array(5))
  tab.transport.fault = () => ({ kind: 'lost' })
  await tab.engine.mutate(drafts, [shot])
  expect((await tab.ports.blobs.keys()).sort()).toEqual([
    `preview/${shot.image}/screen`,
    `preview/${shot.image}/wall`,
    `sealed/${shot.image}`,
  ])
  await tab.engine.stop()
})

test('E35 a full device refuses what it cannot keep, visibly; cached pictures go first, waiting ones never', async () => {
  const server = filled(3)
  const device = new Device(server)
  const tab = await device.tab()
  const cached = sha256('cached')
  await tab.ports.blobs.put(cached, new Uint8Array(1))
  await tab.ports.blobs.put('sealed/x', new Uint8Array(1))
  device.disk.full = true
  const { drafts, photo: shot } = photo(1, new Uint8Array(5))
  await expect(tab.engine.mutate(drafts, [shot])).rejects.toMatchObject({ name: 'StorageFull' })
  expect(await tab.ports.blobs.keys()).toEqual(['sealed/x'])
  expect(device.disk.records.outbox.size).toBe(0)
  server.own.put(entry(500))
  await expect(tab.engine.syncNow()).rejects.toMatchObject({ name: 'StorageFull' })
  expect(tab.engine.status).toMatchObject({ connection: 'refused', lastError: { code: 'storage_full' } })
  const asked = tab.transport.log.length
  await device.clock.advance(3_600_000)
  expect(tab.transport.log).toHaveLength(asked)
  device.disk.full = false
  expect(await tab.engine.syncNow()).toBe(1)
})

test('E35 room made by dropping cached pictures is used', async () => {
  const device = new Device(filled())
  const tab = await device.tab()
  const { blobs } = tab.ports
  await blobs.put(sha256('cached'), new Uint8Array(1))
  const drop = blobs.delete.bind(blobs)
  device.disk.full = true
  blobs.delete = async (keys) => {
    await drop(keys)
    device.disk.full = false
  }
  const { drafts, photo: shot } = photo(1, new Uint8Array(5))
  await tab.engine.mutate(drafts, [shot])
  expect(await blobs.keys()).not.toContain(sha256('cached'))
  expect(device.disk.records.outbox.size).toBe(2)
})

test('C2 killed at any write, nothing acknowledged is lost and nothing is done twice', async () => {
  for (let at = 1; at < 40; at += 1) {
    const server = filled(2)
    const device = new Device(server)
    device.disk.failAt(at, at % 2 ? 'before' : 'after')
    const acknowledged = new Set<number>()
    const work = async () => {
      const tab = await device.tab()
      for (let n = 1; n <= 4; n += 1) {
        const { drafts, photo: shot } = photo(n, new Uint8Array(n))
        await tab.engine.mutate(drafts, [shot])
        acknowledged.add(n)
        await tab.rest()
      }
      await tab.engine.stop()
    }
    await work().catch(() => undefined)
    await device.clock.advance(0)
    device.disk.failAt(1_000_000)
    const next = await new Device(server).tab()
    await next.engine.stop()
    const survivor = new Device(server)
    survivor.disk.records = device.disk.records
    const tab = await survivor.tab()
    await survivor.clock.advance(30_000)
    for (const n of acknowledged)
      expect(server.own.get(`entry/${id(n)}`), `crash ${at}, entry ${n}`).toMatchObject({ note: `note ${n}` })
    const made = server.applied.filter(({ op, type }) => op === 'create' && type === 'entry').map((change) => change.id)
    expect(new Set(made).size).toBe(made.length)
    for (const n of acknowledged) {
      expect(
        [...server.uploads.values()].filter((upload) => upload.size === n && upload.bytes.length === n),
        `crash ${at}`,
      ).not.toHaveLength(0)
    }
    expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0, pictures: 0 } })
    await tab.engine.stop()
  }
})

test('E2 a look that fails, or finds nothing, deletes nothing', async () => {
  const device = new Device(filled())
  const tab = await device.tab()
  await tab.ports.blobs.put(`sealed/${id(9)}`, new Uint8Array(1))
  const { keys } = tab.ports.blobs
  tab.ports.blobs.keys = async () => {
    throw new Error('disk')
  }
  await device.clock.advance(LOOK_AFTER + SWEEP_AFTER + 1)
  tab.ports.blobs.keys = keys
  expect(await tab.ports.blobs.keys()).toHaveLength(1)
  expect(tab.engine.status.lastError?.code).toBe('internal')
  await tab.engine.stop()
  expect(device.clock.waiting).toBe(0)
})

test('E37 a listener that throws harms nobody', async () => {
  const tab = await new Device(filled()).tab()
  const thrown: unknown[] = []
  const surfaced = (error: unknown) => thrown.push(error)
  process.prependListener('uncaughtException', surfaced)
  const others = process.listeners('uncaughtException').filter((listener) => listener !== surfaced)
  for (const other of others) process.removeListener('uncaughtException', other)
  const off = tab.engine.onEvent(() => {
    throw new Error('screen')
  })
  const seen: string[] = []
  tab.engine.onEvent(({ kind }) => seen.push(kind))
  await tab.engine.mutate([created(1)])
  await settle()
  off()
  process.removeListener('uncaughtException', surfaced)
  for (const other of others) process.addListener('uncaughtException', other)
  expect(seen).toEqual(['record_added'])
  expect(thrown).toEqual([new Error('screen')])
})

test('E25 status is told when it is another one, and only then; listeners can go', async () => {
  const device = new Device(filled())
  const tab = await device.tab()
  const seen: SyncStatus[] = []
  const off = tab.engine.onStatus((status) => seen.push(status))
  const events: string[] = []
  const offEvents = tab.engine.onEvent(({ kind }) => events.push(kind))
  await tab.engine.mutate([created(1)])
  expect(seen.at(-1)?.here.changes).toBe(1)
  await tab.rest()
  expect(new Set(seen.map((status) => JSON.stringify(status))).size).toBeGreaterThan(2)
  for (const [index, status] of seen.entries()) expect(status).not.toEqual(seen[index - 1])
  off()
  offEvents()
  const before = [seen.length, events.length]
  await tab.engine.mutate([created(2)])
  expect([seen.length, events.length]).toEqual(before)
})

test('E9 conflicts count as long as the dex is open, until they are settled', async () => {
  const server = filled(1)
  server.own.put({
    type: 'conflict',
    id: id(70),
    ...{ entry: id(100), field: 'note', lost: 'mine', stands: 'theirs', device: 'phone', at: 1 },
  })
  const tab = await new Device(server).tab()
  expect(tab.engine.status.needsYou).toBe(0)
  const view = await tab.engine.openDex(ACCOUNT)
  await tab.engine.syncNow()
  expect([view.conflicts.size, tab.engine.status.needsYou]).toEqual([1, 1])
  await tab.engine.mutate([{ type: 'conflict', id: id(70), op: 'delete' }])
  expect([view.conflicts.size, tab.engine.status.needsYou]).toEqual([0, 0])
  await tab.rest()
  expect(view.conflicts.size).toBe(0)
  view.close()
  view.close()
  expect(tab.engine.status.needsYou).toBe(0)
})

test('views tell once for all changes of a turn, and no more once they are closed', async () => {
  const server = filled(3)
  server.feed('catalogue').put({ type: 'animal', id: id(9), ...{ scientificName: 'Alces alces', rev: 1, number: 4 } })
  const device = new Device(server)
  const tab = await device.tab()
  const [one, two] = [await tab.engine.openDex(ACCOUNT), await tab.engine.openDex(ACCOUNT)]
  const catalogue = await tab.engine.openCatalogue()
  let rings = 0
  const off = one.subscribe(() => rings++)
  let others = 0
  catalogue.subscribe(() => others++)
  expect(catalogue.animals.get(id(9))?.number).toBe(4)
  expect(catalogue.animals).toBe(catalogue.animals)
  two.close()
  server.feed('catalogue').put({ type: 'animal', id: id(8), ...{ scientificName: 'Meles meles', rev: 1 } })
  server.own.remove(`profile/${ACCOUNT}`)
  await tab.engine.syncNow()
  expect(rings).toBeGreaterThan(0)
  expect(one.animal(id(8))?.scientificName).toBe('Meles meles')
  expect(one.profile).toBeUndefined()
  server.feed('catalogue').remove(`animal/${id(8)}`)
  await tab.engine.syncNow()
  expect(catalogue.animals.size).toBe(1)
  expect(others).toBeGreaterThan(0)
  catalogue.close()
  off()
  const before = [rings, others]
  server.own.put(entry(1))
  await tab.engine.syncNow()
  expect([rings, others]).toEqual(before)
  expect(one.entries.size).toBe(4)
})

test('a view that cannot be read says so, and can be opened later', async () => {
  const device = new Device(filled(3))
  const tab = await device.tab()
  const { readFeed } = tab.ports.store
  tab.ports.store.readFeed = async (feed, generation) => {
    if (feed === 'catalogue') throw new Error('disk')
    return readFeed.call(tab.ports.store, feed, generation)
  }
  await expect(tab.engine.openDex(ACCOUNT)).rejects.toThrow('disk')
  await expect(tab.engine.openCatalogue()).rejects.toThrow('disk')
  tab.ports.store.readFeed = readFeed
  expect((await tab.engine.openDex(ACCOUNT)).entries.size).toBe(3)
})
