import type { FriendItem } from '@biologidex/core/friends/friend'
import { ACCOUNT, Device, type FakeServer, filled, id } from '@biologidex/test-kit/engine-rig'
import { idOfCode } from '@biologidex/test-kit/fake-server'
import { expect, test } from 'vitest'
import type { Draft } from './face.ts'

const FEED = `account/${ACCOUNT}`
const [ADA, BO, CY] = [id(0xa), id(0xb), id(0xc)]
const CODE = '2345ABCD'

const friend = (of: string, state: FriendItem['state']): FriendItem => ({
  type: 'friend',
  id: of,
  username: `name ${of.slice(-1)}`,
  displayName: `Name ${of.slice(-1)}`,
  state,
  since: 1,
})

function peopled(): FakeServer {
  const server = filled()
  server.feed(FEED).put(friend(ADA, 'friends'))
  server.feed(FEED).put(friend(BO, 'asks'))
  server.feed(FEED).put(friend(CY, 'asked'))
  server.feed(FEED).put({ type: 'block', id: id(0xd), ...{ username: 'dan', displayName: 'Dan', since: 1 } })
  return server
}

const ask = (n: number, code?: string): Draft => ({
  type: 'friend',
  id: id(n),
  op: 'create',
  ...(code ? { set: { code: { to: code } } } : {}),
})
const change = (type: 'friend' | 'block', of: string, op: Draft['op']): Draft => ({
  type,
  id: of,
  op,
  ...(op === 'update' ? { set: { state: { to: 'friends' } } } : {}),
})

async function offline(server = peopled()) {
  const tab = await new Device(server).tab()
  const view = await tab.engine.openPeople()
  tab.transport.fault = () => ({ kind: 'lost' })
  return { server, tab, view }
}

test('E48 people are those of the account’s feed', async () => {
  const { view, tab } = await offline()
  expect([...view.friends.values()].map(({ id: of, state }) => [of, state])).toEqual([
    [ADA, 'friends'],
    [BO, 'asks'],
    [CY, 'asked'],
  ])
  expect([...view.blocks.keys()]).toEqual([id(0xd)])
  expect(view.complete).toBe(true)
  view.close()
  await tab.engine.stop()
})

test.each<[string, Draft, string, object | undefined]>([
  [
    'asking by code stands under the change’s id, with the code as it is known',
    ask(0x99, '2345-abcd'),
    id(0x99),
    { username: CODE, state: 'asked', pending: true },
  ],
  ['asking whoever asks is to accept', ask(0xb), BO, { state: 'friends', username: 'name b', pending: true }],
  ['asking by id', ask(0x98), id(0x98), { state: 'asked', pending: true }],
  ['asking a friend changes nothing', ask(0xa), ADA, friend(ADA, 'friends')],
  ['accepting', change('friend', BO, 'update'), BO, { state: 'friends', pending: true }],
  ['accepting what nobody asks', change('friend', CY, 'update'), CY, friend(CY, 'asked')],
  ['declining', change('friend', BO, 'delete'), BO, undefined],
  ['withdrawing', change('friend', CY, 'delete'), CY, undefined],
  ['unfriending', change('friend', ADA, 'delete'), ADA, undefined],
  ['blocking ends a friendship', change('block', ADA, 'create'), ADA, undefined],
])('E48 offline, %s', async (_, draft, key, expected) => {
  const { view, tab } = await offline()
  let told = 0
  view.subscribe(() => {
    told += 1
  })
  await tab.engine.mutate([draft])
  await tab.rest(0)
  if (expected) expect(view.friends.get(key)).toMatchObject(expected)
  else expect(view.friends.has(key)).toBe(false)
  expect(told).toBeGreaterThan(0)
  await tab.engine.stop()
})

test('E48 blocking shows whom at once, unblocking takes it away', async () => {
  const { view, tab } = await offline()
  await tab.engine.mutate([change('block', ADA, 'create'), change('block', id(0xd), 'delete')])
  expect([...view.blocks.values()]).toMatchObject([{ id: ADA, username: 'name a', pending: true }])
  await tab.engine.stop()
})

test('E48 what was carried out stays until the account’s feed shows it: at no moment is it away', async () => {
  const { server, view, tab } = await offline()
  const states: (string | undefined)[] = []
  const other = idOfCode(CODE)
  await tab.engine.mutate([ask(0x99, CODE), change('friend', BO, 'update')])
  view.subscribe(() => states.push((view.friends.get(id(0x99)) ?? view.friends.get(other))?.state))
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  await tab.rest()
  expect(states).not.toContain(undefined)
  expect(view.friends.has(id(0x99))).toBe(false)
  expect(view.friends.get(other)).toMatchObject({ state: 'asked' })
  expect(view.friends.get(other)).not.toHaveProperty('pending')
  expect(view.friends.get(BO)).toMatchObject({ state: 'friends' })
  expect(server.applied).toHaveLength(2)
  expect((await tab.ports.store.load()).outbox).toEqual([])
  await tab.engine.stop()
})

test('O6 what cannot be done about somebody is set aside, and claims nothing', async () => {
  const { server, view, tab } = await offline()
  server.judge = ({ type }) => (type === 'friend' ? { code: 'missing_target' } : undefined)
  await tab.engine.mutate([ask(0x99, CODE), change('block', ADA, 'create')])
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  await tab.rest()
  expect(view.friends.has(id(0x99))).toBe(false)
  expect(tab.engine.setAside().mutations).toMatchObject([{ type: 'friend', setAside: { code: 'missing_target' } }])
  expect(view.blocks.get(ADA)).toMatchObject({ username: 'u000a' })
  await tab.engine.stop()
})

test('G3 when the account was deleted, all of it leaves the device, unsent work too', async () => {
  const device = new Device(peopled())
  const tab = await device.tab()
  tab.transport.fault = ({ path }) =>
    path.startsWith('/api/v2/sync') ? { kind: 'refused', code: 'account_deleted' } : undefined
  await tab.engine.mutate([ask(0x99, CODE)])
  await tab.rest()
  expect(tab.events).toContainEqual({ kind: 'account_deleted' })
  const { outbox, feeds, pictures, uploads } = device.disk.records
  expect([outbox.size, feeds.size, pictures.size, uploads.size]).toEqual([0, 0, 0, 0])
  expect(tab.engine.status.connection).toBe('stopped')
})
