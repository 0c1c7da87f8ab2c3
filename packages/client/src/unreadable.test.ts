import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACCOUNT, created, Device, filled, id, photo, settle, type Tab } from '@biologidex/test-kit/engine-rig'
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { indexedDbStore } from './adapters/indexeddb.ts'
import { nodeSealer } from './adapters/node-sealer.ts'
import { sqliteStore } from './adapters/sqlite.ts'
import type { LocalStore } from './ports.ts'
import { LOOK_AFTER, SWEEP_AFTER } from './sweep.ts'

const [mine, other] = [7, 8].map((byte) => nodeSealer(new Uint8Array(32).fill(byte)))
let dir = ''

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  dir = mkdtempSync(join(tmpdir(), 'biologidex-unreadable-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

const PLACES: [string, (key: typeof mine) => LocalStore][] = [
  ['sqlite', (key) => sqliteStore(dir, ACCOUNT, key)],
  ['indexeddb', (key) => indexedDbStore(ACCOUNT, key)],
]

describe.each(PLACES)('E41 over %s', (_, open) => {
  test('what waits and does not open is counted, kept with its photo whatever happens, and goes up once it opens', async () => {
    const server = filled(2, 100)
    const device = new Device(server)
    const tabWith = (key: typeof mine): Promise<Tab> => device.tab((ports) => ({ ...ports, store: open(key) }))
    const first = await tabWith(mine)
    await first.engine.syncNow()
    first.transport.fault = () => ({ kind: 'lost' })
    const { drafts, photo: shot } = photo(1, new Uint8Array(10))
    await first.engine.mutate(drafts, [shot])
    expect(first.engine.status).not.toHaveProperty('unreadable')
    await first.engine.stop()

    const tab = await tabWith(other)
    await tab.engine.syncNow()
    expect(tab.engine.status).toMatchObject({ unreadable: 3, needsYou: 3, here: { changes: 0, pictures: 0 } })
    let refusals = 1
    tab.transport.fault = ({ path }) =>
      path.startsWith('/api/v2/sync/push') && refusals-- > 0 ? { kind: 'refused', code: 'new_identity' } : undefined
    await tab.engine.mutate([created(2)])
    await tab.engine.syncNow()
    expect(server.own.get(`entry/${id(2)}`)).toBeDefined()
    for (const ms of [LOOK_AFTER, SWEEP_AFTER]) {
      await device.clock.advance(ms)
      await settle(100)
    }
    expect(await tab.ports.blobs.keys()).toContain(`sealed/${shot.image}`)
    expect(tab.engine.status).toMatchObject({ unreadable: 3, needsYou: 3 })
    await tab.engine.stop()

    const again = await tabWith(mine)
    await vi.waitFor(async () => {
      await again.engine.syncNow()
      expect(server.own.get(`entry/${id(1)}`)).toMatchObject({ note: 'note 1' })
      expect([...server.uploads.values()].map(({ bytes }) => bytes.length)).toEqual([10])
    })
    expect(again.engine.status).toMatchObject({ here: { changes: 0, pictures: 0 }, needsYou: 0 })
    await again.engine.stop()
  })
})
