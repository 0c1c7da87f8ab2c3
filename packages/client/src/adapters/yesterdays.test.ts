import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionView } from '@biologidex/core/accounts/account'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { unpack, YESTERDAYS } from '@biologidex/test-kit/yesterdays'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../engine.ts'
import type { DexView, Engine } from '../face.ts'
import { NetworkFailure } from '../ports.ts'
import { nodePorts } from './node.ts'

const NONE = { image: '', entry: '' }

describe.each(YESTERDAYS)('a client in Node of $version', (yesterday) => {
  const { account, entries, node } = yesterday
  let [dataDir, home] = ['', '']
  let server: TestServer
  let phone: PictureClient
  let engine: Engine
  let dex: DexView
  let isOnline = false

  beforeAll(async () => {
    dataDir = await unpack(yesterday, 'server')
    home = await unpack(yesterday, 'node')
    server = await startTestServer({ dataDir, databaseUrl: undefined })
    const { username, password } = yesterday
    const answer = await server.ask('POST', '/api/v2/sessions', {
      body: { username, password, device: 'test', session: 'bearer' },
    })
    phone = new PictureClient(server.url, answer.json as unknown as SessionView)
    const places = { dir: join(home, 'state'), keyFile: join(home, 'config', 'key') }
    const ports = nodePorts({ account, baseUrl: server.url, token: phone.token, ...places })
    const { transport } = ports
    const request: typeof transport.request = (asked) =>
      isOnline ? transport.request(asked) : Promise.reject(new NetworkFailure('offline'))
    engine = createEngine({ ...ports, transport: { ...transport, request } }, account)
    await engine.start()
    dex = await engine.openDex(account)
  })
  afterAll(async () => {
    await engine.stop()
    await server.close()
    for (const folder of [dataDir, home]) await rm(folder, { recursive: true })
  })

  test('shows what was there, and what waited over it, before it asks anybody', async () => {
    expect(dex.complete).toBe(true)
    for (const { id, note, privateNote, place, scientificName } of entries) {
      const entry = dex.entries.get(id)
      expect(entry).toMatchObject({
        ...(note ? { note } : {}),
        ...(privateNote ? { privateNote } : {}),
        ...(place ? { place } : {}),
      })
      expect(dex.animal(entry?.animal ?? '')).toMatchObject({ scientificName })
    }
    expect(dex.entries.get(node.entry)?.note).toBe(node.note)
    expect(dex.trash.has(yesterday.trash)).toBe(true)
    expect(engine.unsent()).toMatchObject({ changes: { length: 3 }, pictures: [{ sha256: node.photo }] })
    const [{ image } = NONE] = engine.unsent().pictures
    expect(await engine.original(image)).toBeDefined()
  })

  test('sends what waited, the photo byte for byte', async () => {
    const [{ image, entry } = NONE] = engine.unsent().pictures
    const bytes = (await engine.original(image)) ?? new Uint8Array()
    isOnline = true
    await engine.syncNow()
    await expect.poll(() => engine.status.here, { timeout: 10_000 }).toEqual({ changes: 0, pictures: 0 })
    await server.ctx.jobs.idle()
    expect((await phone.picture({ entry, image, bytes }, 'original')).body.equals(bytes)).toBe(true)
    expect(await phone.entry(node.entry)).toMatchObject({ note: node.note })
    expect(await phone.entry(entry)).toMatchObject({ note: node.photoNote })
    expect(await phone.image({ entry, image, bytes })).toMatchObject({ state: 'ready', original: { sha256: node.photo } })
    expect(engine.setAside()).toEqual({ mutations: [], uploads: [] })
  })
})
