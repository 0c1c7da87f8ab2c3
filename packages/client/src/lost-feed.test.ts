import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { dexFeed } from '@biologidex/core/sync/wire'
import { ACCOUNT, created, Device, entry, type FakeServer, filled, id, settle, type Tab } from '@biologidex/test-kit/engine-rig'
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { indexedDbStore } from './adapters/indexeddb.ts'
import { memoryStore } from './adapters/memory.ts'
import { nodeSealer } from './adapters/node-sealer.ts'
import { sqliteStore } from './adapters/sqlite.ts'
import { type LocalStore, type Ports, SealBroken } from './ports.ts'
import { watchedStore } from './watched-store.ts'

const PULL = '/api/v2/sync/pull'
const FRIEND = id(0xf00)
const sealer = nodeSealer(new Uint8Array(32).fill(7))
let dir = ''

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  dir = mkdtempSync(join(tmpdir(), 'biologidex-lost-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

interface Place {
  readonly open: () => LocalStore
  /** Makes every page of a feed one that does not open. */
  readonly damage: (feed: string) => Promise<void>
}

const PLACES: Record<string, Place> = {
  sqlite: {
    open: () => sqliteStore(dir, ACCOUNT, sealer),
    async damage(feed) {
      const file = new DatabaseSync(join(dir, readdirSync(dir).find((name) => name.endsWith('.sqlite')) ?? ''))
      const { changes } = file
        .prepare('UPDATE pages SET items = zeroblob(100) WHERE feed = (SELECT id FROM feeds WHERE feed = ?)')
        .run(feed)
      file.close()
      expect(changes).toBeGreaterThan(0)
    },
  },
  indexeddb: {
    open: () => indexedDbStore(ACCOUNT, sealer),
    async damage(feed) {
      const db = await openDB(`biologidex-sealed/${ACCOUNT}/${feed}`)
      const keys = await db.getAllKeys('pages')
      for (const key of keys) await db.put('pages', new Uint8Array(100), key)
      db.close()
      expect(keys).not.toHaveLength(0)
    },
  },
}

/** Real stores take turns of the event loop that the clock of a test knows nothing of. */
const until = (check: () => void | Promise<void>) =>
  vi.waitFor(
    async () => {
      await settle(2)
      await check()
    },
    { timeout: 5_000, interval: 5 },
  )

/** A device with what a server has, at rest: the own dex of twenty entries, and a friend's of twelve. */
async function arrived({
  open,
}: Place): Promise<{ server: FakeServer; again: (change?: (ports: Ports) => Ports) => Promise<Tab> }> {
  const server = filled(20, 100)
  for (let n = 0; n < 12; n += 1) server.feed(dexFeed(FRIEND)).put(entry(500 + n))
  const device = new Device(server)
  const again = (change = (ports: Ports) => ports) => device.tab((ports) => change({ ...ports, store: open() }))
  const tab = await again()
  await tab.engine.syncNow()
  await tab.engine.stop()
  return { server, again }
}

const digestIn = async (open: Place['open']): Promise<string | undefined> => {
  const store = open()
  const { digest } = await store.load()
  await store.close()
  return digest
}

describe.each(Object.entries(PLACES))('E41 over %s', (_, place) => {
  test('a dex that does not open is shown as one that has not come, is fetched again, and stays whole', async () => {
    const { server, again } = await arrived(place)
    await place.damage(dexFeed(ACCOUNT))
    const tab = await again()
    await tab.engine.mutate([created(1)])
    tab.transport.fault = () => ({ kind: 'lost' })
    const view = await tab.engine.openDex(ACCOUNT)
    expect(view.complete).toBe(false)
    expect([...view.entries.keys()]).toEqual([id(1)])
    await tab.engine.syncNow().catch(() => undefined)
    expect(tab.engine.status).toMatchObject({ lastError: { code: 'network' }, trouble: { code: 'seal_broken' } })
    tab.transport.fault = () => undefined
    await until(async () => {
      await tab.engine.syncNow()
      expect([view.entries.size, view.complete]).toEqual([21, true])
    })
    expect(tab.engine.status.trouble).toBeUndefined()
    expect(server.own.get(`entry/${id(1)}`)).toMatchObject({ note: 'note 1' })
    server.own.put(entry(102, 'changed'))
    await tab.engine.syncNow()
    await tab.engine.stop()
    const next = await again()
    const after = await next.engine.openDex(ACCOUNT)
    expect([after.entries.size, after.complete, after.entries.get(id(102))?.note]).toEqual([21, true, 'changed'])
    await next.engine.stop()
  })

  test('a friend’s dex likewise, though nothing moved on the server and the own dex opens', async () => {
    const { server, again } = await arrived(place)
    await place.damage(dexFeed(FRIEND))
    const tab = await again()
    const sent = tab.sent(PULL).length
    const view = await tab.engine.openDex(FRIEND)
    await until(async () => {
      await tab.engine.syncNow()
      expect([view.entries.size, view.complete]).toEqual([12, true])
    })
    const record = tab.engine.syncs().find(({ feed }) => feed === dexFeed(FRIEND))
    expect(record).toMatchObject({ lastError: { code: 'seal_broken' }, lastSuccess: expect.any(Number) })
    expect(tab.sent(PULL)[sent]).toMatchObject({ cursors: { [dexFeed(ACCOUNT)]: expect.any(String) } })
    await tab.engine.syncNow()
    expect(tab.sent(PULL).at(-1)).toMatchObject({ digest: server.digest })
    await tab.engine.stop()
  })

  test('nothing goes over a feed that was dropped after its cursor was sent', async () => {
    const { server, again } = await arrived(place)
    await place.damage(dexFeed(ACCOUNT))
    server.own.put(entry(100, 'changed'))
    const gate = Promise.withResolvers<void>()
    const asked: string[] = []
    const tab = await again((ports) => {
      const request: typeof ports.transport.request = async (what) => {
        const answer = await ports.transport.request(what)
        if (what.path === PULL && asked.push(String(what.body)) === 1) await gate.promise
        return answer
      }
      const onReconnect: typeof ports.transport.onReconnect = (listener) => ports.transport.onReconnect(listener)
      return { ...ports, transport: { request, onReconnect } }
    })
    expect(asked[0]).toContain(dexFeed(ACCOUNT))
    const view = await tab.engine.openDex(ACCOUNT)
    const wholeWith: number[] = []
    view.subscribe(() => {
      if (view.complete) wholeWith.push(view.entries.size)
    })
    await until(() => expect(tab.engine.dexes().some(({ account }) => account === ACCOUNT)).toBe(false))
    gate.resolve()
    await until(() => expect([view.entries.size, view.complete]).toEqual([20, true]))
    expect(asked[1]).not.toContain('digest')
    expect(new Set(wholeWith)).toEqual(new Set([20]))
    expect(view.entries.get(id(100))?.note).toBe('changed')
    await tab.engine.stop()
  })

  test('the digest goes before the feed does, and none is sent while a feed is missing', async () => {
    const { again } = await arrived(place)
    const tab = await again((ports) => {
      const dropFeed = async () => {
        expect(await digestIn(place.open)).toBeUndefined()
        throw new Error('the program ends here')
      }
      return { ...ports, store: { ...ports.store, dropFeed } }
    })
    await tab.engine.syncNow()
    expect(await digestIn(place.open)).toBeDefined()
    await place.damage(dexFeed(ACCOUNT))
    await tab.engine.openDex(ACCOUNT)
    await until(async () => expect(await digestIn(place.open)).toBeUndefined())
    await tab.engine.stop()

    // As a program left it that dropped the feed and kept the digest.
    const store = place.open()
    await store.writeAccount({ digest: 'as it was' })
    await store.dropFeed(dexFeed(ACCOUNT))
    await store.close()
    const next = await again()
    await next.engine.syncNow()
    expect(next.sent(PULL)[0]).not.toHaveProperty('digest')
    const view = await next.engine.openDex(ACCOUNT)
    expect([view.entries.size, view.complete]).toEqual([20, true])
    await next.engine.stop()
  })

  test('another tab than the leading one says it to that one, which fetches it again', async () => {
    const { again } = await arrived(place)
    const [leader, tab] = [await again(), await again()]
    await leader.engine.syncNow()
    await place.damage(dexFeed(ACCOUNT))
    const view = await tab.engine.openDex(ACCOUNT)
    await until(() => expect([view.entries.size, view.complete]).toEqual([20, true]))
    expect(tab.transport.log).toEqual([])
    await leader.engine.stop()
    await tab.engine.stop()
  })

  test('a tab that nobody heard drops it when it comes to lead', async () => {
    const { again } = await arrived(place)
    const leader = await again()
    const tab = await again((ports) => ({ ...ports, channel: { ...ports.channel, post: () => undefined } }))
    await leader.engine.syncNow()
    await place.damage(dexFeed(ACCOUNT))
    const view = await tab.engine.openDex(ACCOUNT)
    expect([view.entries.size, view.complete]).toEqual([0, false])
    await leader.engine.stop()
    await until(() => expect([view.entries.size, view.complete]).toEqual([20, true]))
    await tab.engine.stop()
  })

  test('of a dex that was lost and is not followed any more nothing stays noted (P5)', async () => {
    const { server, again } = await arrived(place)
    await place.damage(dexFeed(FRIEND))
    server.feeds.delete(dexFeed(FRIEND))
    const tab = await again()
    await tab.engine.openDex(FRIEND)
    await until(async () => {
      await tab.engine.syncNow()
      expect(tab.engine.syncs().map(({ feed }) => feed)).not.toContain(dexFeed(FRIEND))
    })
    await tab.engine.syncNow()
    expect(tab.sent(PULL).at(-1)).toMatchObject({ digest: server.digest })
    await tab.engine.stop()
  })
})

test('E41 single items that do not open are told of as pages are', async () => {
  const lost: string[] = []
  const readOver = () => Promise.reject(new SealBroken())
  const store = watchedStore({ ...memoryStore(), readOver }, (feed) => lost.push(feed))
  await expect(store.readOver('dex/a', 1)).rejects.toThrow(SealBroken)
  expect(lost).toEqual(['dex/a'])
})
