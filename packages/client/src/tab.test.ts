import { ACCOUNT, created, Device, entry, filled, id, noted, settle } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'
import { NetworkFailure } from './ports.ts'

test('E22 two tabs: one syncs, both see every change at once, and nothing vanishes between', async () => {
  const server = filled(5, 100)
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
  const server = filled(1, 100)
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
  const server = filled(1, 100)
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
  const server = filled(1, 100)
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
  const server = filled(1, 100)
  const device = new Device(server)
  const left = await device.tab()
  left.transport.fault = () => ({ kind: 'refused', code: 'not_signed_in' })
  await left.engine.syncNow().catch(() => undefined)
  expect(left.engine.status.connection).toBe('signed_out')
  left.transport.fault = () => undefined
  await device.tab()
  expect(left.engine.status.connection).toBe('idle')
})

test('E22 what another tab writes while this one is reading is read too', async () => {
  const server = filled(1, 100)
  const device = new Device(server)
  const left = await device.tab()
  let gate: Promise<void> | undefined
  const right = await device.tab((ports) => ({
    ...ports,
    store: {
      ...ports.store,
      async load() {
        const state = await ports.store.load()
        // As slow as a store that opens what is sealed: what it answers was true before.
        await gate
        return state
      },
    },
  }))
  const there = await right.engine.openDex(ACCOUNT)
  const { promise, resolve } = Promise.withResolvers<void>()
  gate = promise
  await left.engine.mutate([created(1, 'a')])
  await left.rest()
  gate = undefined
  resolve()
  await settle()
  expect(there.entries.get(id(1))).toMatchObject({ note: 'a', pending: false })
  expect(right.engine.status.here.changes).toBe(0)
})

test('E22 messages of another version are passed over', async () => {
  const device = new Device(filled(1, 100))
  const [, right] = [await device.tab(), await device.tab()]
  const { channel } = device.ports(right.transport)
  const before = right.engine.status
  for (const status of [null, 5, {}, { status: 'fine' }, { status: {} }]) channel.post({ kind: 'status', status })
  channel.post({ kind: 'status', status: { status: before, answer: { id: 'nobody', changed: 5 } } })
  await settle()
  expect(right.engine.status).toEqual(before)
})

test('E22 a follower whose view is open while the leader resets and packs shows the same', async () => {
  const server = filled(700, 100)
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
  const device = new Device(filled(3, 100))
  const [left, right] = [await device.tab(), await device.tab()]
  await left.engine.mutate([created(1)])
  const row = { dex: ACCOUNT, sha256: 'ab'.repeat(32), size: 1, used: 1, entries: [id(1)] }
  await left.ports.pictures.put(row, new Uint8Array(1))
  await right.engine.wipe()
  await settle()
  expect(left.engine.status.connection).toBe('stopped')
  const { outbox, feeds, blobs, pictures, uploads, device: known } = device.disk.records
  expect([outbox.size, feeds.size, blobs.size, pictures.size, uploads.size, known]).toEqual([0, 0, 0, 0, 0, undefined])
  expect(device.clock.waiting).toBe(0)
})
