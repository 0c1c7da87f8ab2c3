import { dexFeed } from '@biologidex/core/sync/wire'
import { ACCOUNT, created, Device, entry, FakeServer, id, photo, settle, type Tab } from '@biologidex/test-kit/engine-rig'
import { type Fault, sha256 } from '@biologidex/test-kit/fake-transport'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SealBroken, type TransportRequest } from './ports.ts'

const UPLOADS = '/api/v2/uploads'

async function start(): Promise<{ server: FakeServer; device: Device; tab: Tab }> {
  const server = new FakeServer(ACCOUNT)
  const device = new Device(server)
  return { server, device, tab: await device.tab() }
}

const bytes = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) % 256)
const uploaded = (server: FakeServer) => [...server.uploads.values()].map((upload) => sha256(upload.bytes))

async function keep(tab: Tab, n: number, content: Uint8Array): Promise<void> {
  const { drafts, photo: shot } = photo(n, content)
  await tab.engine.mutate(drafts, [shot])
}

const uploadFaults =
  (method: string, ...faults: (Fault | undefined)[]) =>
  (request: TransportRequest): Fault | undefined =>
    request.method === method && request.path.startsWith(UPLOADS) ? faults.shift() : undefined

test('E26 a photo goes up after what announces it, in pieces, and then its sealed bytes go and its previews stay', async () => {
  const { server, tab } = await start()
  const content = bytes(2_500_000)
  await keep(tab, 1, content)
  expect(tab.engine.status.here).toEqual({ changes: 2, pictures: 1 })
  await tab.engine.syncNow()
  expect(uploaded(server)).toEqual([sha256(content)])
  expect(tab.engine.status.here).toEqual({ changes: 0, pictures: 0 })
  const log = tab.transport.log.filter((line) => /push|uploads/.test(line)).map((line) => line.split(' ')[0])
  expect(log).toEqual(['POST', 'POST', 'PATCH', 'PATCH', 'PATCH'])
  expect(await tab.ports.blobs.keys()).toEqual([`preview/${id(0x10001)}/wall`, `preview/${id(0x10001)}/screen`])
  expect((await tab.ports.store.load()).uploads).toEqual([])
})

test('E26 a photo waits for its making, and for no other change of it that was set aside', async () => {
  const { server, tab } = await start()
  const described = (n: number) => ({
    type: 'image',
    id: id(0x10000 + n),
    op: 'update' as const,
    set: { alt: { was: null, to: 'a fox' } },
  })
  server.judge = ({ type, id: image, op }) => {
    if (type === 'image' && op === 'update') return { code: 'missing_target' }
    return image === id(0x10002) && op === 'create' ? { code: 'invalid_mutation' } : undefined
  }
  await keep(tab, 1, bytes(10))
  await keep(tab, 2, bytes(20))
  await tab.engine.mutate([described(1)])
  await tab.engine.syncNow()
  expect(tab.engine.setAside().mutations.map(({ id: of }) => of)).toEqual([id(0x10002), described(1).id])
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
  expect((await tab.ports.store.load()).uploads.map(({ image }) => image)).toEqual([id(0x10002)])
})

test('E27 cut anywhere, in any request, it goes on there, and the server gets exactly the bytes', async () => {
  const fault = fc.oneof(
    fc.constant<Fault>({ kind: 'lost' }),
    fc.constant<Fault>({ kind: 'unanswered' }),
    fc.constant<Fault>({ kind: 'page', status: 502 }),
    fc.constant<Fault>({ kind: 'refused', code: 'unavailable', retryAfter: '1' }),
    fc.nat(1_048_576).map((after): Fault => ({ kind: 'cut_request', after })),
  )
  const content = bytes(1_200_000)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fault), { maxLength: 5 }), async (faults) => {
      const { server, device, tab } = await start()
      const left = [...faults]
      tab.transport.fault = ({ path, method }) => {
        if (!path.startsWith(UPLOADS)) return undefined
        const [here, next] = left.shift() ?? [false, undefined]
        return here && !(next?.kind === 'cut_request' && method !== 'PATCH') ? next : undefined
      }
      await keep(tab, 1, content)
      await tab.rest()
      // The program ends and begins again in the middle, too.
      if (faults.length % 2 === 1) {
        await tab.engine.stop()
        await device.tab()
      }
      await device.clock.advance(600_000)
      const { uploads } = await tab.ports.store.load().catch(() => device.ports(tab.transport).store.load())
      expect(uploads).toEqual([])
      expect(uploaded(server).at(-1)).toEqual(sha256(content))
    }),
    { numRuns: 10 },
  )
})

