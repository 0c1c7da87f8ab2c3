import { LINES } from '@biologidex/core/sync/wire'
import { ACCOUNT, created, Device, entry, FakeServer, id, noted, photo, settle } from '@biologidex/test-kit/engine-rig'
import type { Fault } from '@biologidex/test-kit/fake-transport'
import { expect, test } from 'vitest'

const PUSH = '/api/v2/sync/push'

async function start(): Promise<{ server: FakeServer; device: Device; tab: Awaited<ReturnType<Device['tab']>> }> {
  const server = new FakeServer(ACCOUNT)
  const device = new Device(server)
  return { server, device, tab: await device.tab() }
}

/** Faults for the next pushes, one each. */
const pushFaults = (...faults: (Fault | undefined)[]) => {
  return ({ path }: { path: string }) => (path === PUSH ? faults.shift() : undefined)
}

test('E4 a hundred offline changes go up in one request and are all there', async () => {
  const { server, tab } = await start()
  for (let n = 0; n < 100; n += 1) await tab.engine.mutate([created(n)])
  expect(tab.engine.status.here.changes).toBe(100)
  await tab.rest()
  expect(tab.sent(PUSH)).toHaveLength(1)
  expect(server.applied).toHaveLength(100)
  expect(tab.engine.status.here.changes).toBe(0)
  expect((await tab.ports.store.load()).outbox).toEqual([])
})

test('E4 more than fit into one push go in several, in order', async () => {
  const { server, tab } = await start()
  await tab.engine.mutate(Array.from({ length: 1_200 }, (_, n) => created(n)))
  await tab.engine.syncNow()
  expect(tab.sent(PUSH).map(({ mutations }) => (mutations as unknown[]).length)).toEqual([500, 500, 200])
  expect(server.applied.map(({ id }) => id)).toEqual(Array.from({ length: 1_200 }, (_, n) => id(n)))
})

test.each<[string, Fault]>([
  ['the answer is lost', { kind: 'unanswered' }],
  ['the request is lost', { kind: 'lost' }],
  ['the answer is cut in its results', { kind: 'cut', after: 20 }],
  ['the answer is cut after its results', { kind: 'cut', after: 500 }],
  ['a proxy answers with a page', { kind: 'page', status: 200 }],
  ['a proxy answers with an error', { kind: 'page', status: 502 }],
])('E5 when %s, nothing is lost and nothing is done twice', async (_, fault) => {
  const { server, device, tab } = await start()
  const view = await tab.engine.openDex(ACCOUNT)
  tab.transport.fault = pushFaults(fault)
  await tab.engine.mutate([created(1), created(2), noted(1, 'x', 'note 1')])
  await tab.rest()
  expect(tab.engine.status.connection).toBe('offline')
  expect(view.entries.get(id(1))?.note).toBe('x')
  await device.clock.advance(10_000)
  expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0 } })
  expect(server.applied.map(({ n }) => n)).toEqual([1, 2, 3])
  expect(view.entries.get(id(1))).toMatchObject({ note: 'x', pending: false })
  const [first, second] = tab.sent(PUSH)
  if (second) expect(second.mutations).toEqual(first?.mutations)
  await tab.engine.mutate([noted(2, 'y')])
  await tab.rest()
  expect(tab.sent(PUSH).at(-1)).toMatchObject({ ack: 3 })
})

test('E5 results without all that was sent, or none at all, are no answer', async () => {
  const { tab } = await start()
  const answer = (body: string): Fault => ({ kind: 'answer', status: 200, headers: { 'content-type': LINES }, body })
  const end = '{"end":{"digest":""}}\n'
  tab.transport.fault = pushFaults(answer(`{"results":[{"n":1,"status":"done","seq":1}]}\n${end}`), answer(end))
  await tab.engine.mutate([created(1), created(2)])
  await expect(tab.engine.syncNow()).rejects.toThrow('without all its results')
  await expect(tab.engine.syncNow()).rejects.toThrow('without all its results')
  await tab.engine.syncNow()
  expect(tab.engine.status.here.changes).toBe(0)
})

test('E7 what is acknowledged stays on screen until the base has it, even when only the results came', async () => {
  const { server, tab } = await start()
  const view = await tab.engine.openDex(ACCOUNT)
  const seen: (string | undefined)[] = []
  view.subscribe(() => seen.push(view.entries.get(id(1))?.note))
  // The push's answer breaks off after its results, and for a while nothing can be pulled.
  let pulls = 0
  tab.transport.fault = ({ path }) => {
    if (path === PUSH) return { kind: 'cut', after: 60 }
    return path.endsWith('pull') && pulls++ < 2 ? { kind: 'lost' } : undefined
  }
  await tab.engine.mutate([created(1, 'typed')])
  await tab.rest()
  expect((await tab.ports.store.load()).outbox[0]?.result).toMatchObject({ status: 'done' })
  expect(tab.engine.status.here.changes).toBe(0)
  expect(view.entries.get(id(1))).toMatchObject({ note: 'typed', pending: true })
  await tab.rest(20_000)
  expect(view.entries.get(id(1))).toMatchObject({ note: 'typed', pending: false })
  expect(new Set(seen)).toEqual(new Set(['typed']))
  expect((await tab.ports.store.load()).outbox).toEqual([])
  expect(server.applied).toHaveLength(1)
})

