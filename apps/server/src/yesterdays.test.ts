import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { SessionView } from '@biologidex/core/accounts/account'
import type { OwnEntry } from '@biologidex/core/entries/entry'
import { dexFeed } from '@biologidex/core/sync/wire'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { unpack, YESTERDAYS } from '@biologidex/test-kit/yesterdays'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

type Item = { readonly type: string; readonly id: string; readonly [field: string]: unknown }
const HOUR = 3_600_000

describe.each(YESTERDAYS)('the data folder of $version', (yesterday) => {
  const { entries, half, username, password, account } = yesterday
  let dataDir: string
  let server: TestServer
  let phone: PictureClient

  beforeAll(async () => {
    dataDir = await unpack(yesterday, 'server')
    // An hour later: trash and half uploads are there for their days, whenever this runs.
    vi.useFakeTimers({ toFake: ['Date'], now: yesterday.at + HOUR })
    server = await startTestServer({ dataDir, databaseUrl: undefined })
    await server.ctx.jobs.idle()
    const body = { username, password, device: 'test', session: 'bearer' }
    const { json } = await server.ask('POST', '/api/v2/sessions', { body })
    phone = new PictureClient(server.url, json as unknown as SessionView)
  })
  afterAll(async () => {
    await server.close()
    vi.useRealTimers()
    await rm(dataDir, { recursive: true })
  })

  /** Everything that a device gets which has nothing yet. */
  async function items(): Promise<Map<string, Item>> {
    const headers = { authorization: `Bearer ${phone.token}` }
    const body = { account, cursors: {}, only: [dexFeed(account)] }
    const { text } = await server.ask('POST', '/api/v2/sync/pull', { headers, body })
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Item[] | { chunk?: { animals?: Item[] } })
    const all = lines.flatMap((line) => (Array.isArray(line) ? line : (line.chunk?.animals ?? [])))
    return new Map(all.map((item) => [`${item.type}/${item.id}`, item]))
  }

  test('holds all that was acknowledged', async () => {
    const all = await items()
    for (const { id, note, privateNote, place, scientificName } of entries) {
      const entry = all.get(`entry/${id}`) as unknown as OwnEntry
      expect(entry).toMatchObject({
        ...(note ? { note } : {}),
        ...(privateNote ? { privateNote } : {}),
        ...(place ? { place } : {}),
      })
      expect(all.get(`animal/${entry.animal}`)).toMatchObject({ scientificName })
    }
    expect(all.get(`outing/${yesterday.outing.id}`)).toMatchObject({ name: yesterday.outing.name })
    expect(all.has(`trash/${yesterday.trash}`)).toBe(true)
    expect([...all.values()].filter(({ type }) => type === 'conflict')).toMatchObject([{ lost: yesterday.lost }])
  })

  test('holds every state that an entry was in', async () => {
    for (const { id } of entries) {
      const { json } = await server.ask('GET', `/api/v2/entries/${id}/history`, {
        headers: { authorization: `Bearer ${phone.token}` },
      })
      const { revisions } = json as { revisions: readonly { n: number; changes: readonly { op?: string }[] }[] }
      expect(revisions.map(({ n }) => n)).toEqual(revisions.map((_, at) => revisions.length - at))
      expect(revisions.at(-1)?.changes[0]).toMatchObject({ op: 'create' })
    }
  })

  test('holds the pictures byte for byte, and what was made of them', async () => {
    for (const { id: entry, pictures } of entries) {
      const { images = [] } = (await phone.entry(entry)) ?? {}
      const kept = await Promise.all(
        images.map(async ({ id: image, renditions }) => {
          const at = { entry, image, bytes: new Uint8Array() }
          const { body } = await phone.picture(at, 'wall')
          expect(createHash('sha256').update(body).digest('hex')).toBe(renditions?.wall?.sha256)
          return createHash('sha256')
            .update((await phone.picture(at, 'original')).body)
            .digest('hex')
        }),
      )
      expect(kept).toEqual(pictures)
    }
  })

  test('goes on with an upload that was half there', async () => {
    const announced = { entry: half.entry, image: half.image, bytes: Buffer.from(half.bytes, 'base64') }
    expect(await phone.standing(announced)).toMatchObject({ status: 200, offset: half.sent })
    expect(await phone.append(announced, half.sent)).toMatchObject({ status: 204 })
    await server.ctx.jobs.idle()
    expect(await phone.image(announced)).toMatchObject({ state: 'ready' })
    expect((await phone.picture(announced, 'original')).body.equals(announced.bytes)).toBe(true)
  })

  test('brings back what lies in the trash, and takes changes of what is old', async () => {
    await phone.mutate('entry', yesterday.trash, 'restore')
    expect(await phone.entry(yesterday.trash)).toMatchObject({ visibility: 'private' })
    await phone.mutate('entry', yesterday.trash, 'update', { count: 3 })
    expect(await phone.entry(yesterday.trash)).toMatchObject({ count: 3 })
    expect(server.logged()).not.toContain('"level":50')
  })
})