test('E27 the address is durable before the first byte goes, and a restart asks it how far it came', async () => {
  const { server, device, tab } = await start()
  const content = bytes(3_000_000)
  tab.transport.fault = uploadFaults(
    'PATCH',
    undefined,
    { kind: 'cut_request', after: 700_000 },
    { kind: 'lost' },
    { kind: 'lost' },
  )
  await keep(tab, 1, content)
  await tab.rest()
  expect((await tab.ports.store.load()).uploads).toMatchObject([{ url: '/api/v2/uploads/1' }])
  await tab.engine.stop()
  const next = await device.tab()
  await next.rest(0)
  expect(next.transport.log.filter((line) => line.includes(UPLOADS))).toEqual([
    `HEAD /api/v2/uploads/1?account=${ACCOUNT}`,
    `PATCH /api/v2/uploads/1?account=${ACCOUNT}`,
    `PATCH /api/v2/uploads/1?account=${ACCOUNT}`,
  ])
  expect(uploaded(server)).toEqual([sha256(content)])
})

test('E27 an upload that is gone starts anew', async () => {
  const { server, device, tab } = await start()
  tab.transport.fault = uploadFaults('PATCH', { kind: 'lost' })
  await keep(tab, 1, bytes(100))
  await tab.rest()
  server.uploads.clear()
  await device.clock.advance(10_000)
  expect(uploaded(server)).toEqual([sha256(bytes(100))])
  expect(tab.engine.status.here.pictures).toBe(0)
})

test('E27 what the server has already is not sent again', async () => {
  const { tab } = await start()
  const known: Fault = { kind: 'answer', status: 201, headers: { location: `${UPLOADS}/5`, 'upload-offset': '100' }, body: '' }
  tab.transport.fault = uploadFaults('POST', known)
  await keep(tab, 1, bytes(100))
  await tab.engine.syncNow()
  expect(tab.transport.log.some((line) => line.startsWith('PATCH'))).toBe(false)
  expect(tab.engine.status.here.pictures).toBe(0)
})

test('E27 bytes that arrived damaged are sent again, three times at most', async () => {
  const { device, tab } = await start()
  const damaged: Fault = { kind: 'refused', code: 'checksum_mismatch' }
  tab.transport.fault = uploadFaults('PATCH', damaged, damaged)
  await keep(tab, 1, bytes(10))
  await tab.engine.syncNow()
  expect(tab.engine.status).toMatchObject({ here: { pictures: 0 }, needsYou: 0 })
  tab.transport.fault = uploadFaults('PATCH', damaged, damaged, damaged, damaged)
  await keep(tab, 2, bytes(10))
  await tab.engine.syncNow()
  await device.clock.advance(60_000)
  expect(tab.engine.setAside().uploads).toMatchObject([{ failed: { code: 'checksum_mismatch' } }])
})

test('E29 a picture that is refused waits for the person, who can try again or drop it; the others go', async () => {
  const { server, tab } = await start()
  tab.transport.fault = uploadFaults('POST', { kind: 'refused', code: 'not_a_picture' }, undefined, {
    kind: 'refused',
    code: 'picture_too_large',
  })
  for (const n of [1, 2, 3]) await keep(tab, n, bytes(n * 10))
  await tab.engine.syncNow()
  expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { pictures: 0 }, needsYou: 2 })
  const [first, third] = tab.engine.setAside().uploads
  await tab.engine.retryUpload(first?.image ?? '')
  await tab.rest()
  expect(uploaded(server)).toEqual([sha256(bytes(20)), sha256(bytes(10))])
  await tab.engine.discardUpload(third?.image ?? '')
  expect(tab.engine.status.needsYou).toBe(0)
  expect((await tab.ports.blobs.keys()).filter((key) => key.startsWith('sealed'))).toEqual([])
})

