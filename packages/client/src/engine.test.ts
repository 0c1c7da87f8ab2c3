import { ACCOUNT, created, Device, entry, filled, id, noted, photo, settle } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'
import type { SyncStatus } from './face.ts'
import { NetworkFailure } from './ports.ts'

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
  const device = new Device(filled(2, 100))
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
    const server = filled(600, 100)
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

test('C5 who waits for a sync is told before its records are written, and they are written all the same', async () => {
  const device = new Device(filled(2, 100))
  const { engine } = device.open()
  const told = Promise.withResolvers<void>()
  engine.onEvent(({ kind }) => kind === 'completed' && told.resolve())
  await engine.start()
  await told.promise
  expect([device.disk.records.digest, device.disk.records.syncs.size]).toEqual([undefined, 0])
  await engine.stop()
  expect(device.disk.records.digest).toEqual(expect.any(String))
  expect(device.disk.records.syncs.size).toBeGreaterThan(0)
})

test('C2 killed at any write, nothing acknowledged is lost and nothing is done twice', async () => {
  for (let at = 1; at < 40; at += 1) {
    const server = filled(2, 100)
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
  const server = filled(1, 100)
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

test('an animal that nobody’s list names is called what the dex’s own entries call it, for as long as they do', async () => {
  const server = filled(1, 0)
  const animal = (rev: number, names?: object) => ({
    type: 'animal',
    id: id(9),
    scientificName: 'Unheard ofus',
    rev,
    ...(names && { names }),
  })
  server.feed('catalogue').put(animal(2))
  const tab = await new Device(server).tab()
  const view = await tab.engine.openDex(ACCOUNT)
  expect(view.animal(id(9))?.names).toBeUndefined()
  const shy = (name: string) => ({ ...entry(1), animal: id(9), called: { en: [name] } })
  const gone = { type: 'trash', id: id(1), entry: shy('Gone one'), deleted: 1 }
  server.own.put(shy('Shy one'))
  await tab.engine.syncNow()
  expect(view.animal(id(9))?.names).toEqual({ en: ['Shy one'] })
  server.own.remove(`entry/${id(1)}`)
  server.own.put(gone)
  await tab.engine.syncNow()
  expect(view.animal(id(9))?.names).toEqual({ en: ['Gone one'] })
  server.feed('catalogue').put(animal(3, { en: ['Quarry bird'] }))
  await tab.engine.syncNow()
  expect(view.animal(id(9))?.names).toEqual({ en: ['Quarry bird'] })
  view.close()
})

test('views tell once for all changes of a turn, and no more once they are closed', async () => {
  const server = filled(3, 100)
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
  const device = new Device(filled(3, 100))
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
