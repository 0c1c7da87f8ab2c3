import { ACCOUNT, Device, FakeServer, id, photo, settle, type Tab } from '@biologidex/test-kit/engine-rig'
import { type Fault, sha256 } from '@biologidex/test-kit/fake-transport'
import { expect, test } from 'vitest'
import { SealBroken } from './ports.ts'

const BYTES = new Uint8Array([1, 2, 3, 4])
const AT = { dex: ACCOUNT, entry: id(1), image: id(2), rendition: 'wall' as const }
const PATH = `/api/v2/dex/${ACCOUNT}/entries/${id(1)}/images/${id(2)}/wall`

const keptIn = async (tab: Tab): Promise<string[]> => (await tab.ports.pictures.rows()).map((row) => row.sha256)

async function start() {
  const server = new FakeServer(ACCOUNT)
  server.pictures.set(PATH, BYTES)
  const device = new Device(server)
  const tab = await device.tab()
  return { server, device, tab, asked: () => tab.transport.log.filter((line) => line === `GET ${PATH}`).length }
}

test('E30 a picture is fetched once however many ask, verified, kept, and there without a network', async () => {
  const { tab, asked } = await start()
  const at = { ...AT, sha256: sha256(BYTES) }
  const all = await Promise.all([tab.engine.picture(at), tab.engine.picture(at), tab.engine.picture(at)])
  expect(all).toEqual([BYTES, BYTES, BYTES])
  tab.transport.fault = () => ({ kind: 'lost' })
  expect(await tab.engine.picture(at)).toEqual(BYTES)
  expect(asked()).toBe(1)
  expect(await keptIn(tab)).toEqual([sha256(BYTES)])
})

test('E30 what is kept is given without anything being asked for', async () => {
  const { tab, asked } = await start()
  const at = { ...AT, sha256: sha256(BYTES) }
  expect(await tab.engine.keptPicture(at)).toBeUndefined()
  expect(asked()).toBe(0)
  await tab.engine.picture(at)
  expect(await tab.engine.keptPicture(at)).toEqual(BYTES)
  expect(await tab.engine.keptPicture(AT)).toBeUndefined()
  expect(asked()).toBe(1)
})

test('E30 what does not have the checksum is not shown and not kept', async () => {
  const { tab, asked } = await start()
  const at = { ...AT, sha256: 'ab'.repeat(32) }
  expect(await tab.engine.picture(at)).toBeUndefined()
  expect(await tab.engine.picture(at)).toBeUndefined()
  expect(asked()).toBe(2)
  expect(await keptIn(tab)).toEqual([])
})

test('E30 until the server has it, the device shows its own preview, else the original', async () => {
  const { tab, asked } = await start()
  const original = new Uint8Array([9, 9])
  const { drafts, photo: shot } = photo(1, original)
  tab.transport.fault = () => ({ kind: 'lost' })
  await tab.engine.mutate(drafts, [shot])
  const at = { ...AT, image: shot.image }
  expect(await tab.engine.picture(at)).toEqual(new Uint8Array([1, 1]))
  await tab.ports.blobs.delete([`preview/${shot.image}/wall`])
  expect(await tab.engine.picture(at)).toEqual(original)
  expect(await tab.engine.picture({ ...at, image: id(99) })).toBeUndefined()
  expect(asked()).toBe(0)
})

test('E30 a preview serves until the server’s rendition is here', async () => {
  const { tab } = await start()
  await tab.ports.blobs.put(`preview/${id(2)}/wall`, new Uint8Array([7]))
  const at = { ...AT, sha256: sha256(BYTES) }
  tab.transport.fault = () => ({ kind: 'lost' })
  expect(await tab.engine.picture(at)).toEqual(new Uint8Array([7]))
  tab.transport.fault = () => undefined
  expect(await tab.engine.picture(at)).toEqual(BYTES)
  expect(await keptIn(tab)).toEqual([sha256(BYTES)])
})

test('E30 a preview that was damaged goes too once the server’s rendition is here', async () => {
  const { device } = await start()
  const damaged = `preview/${id(2)}/wall`
  const tab = await device.tab((ports) => {
    const get = (key: string) => (key === damaged ? Promise.reject(new SealBroken()) : ports.blobs.get(key))
    return { ...ports, blobs: { ...ports.blobs, get } }
  })
  await tab.ports.blobs.put(damaged, new Uint8Array([7]))
  expect(await tab.engine.picture({ ...AT, sha256: sha256(BYTES) })).toEqual(BYTES)
  await settle()
  expect(await tab.ports.blobs.keys()).toEqual([])
})

