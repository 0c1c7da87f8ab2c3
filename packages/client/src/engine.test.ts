import { ACCOUNT, created, Device, entry, FakeServer, id, noted } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'

test('E1 what is kept here is on screen at once, goes up by itself, and stays when the server has it', async () => {
  const server = new FakeServer(ACCOUNT)
  const { engine, ...tab } = await new Device(server).tab().then((t) => Object.assign(t, {}))
  const view = await engine.openDex(ACCOUNT)
  await engine.mutate([created(1)])
  expect(view.entries.get(id(1))).toMatchObject({ note: 'note 1', pending: true })
  expect(engine.status.here.changes).toBe(1)
  void tab
})

test('first', async () => {
  const server = new FakeServer(ACCOUNT)
  server.own.put(entry(5))
  const device = new Device(server)
  const tab = await device.tab()
  console.log(tab.transport.log, tab.events, tab.engine.status)
  const view = await tab.engine.openDex(ACCOUNT)
  expect(view.entries.size).toBe(1)
  await tab.engine.mutate([created(1)])
  await tab.rest()
  console.log(tab.transport.log, tab.events, tab.engine.status)
  expect(view.entries.get(id(1))).toMatchObject({ note: 'note 1', pending: false })
  await tab.engine.mutate([noted(1, 'x', 'note 1')])
  console.log(await tab.engine.syncNow())
  expect(view.entries.get(id(1))).toMatchObject({ note: 'x', pending: false })
  await tab.engine.stop()
  expect(device.clock.waiting).toBe(0)
  expect(tab.transport.open).toBe(0)
})