test('E6 a cloned profile takes a new identity and loses nothing', async () => {
  const { server, device, tab } = await start()
  await tab.engine.mutate([created(1)])
  await tab.engine.syncNow()
  await tab.engine.stop()
  const clone = new Device(server, 2)
  clone.disk.records = device.disk.records
  const [left, right] = [await device.tab(), await clone.tab()]
  await left.engine.mutate([created(2)])
  await left.engine.syncNow()
  await right.engine.mutate([created(3), noted(3, 'x')])
  await right.engine.syncNow()
  expect(server.applied.map(({ id }) => id)).toEqual([1, 2, 3, 3].map(id))
  const [first, second] = right.sent(PUSH)
  expect(second?.client).not.toBe(first?.client)
  expect(second).toMatchObject({ ack: 0, mutations: [{ n: 1 }, { n: 2 }] })
})

test('E6 a server that always wants a new identity is no loop', async () => {
  const { tab } = await start()
  tab.transport.fault = ({ path }) => (path === PUSH ? { kind: 'refused', code: 'new_identity' } : undefined)
  await tab.engine.mutate([created(1)])
  await expect(tab.engine.syncNow()).rejects.toMatchObject({ code: 'new_identity' })
  expect(tab.sent(PUSH)).toHaveLength(2)
  expect(tab.engine.status).toMatchObject({ connection: 'waiting', here: { changes: 1 } })
})

test('E10 a rejected change is told with its reason, and can be tried again or dropped', async () => {
  const { server, tab } = await start()
  const view = await tab.engine.openDex(ACCOUNT)
  server.judge = (mutation) => (mutation.id === id(1) ? { code: 'invalid_mutation', message: 'not like this' } : undefined)
  await tab.engine.mutate([created(1), noted(1, 'x'), created(2)])
  await tab.engine.syncNow()
  expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0 }, needsYou: 2 })
  const { mutations } = tab.engine.setAside()
  expect(mutations[0]?.setAside).toEqual({ code: 'invalid_mutation', message: 'not like this' })
  expect(view.entries.get(id(1))?.note).toBe('x')
  server.judge = () => undefined
  await tab.engine.retry(1)
  await tab.rest()
  expect(view.entries.get(id(1))).toMatchObject({ note: 'x', pending: false })
  server.judge = () => ({ code: 'invalid_mutation' })
  await tab.engine.mutate([noted(1, 'bad')])
  await tab.rest()
  expect(tab.engine.status.needsYou).toBe(1)
  await tab.engine.discard(tab.engine.setAside().mutations[0]?.n ?? 0)
  expect(tab.engine.status.needsYou).toBe(0)
  expect(view.entries.get(id(1))?.note).toBe('x')
})

test('E11 dropping an entry that could not be made drops its picture too', async () => {
  const { server, tab } = await start()
  server.judge = () => ({ code: 'invalid_mutation' })
  const { drafts, photo: shot } = photo(1, new Uint8Array(10))
  await tab.engine.mutate(drafts, [shot])
  await tab.engine.syncNow()
  expect(tab.engine.status).toMatchObject({ needsYou: 2, here: { changes: 0, pictures: 1 } })
  await tab.engine.discard(1)
  expect(tab.engine.status).toMatchObject({ needsYou: 0, here: { changes: 0, pictures: 0 } })
  expect(await tab.ports.blobs.keys()).toEqual([])
})

test('E13 a change that always makes the server fail is set aside; the others go', async () => {
  const { server, device, tab } = await start()
  server.judge = (mutation) => (mutation.id === id(7) ? 'crash' : undefined)
  await tab.engine.mutate(Array.from({ length: 20 }, (_, n) => created(n)))
  await tab.rest()
  await device.clock.advance(600_000)
  expect(server.applied).toHaveLength(19)
  expect(tab.engine.setAside().mutations).toMatchObject([{ id: id(7), setAside: { code: 'internal' } }])
  expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0 }, needsYou: 1 })
})

test('E12 a push that is too large is halved; what is too large alone is set aside', async () => {
  const { server, device, tab } = await start()
  tab.transport.fault = ({ path, body }) =>
    path === PUSH && String(body).length > 3_000 ? { kind: 'refused', code: 'too_large' } : undefined
  await tab.engine.mutate([created(1), created(2, 'x'.repeat(4_000)), ...Array.from({ length: 30 }, (_, n) => created(10 + n))])
  await tab.rest()
  await device.clock.advance(60_000)
  expect(server.applied).toHaveLength(31)
  expect(tab.engine.setAside().mutations).toMatchObject([{ id: id(2), setAside: { code: 'too_large' } }])
})