test.each<[string, Fault]>([
  ['is cut', { kind: 'cut', after: 2 }],
  ['is refused', { kind: 'refused', code: 'not_found' }],
  ['is a page', { kind: 'page', status: 200 }],
  ['has no end', { kind: 'answer', status: 200, headers: { 'content-type': 'image/webp' }, body: new Uint8Array(50_000_001) }],
])('E30 an answer that %s gives no picture now, and one later', async (_, fault) => {
  const { tab } = await start()
  const at = { ...AT, sha256: sha256(BYTES) }
  tab.transport.fault = ({ method }) => (method === 'GET' ? fault : undefined)
  expect(await tab.engine.picture(at)).toBeUndefined()
  tab.transport.fault = () => undefined
  expect(await tab.engine.picture(at)).toEqual(BYTES)
})

test('E30 a busy server is asked three times, at the time it says', async () => {
  const { device, tab, asked } = await start()
  const busy = { kind: 'refused', code: 'rate_limited', retryAfter: '2' } as const
  let times = 2
  tab.transport.fault = ({ path }) => (path === PATH && times-- > 0 ? busy : undefined)
  const got = tab.engine.picture({ ...AT, sha256: sha256(BYTES) })
  await device.clock.advance(10_000)
  expect(await got).toEqual(BYTES)
  times = 99
  const none = tab.engine.picture({ ...AT, sha256: 'cd'.repeat(32) })
  await device.clock.advance(10_000)
  expect(await none).toBeUndefined()
  expect(asked()).toBe(6)
})

test('E23 a fetch that waits ends at stop', async () => {
  const { device, tab } = await start()
  tab.transport.fault = ({ path }) => (path === PATH ? { kind: 'refused', code: 'unavailable', retryAfter: '60' } : undefined)
  const none = tab.engine.picture({ ...AT, sha256: sha256(BYTES) }).catch((error) => error.name)
  await settle()
  await tab.engine.stop()
  expect([undefined, 'StoreGone']).toContain(await none)
  expect(device.clock.waiting).toBe(0)
})

test('E30 at most four are fetched at a time, and all come', async () => {
  const { server, tab } = await start()
  const shas = Array.from({ length: 12 }, (_, n) => {
    const bytes = new Uint8Array([n])
    server.pictures.set(`/api/v2/dex/${ACCOUNT}/entries/${id(1)}/images/${id(100 + n)}/wall`, bytes)
    return sha256(bytes)
  })
  let open = 0
  let most = 0
  const request = tab.ports.transport.request.bind(tab.ports.transport)
  tab.ports.transport.request = async (asked) => {
    most = Math.max(most, ++open)
    await settle(2)
    return request(asked).finally(() => open--)
  }
  const got = await Promise.all(shas.map((sha, n) => tab.engine.picture({ ...AT, image: id(100 + n), sha256: sha })))
  expect(got.map((bytes) => bytes?.[0])).toEqual(shas.map((_, n) => n))
  expect(most).toBe(4)
})

test('E35 a full device shows what it fetched, and keeps nothing of it', async () => {
  const { device, tab } = await start()
  device.disk.full = true
  expect(await tab.engine.picture({ ...AT, sha256: sha256(BYTES) })).toEqual(BYTES)
  expect(await tab.ports.blobs.keys()).toEqual([])
})

test('E30 a profile’s picture is fetched once, verified, kept, and there without a network', async () => {
  const { tab } = await start()
  const paths: string[] = []
  tab.transport.fault = ({ path }) => {
    if (path.includes('/dex/')) paths.push(path)
    return { kind: 'answer', status: 200, headers: { 'content-type': 'image/webp' }, body: BYTES }
  }
  const at = { dex: ACCOUNT, sha256: sha256(BYTES) }
  expect(await tab.engine.avatar(at)).toEqual(BYTES)
  expect(await tab.engine.avatar({ ...at, sha256: 'ab'.repeat(32) })).toBeUndefined()
  tab.transport.fault = () => ({ kind: 'lost' })
  expect(await tab.engine.avatar(at)).toEqual(BYTES)
  expect(paths).toEqual([`/api/v2/dex/${ACCOUNT}/avatar`, `/api/v2/dex/${ACCOUNT}/avatar`])
  expect(await keptIn(tab)).toEqual([sha256(BYTES)])
})

test('E30 an original is handed on verified, and not kept', async () => {
  const { server, tab } = await start()
  server.pictures.set(PATH.replace('wall', 'original'), BYTES)
  const at = { ...AT, rendition: 'original' as const }
  expect(await tab.engine.picture({ ...at, sha256: sha256(BYTES) })).toEqual(BYTES)
  expect(await tab.engine.picture({ ...at, sha256: 'ab'.repeat(32) })).toBeUndefined()
  expect(await keptIn(tab)).toEqual([])
})