test('E29 a picture in the bin is not asked for; one that an entry shows is set aside', async () => {
  const { server, tab } = await start()
  tab.transport.fault = ({ method, path }) =>
    method === 'POST' && path.startsWith(UPLOADS) ? { kind: 'refused', code: 'missing_target' } : undefined
  await keep(tab, 1, bytes(10))
  await tab.engine.syncNow()
  expect(tab.engine.setAside().uploads).toMatchObject([{ failed: { code: 'missing_target' } }])
  const { drafts, photo: shot } = photo(2, bytes(20))
  await tab.engine.mutate(drafts, [shot])
  server.judge = () => undefined
  await tab.engine.mutate([{ type: 'entry', id: id(2), op: 'delete' }])
  await tab.engine.syncNow()
  expect(tab.engine.setAside().uploads).toHaveLength(1)
  expect((await tab.ports.store.load()).uploads).toMatchObject([{ failed: {} }, { binned: expect.any(Number) }])
  expect(tab.engine.status).toMatchObject({ here: { pictures: 0 }, needsYou: 1 })
})

test('E29 a picture that was asked for while it was in the bin is asked for again once more is known', async () => {
  const { server, tab } = await start()
  tab.transport.fault = uploadFaults('POST', { kind: 'refused', code: 'missing_target' })
  await keep(tab, 1, bytes(10))
  await tab.engine.syncNow()
  expect(tab.engine.status).toMatchObject({ needsYou: 1 })
  server.own.put(entry(50))
  await tab.engine.syncNow()
  expect(tab.engine.status).toMatchObject({ needsYou: 0, here: { pictures: 0 } })
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
})

/** A device whose photo went to the bin before it was up. */
async function binned(where?: Awaited<ReturnType<typeof start>>) {
  const all = where ?? (await start())
  const { server, device, tab } = all
  tab.transport.fault = uploadFaults('POST', { kind: 'refused', code: 'missing_target' })
  await keep(tab, 1, bytes(10))
  await tab.engine.mutate([{ type: 'entry', id: id(1), op: 'delete' }])
  await tab.engine.syncNow()
  const { blobs } = device.ports(tab.transport)
  const waits = async () => (await blobs.keys()).some((key) => key.startsWith('sealed/'))
  const back = { ...entry(1), images: [{ id: id(0x10001), state: 'waiting' }] }
  return { ...all, waits, comeBack: () => server.own.put(back) }
}

test('E29 a picture that comes back from the bin goes up', async () => {
  const { server, tab, waits, comeBack } = await binned()
  await tab.engine.syncNow()
  expect(await waits()).toBe(true)
  comeBack()
  await tab.engine.syncNow()
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
  expect((await tab.ports.store.load()).uploads).toEqual([])
  expect(await waits()).toBe(false)
})

test('E29 a picture in the bin is saved at a sign-out, waits in the bin where it was brought in, and goes up when it comes back', async () => {
  const { server, tab, comeBack } = await binned()
  const { pictures } = tab.engine.unsent()
  expect(pictures).toMatchObject([{ image: id(0x10001), binned: true }])
  const original = await tab.engine.original(id(0x10001))
  await tab.engine.wipe()
  const other = await new Device(server, 2).tab()
  const work = { changes: [], pictures }
  expect(await other.engine.bringIn(work, async () => original)).toEqual({ changes: 0, pictures: 1, lacking: 0 })
  await other.engine.syncNow()
  expect(uploaded(server)).toEqual([])
  comeBack()
  await other.engine.syncNow()
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
})

const DAY = 86_400_000

/** Lets days pass on each of which the own dex moves. */
async function live({ device, server, tab }: Awaited<ReturnType<typeof binned>>, days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    await device.clock.advance(DAY)
    server.own.put(entry(50))
    await tab.engine.syncNow()
  }
}

test('E29 the bytes of a picture in the bin go when it cannot come back', async () => {
  const all = await binned()
  await live(all, 30)
  expect(await all.waits()).toBe(true)
  await live(all, 1)
  expect(await all.waits()).toBe(false)
  expect((await all.tab.ports.store.load()).uploads).toEqual([])
})

test('E29 a clock that was wrong by years, and is corrected, takes no bytes', async () => {
  const server = new FakeServer(ACCOUNT)
  const device = new Device(server)
  let wrong = -20 * 365 * DAY
  const clock = { ...device.clock, now: () => device.clock.now() + wrong, after: device.clock.after.bind(device.clock) }
  const tab = await device.tab((ports) => ({ ...ports, clock }))
  const all = await binned({ server, device, tab })
  for (const years of [0, 3, -5, 0]) {
    wrong = years * 365 * DAY
    await live(all, 1)
    expect(await all.waits()).toBe(true)
  }
  all.comeBack()
  await tab.engine.syncNow()
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
})