test('E21 a busy server is left alone for as long as it says, whatever changes meanwhile', async () => {
  const { device, tab } = await start()
  tab.transport.fault = pushFaults({ kind: 'refused', code: 'rate_limited', retryAfter: '90' })
  await tab.engine.mutate([created(1)])
  await tab.rest()
  expect(tab.engine.status).toMatchObject({ connection: 'waiting', nextRetry: device.clock.now() + 90_500 - 10 })
  await tab.engine.mutate([created(2)])
  tab.transport.reconnect()
  await device.clock.advance(89_000)
  expect(tab.sent(PUSH)).toHaveLength(1)
  await device.clock.advance(2_000)
  expect(tab.sent(PUSH)).toHaveLength(2)
  expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0 } })
  expect(tab.engine.status.nextRetry).toBeUndefined()
})

test('E21 when the network returns everything goes at once', async () => {
  const { device, tab } = await start()
  tab.transport.fault = () => ({ kind: 'lost' })
  await tab.engine.mutate([created(1)])
  await tab.rest()
  await device.clock.advance(3_600_000)
  expect(tab.engine.status.connection).toBe('offline')
  tab.transport.fault = () => undefined
  tab.transport.reconnect()
  await settle()
  expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0 } })
})

test('E21 a change made here is tried within a second, however long the network has been away; each is one try', async () => {
  const { device, tab } = await start()
  tab.transport.fault = () => ({ kind: 'lost' })
  await tab.engine.mutate([created(1)])
  await tab.rest()
  await device.clock.advance(3_600_000)
  const before = tab.sent(PUSH).length
  for (let n = 2; n < 30; n += 1) {
    await tab.engine.mutate([created(n)])
    await device.clock.advance(60)
  }
  expect(tab.sent(PUSH).length - before).toBeLessThan(5)
  await device.clock.advance(600)
  const stuck = tab.sent(PUSH).length
  await device.clock.advance(20_000)
  expect(tab.sent(PUSH).length).toBe(stuck)
  tab.transport.fault = () => undefined
  await tab.engine.mutate([created(40)])
  await device.clock.advance(1_100)
  expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0 } })
})

test('E12 a session that ended keeps the outbox and waits for the person', async () => {
  const { server, device, tab } = await start()
  const out = { kind: 'refused', code: 'not_signed_in' } as const
  tab.transport.fault = () => out
  await tab.engine.mutate([created(1)])
  await tab.rest()
  expect(tab.engine.status).toMatchObject({ connection: 'signed_out', here: { changes: 1 } })
  expect(tab.events).toContainEqual({ kind: 'signed_out' })
  const before = tab.transport.log.length
  await tab.engine.mutate([created(2)])
  await device.clock.advance(3_600_000)
  tab.transport.reconnect()
  await settle()
  expect(tab.transport.log).toHaveLength(before)
  await expect(tab.engine.syncNow()).rejects.toMatchObject({ code: 'not_signed_in' })
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  expect(server.applied).toHaveLength(2)
  expect(server.streams).toBe(1)
})

test.each(['wrong_account', 'protocol_outdated', 'origin_refused'] as const)(
  'E12 %s stands still until a person acts',
  async (code) => {
    const { device, tab } = await start()
    tab.transport.fault = pushFaults({ kind: 'refused', code })
    await tab.engine.mutate([created(1)])
    await tab.rest()
    expect(tab.engine.status).toMatchObject({ connection: 'refused', here: { changes: 1 }, lastError: { code } })
    await device.clock.advance(3_600_000)
    expect(tab.sent(PUSH)).toHaveLength(1)
    await tab.engine.syncNow()
    await settle()
    expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0 } })
  },
)

test('E25 an answer tells what others changed, not what this device did', async () => {
  const { server, tab } = await start()
  server.own.put(entry(50))
  await tab.engine.mutate([created(1)])
  await tab.rest()
  expect(tab.events.at(-1)).toEqual({ kind: 'completed', changed: 1 })
})

test('E25 an entry that a change made here brought back from another device’s trash is told of (O5)', async () => {
  const { server, tab } = await start()
  server.judge = ({ id: of }) => ({ status: 'done', seq: server.own.head, ...(of === id(1) ? { revived: true as const } : {}) })
  await tab.engine.mutate([noted(1, 'still here'), noted(2, 'nothing new')])
  await tab.rest()
  expect(tab.events.filter(({ kind }) => kind === 'revived')).toEqual([{ kind: 'revived', entry: id(1) }])
})
