import { ACCOUNT, Device, entry, filled, id, photo, settle } from '@biologidex/test-kit/engine-rig'
import { sha256 } from '@biologidex/test-kit/fake-transport'
import { expect, test } from 'vitest'
import { LOOK_AFTER, SWEEP_AFTER } from './sweep.ts'

test('E2 bytes that nothing refers to are swept after a while; what waits and what is shown is not', async () => {
  const server = filled(3, 100)
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
  const server = filled(3, 100)
  const device = new Device(server)
  const tab = await device.tab()
  const cached = sha256('cached')
  await tab.ports.pictures.put({ dex: ACCOUNT, sha256: cached, size: 1, used: 1, entries: [id(1)] }, new Uint8Array(1))
  await tab.ports.blobs.put('sealed/x', new Uint8Array(1))
  device.disk.full = true
  const { drafts, photo: shot } = photo(1, new Uint8Array(5))
  await expect(tab.engine.mutate(drafts, [shot])).rejects.toMatchObject({ name: 'StorageFull' })
  expect(await tab.ports.blobs.keys()).toEqual(['sealed/x'])
  expect(await tab.ports.pictures.rows()).toEqual([])
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
  const { pictures } = tab.ports
  await pictures.put({ dex: ACCOUNT, sha256: sha256('cached'), size: 1, used: 1, entries: [id(1)] }, new Uint8Array(1))
  const drop = pictures.drop.bind(pictures)
  device.disk.full = true
  pictures.drop = async (dex) => {
    await drop(dex)
    device.disk.full = false
  }
  const { drafts, photo: shot } = photo(1, new Uint8Array(5))
  await tab.engine.mutate(drafts, [shot])
  expect(await pictures.rows()).toEqual([])
  expect(device.disk.records.outbox.size).toBe(2)
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