test('E29 while the own dex is not here whole nothing is judged to be in the bin for good', async () => {
  const all = await binned()
  const { device, tab, server, comeBack } = all
  await live(all, 30)
  const { store } = tab.ports
  const readFeed = store.readFeed.bind(store)
  store.readFeed = () => {
    store.readFeed = readFeed
    server.modes.set(dexFeed(ACCOUNT), 'later')
    return Promise.reject(new SealBroken())
  }
  await device.clock.advance(DAY)
  comeBack()
  await tab.engine.syncNow()
  await tab.rest()
  await device.clock.advance(600_000)
  await tab.engine.syncNow()
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
})

test('E29 a picture that was asked for before its deletion was heard of goes to the bin too', async () => {
  const { server, tab } = await start()
  tab.transport.fault = uploadFaults('POST', { kind: 'refused', code: 'missing_target' })
  await keep(tab, 1, bytes(10))
  await tab.engine.syncNow()
  expect(tab.engine.status).toMatchObject({ needsYou: 1 })
  server.own.put(entry(1))
  await tab.engine.syncNow()
  expect(tab.engine.status).toMatchObject({ needsYou: 0, here: { pictures: 0 } })
  expect((await tab.ports.store.load()).uploads).toMatchObject([{ binned: expect.any(Number) }])
})

test('E29 a picture of one account is never asked about as another, and waits until its owner is back', async () => {
  const { server, device, tab } = await start()
  await tab.engine.mutate([created(9)])
  await tab.engine.syncNow()
  let other = false
  tab.transport.fault = ({ method, path }) => {
    other ||= method === 'HEAD'
    if (other)
      return method === 'HEAD'
        ? { kind: 'answer', status: 409, headers: {}, body: '' }
        : { kind: 'refused', code: 'wrong_account' }
    return method === 'PATCH' && path.startsWith(UPLOADS) ? { kind: 'lost' } : undefined
  }
  await keep(tab, 1, bytes(10))
  await tab.rest()
  await device.clock.advance(60_000)
  expect(tab.engine.status).toMatchObject({ connection: 'refused', here: { pictures: 1 }, needsYou: 0 })
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
})

test('E29 a session that ended leaves the picture as it is, and is found out', async () => {
  const { device, tab } = await start()
  await tab.engine.mutate([created(9)])
  await tab.engine.syncNow()
  let out = false
  tab.transport.fault = ({ path }) => {
    out ||= path.startsWith(UPLOADS)
    return out ? { kind: 'refused', code: 'not_signed_in' } : undefined
  }
  await keep(tab, 1, bytes(10))
  await tab.rest()
  await device.clock.advance(1_000)
  expect(tab.engine.status).toMatchObject({ connection: 'signed_out', here: { pictures: 1 }, needsYou: 0 })
})

test.each([
  [404, 1],
  [410, 1],
  [429, 0],
  [500, 0],
  [503, 0],
  [418, 0],
])('E27 HEAD answered with %i starts the upload anew %i times, and it arrives', async (status, anew) => {
  const { server, device, tab } = await start()
  let patched = false
  tab.transport.fault = ({ method, path }) => {
    if (method === 'PATCH' && !patched) {
      patched = true
      return { kind: 'lost' }
    }
    if (method !== 'HEAD' || !path.startsWith(`${UPLOADS}/1?`) || server.uploads.size > 1) return undefined
    return device.clock.now() < 1_800_000_020_000 || anew ? { kind: 'answer', status, headers: {}, body: '' } : undefined
  }
  await keep(tab, 1, bytes(10))
  await tab.rest()
  await device.clock.advance(120_000)
  expect(server.uploads.size).toBe(1 + anew)
  expect(uploaded(server).at(-1)).toEqual(sha256(bytes(10)))
  expect(tab.engine.status.needsYou).toBe(0)
})

