import { dexFeed, LINES } from '@biologidex/core/sync/wire'
import { ACCOUNT, Device, entry, filled, id, settle, type Tab } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'

const OWN = dexFeed(ACCOUNT)

/** Syncs once with the network away. */
async function withoutNetwork(tab: Tab): Promise<void> {
  const before = tab.transport.fault
  tab.transport.fault = () => ({ kind: 'lost' })
  try {
    await tab.engine.syncNow()
  } finally {
    tab.transport.fault = before
  }
}

test('E25 a chunk that was refused is told until it has come, whatever fails meanwhile', async () => {
  const server = filled(3)
  const tab = await new Device(server).tab()
  server.own.put(entry(1, 'changed'))
  const chunk = { feed: OWN, cursor: 'a.9', seq: 9, items: 2 }
  const rows = [
    { hello: { account: ACCOUNT, feeds: [{ feed: OWN, mode: 'changes', total: 2 }] } },
    { chunk },
    [],
    { end: { digest: 'new' } },
  ]
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  tab.transport.fault = () => ({ kind: 'answer', status: 200, headers: { 'content-type': LINES }, body })
  await tab.engine.syncNow()
  await expect(withoutNetwork(tab)).rejects.toThrow()
  expect(tab.engine.status).toMatchObject({
    connection: 'offline',
    lastError: { code: 'network' },
    trouble: { code: 'chunk_refused' },
  })
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  expect(tab.engine.status.trouble).toBeUndefined()
  await tab.engine.stop()
})

test('E25 what is not understood is told until it has left, whatever fails meanwhile and however often the app starts', async () => {
  const server = filled(3)
  server.own.put({ type: 'hologram', id: id(50) })
  const device = new Device(server)
  const tab = await device.tab()
  const told = { lastError: { code: 'network' }, trouble: { code: 'item_not_understood', types: ['hologram'] } }
  await expect(withoutNetwork(tab)).rejects.toThrow()
  expect(tab.engine.status).toMatchObject({ connection: 'offline', ...told })
  await tab.engine.syncNow()
  server.own.put(entry(2, 'changed'))
  await tab.engine.syncNow()
  await tab.engine.stop()
  const again = await device.tab()
  await expect(withoutNetwork(again)).rejects.toThrow()
  expect(again.engine.status).toMatchObject({ connection: 'offline', ...told })
  server.own.remove(`hologram/${id(50)}`)
  await again.engine.syncNow()
  expect(again.engine.status.trouble).toBeUndefined()
  await again.engine.stop()
})

test('E25 what is not understood is told no more once the feed began anew without it, or a newer program knows it', async () => {
  const server = filled(3)
  server.own.put({ type: 'hologram', id: id(50) })
  const device = new Device(server)
  const tab = await device.tab()
  expect(tab.engine.status.trouble).toBeDefined()
  server.own.items.delete(`hologram/${id(50)}`)
  server.own.head += 1
  server.modes.set(OWN, 'reset')
  await tab.engine.syncNow()
  expect(tab.engine.status.trouble).toBeUndefined()
  await tab.rest()
  const [own] = (await tab.ports.store.load()).syncs.filter(({ feed }) => feed === OWN)
  await tab.engine.stop()
  const trouble = { at: 1, code: 'item_not_understood' as const, types: ['outing'] }
  const later = device.open()
  await later.ports.store.writeAccount({ syncs: [{ feed: OWN, ...own, trouble }] })
  later.transport.fault = () => ({ kind: 'lost' })
  await later.engine.start()
  await settle()
  expect(later.engine.status.trouble).toBeUndefined()
  await later.engine.stop()
})
