import { ACCOUNT, created, Device, entry, type FakeServer, filled, id, noted } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'

const FRIEND = id(0xf1)
const FEED = `dex/${FRIEND}`

const seen = (n: number, at: string) => ({ ...entry(n), observed: { at } })

function withFriend(count = 3): FakeServer {
  const server = filled(2)
  for (let n = 0; n < count; n += 1) server.feed(FEED).put(seen(100 + n, `2026-01-0${n + 1}`))
  return server
}

async function opened(server: FakeServer) {
  const device = new Device(server)
  const tab = await device.tab()
  await tab.rest()
  const of = (account: string) => tab.engine.dexes().find((dex) => dex.account === account)
  return { device, server, tab, of }
}

test('E49 the overview says of each dex, the own one first, how many entries it has and the latest observation', async () => {
  const { tab, of } = await opened(withFriend())
  expect(tab.engine.dexes().map(({ account }) => account)).toEqual([ACCOUNT, FRIEND])
  expect(of(FRIEND)).toMatchObject({
    entries: 3,
    news: 3,
    latest: '2026-01-03',
    complete: true,
    lastSuccess: expect.any(Number),
  })
  expect(of(ACCOUNT)).toMatchObject({ entries: 2, news: 0 })
  await tab.engine.mutate([created(9)])
  expect(of(ACCOUNT)).toMatchObject({ entries: 3 })
  await tab.rest()
  expect(of(ACCOUNT)).toMatchObject({ entries: 3, news: 0 })
  await tab.engine.stop()
})

test('E49 what came or changed since the person looked is new, over a restart too', async () => {
  const { device, server, tab, of } = await opened(withFriend())
  let told = 0
  tab.engine.onDexes(() => {
    told += 1
  })
  await tab.engine.looked(FRIEND)
  expect(of(FRIEND)).toMatchObject({ entries: 3, news: 0 })
  server.feed(FEED).put(seen(101, '2026-02-01'))
  server.feed(FEED).put(seen(109, '2025-02-01'))
  await tab.engine.syncNow()
  await tab.rest()
  expect(of(FRIEND)).toMatchObject({ entries: 4, news: 2, latest: '2026-02-01' })
  expect(told).toBeGreaterThan(1)
  await tab.engine.stop()
  const again = await device.tab()
  expect(again.engine.dexes()[1]).toMatchObject({ entries: 4, news: 2, latest: '2026-02-01' })
  server.feed(FEED).remove(`entry/${id(101)}`)
  await again.engine.syncNow()
  await again.rest()
  expect(again.engine.dexes()[1]).toMatchObject({ entries: 3, news: 1, latest: '2026-01-03' })
  await again.engine.stop()
})

test('E49 a tab that does not lead says that the person looked, and the leading one keeps it', async () => {
  const { device, tab, of } = await opened(withFriend())
  const second = await device.tab()
  await second.engine.looked(FRIEND)
  await tab.rest()
  expect(of(FRIEND)?.news).toBe(0)
  expect(second.engine.dexes()[1]?.news).toBe(0)
  await second.engine.stop()
  await tab.engine.stop()
})

test('E49 what a person looked at while no tab led is kept by the one that leads next', async () => {
  const { device, tab } = await opened(withFriend())
  const [second, third] = [await device.tab(), await device.tab()]
  const stopped = tab.engine.stop()
  await third.engine.looked(FRIEND)
  await stopped
  await second.rest()
  expect(second.engine.dexes()[1]?.news).toBe(0)
  await third.engine.stop()
  await second.engine.stop()
  const again = await device.tab()
  expect(again.engine.dexes()[1]?.news).toBe(0)
  await again.engine.stop()
})

test('E49 dexes that an older program left without numbers are counted', async () => {
  const { device, tab } = await opened(withFriend())
  await tab.engine.stop()
  const feeds = new Map(device.disk.records.feeds)
  for (const [name, feed] of feeds) {
    const { summary: _, ...state } = JSON.parse(feed.state)
    feeds.set(name, { ...feed, marks: undefined, state: JSON.stringify(state) })
  }
  device.disk.records = { ...device.disk.records, feeds }
  const again = await device.tab()
  await again.rest()
  expect(again.engine.dexes()[1]).toMatchObject({ entries: 3, news: 3, latest: '2026-01-03' })
  await again.engine.stop()
})

test('E49 numbers hold whatever write the program dies in', async () => {
  for (let nth = 1; nth < 25; nth += 1) {
    const server = withFriend()
    const { device, tab } = await opened(server)
    await tab.engine.looked(FRIEND)
    server.feed(FEED).put(seen(105, '2026-03-01'))
    server.feed(FEED).remove(`entry/${id(102)}`)
    server.own.put(entry(7))
    device.disk.failAt(nth)
    await tab.engine.mutate([noted(0, 'x', 'note 0')]).catch(() => undefined)
    await tab.engine.syncNow().catch(() => undefined)
    await tab.engine.stop().catch(() => undefined)
    const again = await device.tab()
    await again.rest()
    await again.engine.syncNow()
    await again.rest()
    expect(again.engine.dexes()[1]).toMatchObject({ entries: 3, latest: '2026-03-01' })
    expect(again.engine.dexes()[0]).toMatchObject({ entries: 3 })
    await again.engine.stop()
  }
})

test('C5 the event of a switch names the dex, once', async () => {
  const { tab } = await opened(withFriend())
  const views = [await tab.engine.openDex(ACCOUNT), await tab.engine.openDex(FRIEND), await tab.engine.openDex(FRIEND)]
  expect(tab.events.filter(({ kind }) => kind === 'dex_switched')).toEqual([
    { kind: 'dex_switched', account: ACCOUNT },
    { kind: 'dex_switched', account: FRIEND },
  ])
  for (const view of views) view.close()
  await tab.engine.stop()
})
