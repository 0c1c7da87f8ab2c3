import { ACCOUNT, Device, entry, filled, id, settle } from '@biologidex/test-kit/engine-rig'
import { sha256 } from '@biologidex/test-kit/fake-transport'
import { expect, test } from 'vitest'

const BYTES = new Uint8Array([1, 2, 3, 4])
const AT = { dex: ACCOUNT, entry: id(1), image: id(2), rendition: 'wall' as const }
const PATH = `/api/v2/dex/${ACCOUNT}/entries/${id(1)}/images/${id(2)}/wall`

test('E14 a screen shows the first stretch of a new dex before the rest is read, and is waited for that once', async () => {
  const server = filled(1_200)
  const held = Promise.withResolvers<void>()
  let asked = 0
  const shown = () => {
    asked += 1
    return held.promise
  }
  const tab = await new Device(server).tab((ports) => ({ ...ports, shown }))
  const view = await tab.engine.openDex(ACCOUNT)
  // The profile is one of them.
  expect(view.entries.size).toBe(server.chunkRows - 1)
  held.resolve()
  await tab.engine.syncNow()
  expect(view.entries.size).toBe(1_200)
  server.own.put(entry(1, 'changed'))
  await tab.engine.syncNow()
  expect(view.entries.get(id(1))?.note).toBe('changed')
  expect(asked).toBe(1)
})

test('E14 the first stretch is shown while its place in the store is still being made', async () => {
  const server = filled(1_200)
  const [opened, made] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const tab = await new Device(server).tab((ports) => {
    const { store, transport } = ports
    const held: typeof transport = {
      request: (asked) => opened.promise.then(() => transport.request(asked)),
      onReconnect: (listener) => transport.onReconnect(listener),
    }
    const writeFeeds: typeof store.writeFeeds = (writes) => made.promise.then(() => store.writeFeeds(writes))
    return { ...ports, transport: held, store: { ...store, writeFeeds } }
  })
  const view = await tab.engine.openDex(ACCOUNT)
  opened.resolve()
  await settle()
  expect(view.entries.size).toBe(server.chunkRows - 1)
  made.resolve()
  await tab.engine.syncNow()
  expect(view.entries.size).toBe(1_200)
})

/** A device whose first pull stops behind its first stretch until it is let go on. */
async function arriving() {
  const server = filled(1_200)
  server.pictures.set(PATH, BYTES)
  const held = Promise.withResolvers<void>()
  const device = new Device(server)
  const tab = await device.tab((ports) => ({ ...ports, shown: () => held.promise }))
  const asked = () => tab.transport.log.filter((line) => line === `GET ${PATH}`).length
  const picture = tab.engine.picture({ ...AT, sha256: sha256(BYTES) })
  await settle()
  return { device, tab, goOn: held.resolve, asked, picture }
}

test('E30 pictures wait for text that arrives for the first time', async () => {
  const { goOn, asked, picture } = await arriving()
  expect(asked()).toBe(0)
  goOn()
  expect(await picture).toEqual(BYTES)
})

test('E30 pictures wait for no more than two seconds, once', async () => {
  const { device, tab, asked, picture } = await arriving()
  await device.clock.advance(1_900)
  expect(asked()).toBe(0)
  await device.clock.advance(200)
  expect(await picture).toEqual(BYTES)
  await tab.engine.emptyCache()
  expect(await tab.engine.picture({ ...AT, sha256: sha256(BYTES) })).toEqual(BYTES)
  expect(asked()).toBe(2)
})
