import { dexFeed } from '@biologidex/core/sync/wire'
import { ACCOUNT, Device, entry, FakeServer, settle } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'
import type { TransportRequest } from './ports.ts'

const PULL = '/api/v2/sync/pull'
const OWN = dexFeed(ACCOUNT)
const isStream = ({ path }: TransportRequest) => path.startsWith('/api/v2/sync/events')

async function start() {
  const server = new FakeServer(ACCOUNT)
  const device = new Device(server)
  const tab = await device.tab()
  const streams = () => tab.transport.requests.filter(isStream).length
  return { server, device, tab, streams }
}

test('E24 what moves elsewhere is here without asking, and only that feed is pulled', async () => {
  const { server, tab } = await start()
  const view = await tab.engine.openDex(ACCOUNT)
  server.own.put(entry(1))
  server.nudge(OWN)
  await settle()
  expect(view.entries.size).toBe(1)
  expect(tab.sent(PULL).at(-1)).toEqual({ account: ACCOUNT, cursors: expect.anything(), only: [OWN] })
})

test('E24 nudges that come during a sync become one', async () => {
  const { server, tab } = await start()
  const before = tab.sent(PULL).length
  for (let n = 0; n < 30; n += 1) {
    server.own.put(entry(n))
    server.nudge(OWN, 'catalogue')
  }
  await settle()
  expect(tab.sent(PULL).length - before).toBeLessThan(8)
  expect((await tab.engine.openDex(ACCOUNT)).entries.size).toBe(30)
})

test('E24 everything is pulled when the stream opens again: what moved meanwhile was not told', async () => {
  const { server, device, tab, streams } = await start()
  let cut = true
  tab.transport.fault = (request) => (isStream(request) && cut ? { kind: 'lost' } : undefined)
  await tab.engine.stop()
  const next = device.open()
  next.transport.fault = (request) => (isStream(request) && cut ? { kind: 'lost' } : undefined)
  await next.engine.start()
  await settle()
  server.own.put(entry(1))
  cut = false
  await device.clock.advance(10_000)
  expect((await next.engine.openDex(ACCOUNT).catch(() => undefined))?.entries.size).toBe(1)
  expect(streams()).toBe(1)
})

test('E24 everything is pulled now and then although nobody said anything', async () => {
  const { server, device, tab } = await start()
  server.own.put(entry(1))
  await device.clock.advance(299_000)
  const before = tab.sent(PULL).length
  await device.clock.advance(2_000)
  expect(tab.sent(PULL).length).toBe(before + 1)
  await device.clock.advance(300_000)
  expect(tab.sent(PULL).length).toBe(before + 2)
  expect((await tab.engine.openDex(ACCOUNT)).entries.size).toBe(1)
})

test('E24 an open stream says that the network is there', async () => {
  const { device, tab } = await start()
  tab.transport.fault = () => ({ kind: 'lost' })
  await expect(tab.engine.syncNow()).rejects.toThrow('lost')
  expect(tab.engine.status.connection).toBe('offline')
  await tab.engine.stop()
  const next = device.open()
  let lost = 3
  next.transport.fault = (request) => (lost-- > 0 && !isStream(request) ? { kind: 'lost' } : undefined)
  next.transport.pieceSize = 5
  await next.engine.start()
  await settle()
  lost = 0
  await device.clock.advance(2_000)
  expect(next.engine.status.connection).toBe('idle')
})

test.each(['no json', '{"feeds":"all"}', '{"feeds":[1]}', '{}', 'null', '{"feeds":[]}'])(
  'E24 an event that says %s says nothing',
  async (data) => {
    const { server, tab } = await start()
    const before = tab.sent(PULL).length
    tab.transport.fault = () => undefined
    server.nudgeRaw(`event: moved\ndata: ${data}\n\nevent: else\ndata: {"feeds":["${OWN}"]}\n\n`)
    await settle()
    expect(tab.sent(PULL).length).toBe(before)
  },
)

test('E24 a stream that is none, or refused, is asked for again, less and less often', async () => {
  const { device, tab } = await start()
  await tab.engine.stop()
  const next = device.open()
  let asked = 0
  next.transport.fault = (request) => {
    if (!isStream(request)) return undefined
    asked += 1
    return asked % 2 ? { kind: 'page', status: 200 } : { kind: 'refused', code: 'rate_limited', retryAfter: '9' }
  }
  await next.engine.start()
  await device.clock.advance(3_600_000)
  expect(asked).toBeGreaterThan(10)
  expect(asked).toBeLessThan(60)
})

test('E21 a server that asked for patience with its stream gets it, also when the network returns', async () => {
  const { device, tab } = await start()
  await tab.engine.stop()
  const next = device.open()
  let patience = true
  next.transport.fault = (request) =>
    isStream(request) && patience ? { kind: 'refused', code: 'rate_limited', retryAfter: '60' } : undefined
  await next.engine.start()
  await settle()
  patience = false
  const streams = () => next.transport.requests.filter(isStream).length
  for (let n = 0; n < 5; n += 1) {
    await device.clock.advance(10_000)
    next.transport.reconnect()
    await settle()
  }
  expect(streams()).toBe(1)
  await device.clock.advance(11_000)
  expect(streams()).toBe(2)
})

test('E12 a stream that is refused because the session ended leads to a sync, which finds it out', async () => {
  const { device, tab } = await start()
  await tab.engine.stop()
  const next = device.open()
  let out = false
  next.transport.fault = (request) => {
    out ||= isStream(request)
    return out ? { kind: 'refused', code: 'not_signed_in' } : undefined
  }
  await next.engine.start()
  await settle()
  expect(next.engine.status.connection).toBe('signed_out')
  expect(next.transport.requests.filter(isStream)).toHaveLength(1)
  await next.engine.stop()
  expect(device.clock.waiting).toBe(0)
})

test.each([
  ['at once', undefined, 1],
  ['not before the server’s time, when it asked to wait', '600', 0],
])('E24 after a server that was gone, a sync that goes through has the stream opened %s', async (_when, retryAfter, opened) => {
  const device = new Device(new FakeServer(ACCOUNT))
  const tab = device.open()
  const patience = { kind: 'refused', code: 'unavailable', ...(retryAfter ? { retryAfter } : {}) } as const
  tab.transport.fault = (request) => (isStream(request) && retryAfter ? patience : { kind: 'lost' })
  await tab.engine.start()
  await tab.rest(100_000)
  const streams = () => tab.transport.requests.filter(isStream).length
  const before = streams()
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  await settle()
  expect(streams() - before).toBe(opened)
})