test.each<[string, Record<string, string>]>([
  ['no offset', {}],
  ['an offset that is none', { 'upload-offset': 'x' }],
  ['an offset beyond the end', { 'upload-offset': '11' }],
  ['an offset that did not move', { 'upload-offset': '0' }],
])('E31 an answer with %s is none, and the upload goes on after it', async (_, headers) => {
  const { server, device, tab } = await start()
  tab.transport.fault = uploadFaults('PATCH', { kind: 'answer', status: 204, headers, body: '' })
  await keep(tab, 1, bytes(10))
  await tab.rest()
  await device.clock.advance(60_000)
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
})

test.each<Record<string, string>>([{}, { location: 'mailto:somebody' }, { location: 'http://elsewhere' }])(
  'E31 an address that is none is no answer: %o',
  async (headers) => {
    const { server, device, tab } = await start()
    tab.transport.fault = uploadFaults('POST', { kind: 'answer', status: 201, headers, body: '' })
    await keep(tab, 1, bytes(10))
    await tab.rest()
    await device.clock.advance(60_000)
    expect(uploaded(server)).toEqual([sha256(bytes(10))])
  },
)

test('E28 bytes that are no longer there are told, not retried', async () => {
  const { tab } = await start()
  await keep(tab, 1, bytes(10))
  await tab.ports.blobs.delete([`sealed/${id(0x10001)}`])
  await tab.engine.syncNow()
  expect(tab.engine.setAside().uploads).toMatchObject([{ failed: { code: 'bytes_missing' } }])
})

test('E28 a photo that does not open is set aside, shown and saved as none, and the others go up', async () => {
  const server = new FakeServer(ACCOUNT)
  const device = new Device(server)
  const broken = `sealed/${id(0x10001)}`
  const tab = await device.tab((ports) => {
    const get = (key: string) => (key === broken ? Promise.reject(new SealBroken()) : ports.blobs.get(key))
    return { ...ports, blobs: { ...ports.blobs, get } }
  })
  for (const n of [1, 2, 3]) await keep(tab, n, bytes(n * 10))
  await tab.engine.syncNow()
  expect(uploaded(server)).toEqual([sha256(bytes(20)), sha256(bytes(30))])
  const [aside, ...others] = tab.engine.setAside().uploads
  expect(aside).toMatchObject({
    image: id(0x10001),
    failed: { code: 'seal_broken', message: expect.stringMatching(/damaged/) },
  })
  expect(others).toEqual([])
  expect(tab.engine.status).toMatchObject({ connection: 'idle', here: { changes: 0, pictures: 0 }, needsYou: 1 })
  expect(await tab.engine.original(id(0x10001))).toBeUndefined()
  await tab.ports.blobs.delete([`preview/${id(0x10001)}/wall`])
  const at = { dex: ACCOUNT, entry: id(1), image: id(0x10001), rendition: 'wall' as const }
  expect(await tab.engine.picture(at)).toBeUndefined()
  await tab.engine.discardUpload(id(0x10001))
  expect(tab.engine.status.needsYou).toBe(0)
})

test('E26 what was kept before the server knew its entry waits for it, and a set-aside announcement holds it back', async () => {
  const { server, tab } = await start()
  server.judge = (mutation) => (mutation.type === 'image' ? { code: 'invalid_mutation' } : undefined)
  server.own.put(entry(5))
  await keep(tab, 1, bytes(10))
  await tab.engine.syncNow()
  expect(tab.transport.log.some((line) => line.includes(UPLOADS))).toBe(false)
  expect(tab.engine.status).toMatchObject({ here: { pictures: 1 }, needsYou: 1 })
})

test('E21 the network’s return ends an upload’s wait; a busy server’s time does not shrink', async () => {
  const { server, device, tab } = await start()
  tab.transport.fault = uploadFaults('PATCH', { kind: 'lost' }, { kind: 'refused', code: 'unavailable', retryAfter: '50' })
  await keep(tab, 1, bytes(10))
  await tab.rest()
  tab.transport.reconnect()
  await settle()
  expect(tab.transport.log.filter((line) => line.startsWith('PATCH'))).toHaveLength(2)
  tab.transport.reconnect()
  await settle()
  await device.clock.advance(45_000)
  expect(tab.transport.log.filter((line) => line.startsWith('PATCH'))).toHaveLength(2)
  await device.clock.advance(10_000)
  expect(uploaded(server)).toEqual([sha256(bytes(10))])
})
