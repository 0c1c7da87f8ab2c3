import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Announced, PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Context } from '../../context.ts'
import { runRenditionJob } from './images.service.ts'
import { imagesOf, updateImage } from './images.store.ts'

eachDatabase((_name, databases) => {
  let server: TestServer
  let phone: PictureClient

  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    phone = await PictureClient.signUp(server.url)
  })
  afterAll(() => server.close())

  async function uploaded(seed: number): Promise<Announced> {
    const one = await phone.announce(await pictures.photograph({ width: 90, height: 60, seed }))
    await phone.upload(one)
    await server.ctx.jobs.idle()
    return one
  }
  const payloadOf = ({ image }: Announced) => JSON.stringify({ owner: phone.account, image })
  const put = (one: Announced, set: Parameters<typeof updateImage>[3]) =>
    server.ctx.db.write((tx) => updateImage(tx, phone.account, one.image, set))

  it('comes to the same end when a job runs again', async () => {
    const one = await uploaded(1)
    const before = await phone.image(one)
    expect(before).toMatchObject({ state: 'ready' })
    await put(one, { state: 'processing', renditions: null, thumbhash: null, width: null, height: null })
    await Promise.all([1, 2].map(() => runRenditionJob(server.ctx, payloadOf(one), false)))
    expect(await phone.image(one)).toEqual(before)
    await runRenditionJob(server.ctx, payloadOf(one), false)
    expect(await phone.image(one)).toEqual(before)
  })

  it('has nothing to do for an image that is gone', async () => {
    const one = await uploaded(2)
    await phone.mutate('image', one.image, 'delete')
    await runRenditionJob(server.ctx, payloadOf(one), false)
    expect(await phone.image(one)).toBeUndefined()
  })

  it('leaves an image as it is while the fault may be the server’s, and says so after the last attempt', async () => {
    const one = await uploaded(3)
    await put(one, { state: 'processing' })
    const blobs = { ...server.ctx.blobs, readAll: () => Promise.reject(new Error('EIO: the disk is gone')) }
    const ctx: Context = { ...server.ctx, blobs }
    await expect(runRenditionJob(ctx, payloadOf(one), false)).rejects.toThrow('EIO')
    expect((await imagesOf(server.ctx.db.read, phone.account, [one.entry])).get(one.entry)?.[0]?.state).toBe('processing')
    await expect(runRenditionJob(ctx, payloadOf(one), true)).rejects.toThrow('EIO')
    expect(await phone.image(one)).toMatchObject({ state: 'failed', reason: 'internal' })
  })

  it('lists pictures by entry, in order of position, then id', async () => {
    const first = await uploaded(4)
    const more = []
    for (const position of [2, 1, 1]) {
      const one = await phone.announce(first.bytes, { entry: first.entry })
      await put(one, { position })
      more.push({ position, id: one.image })
    }
    more.push({ position: 0, id: first.image })
    more.sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
    const other = await uploaded(5)
    const found = await imagesOf(server.ctx.db.read, phone.account, [first.entry, other.entry, other.image])
    expect(found.get(first.entry)?.map((part) => part.id)).toEqual(more.map((one) => one.id))
    expect([...found.keys()].sort()).toEqual([first.entry, other.entry].sort())
    expect(await imagesOf(server.ctx.db.read, phone.account, [])).toEqual(new Map())
  })
})
