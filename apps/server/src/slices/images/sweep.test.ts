import { createHash, randomUUID } from 'node:crypto'
import { readdir, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Announced, PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Context } from '../../context.ts'
import { purgeImages } from './purge.service.ts'
import { runSweepJob } from './sweep.service.ts'

const DAY = 86_400_000

eachDatabase((_name, databases) => {
  let server: TestServer
  let dataDir: string
  let ann: PictureClient
  let ben: PictureClient

  beforeAll(async () => {
    const settings = await databases.settings()
    dataDir = settings.dataDir
    server = await startTestServer(settings, { LOG_LEVEL: 'info' })
    ann = await PictureClient.signUp(server.url)
    ben = await PictureClient.signUp(server.url)
  })
  afterAll(() => server.close())

  beforeEach(async () => {
    // Pictures of the test before may still be in the making.
    await server.ctx.jobs.idle()
    await server.ctx.db.write(async ({ q }) => {
      for (const table of ['images', 'uploads', 'garbage'] as const) await q.deleteFrom(table).execute()
    })
    for (const sha256 of await blobs()) await server.ctx.blobs.remove(sha256, async () => true)
    for await (const { name } of server.ctx.blobs.drafts()) await server.ctx.blobs.draft(name).drop()
  })

  const photo = (seed = Math.floor(Math.random() * 2 ** 31)) => pictures.photograph({ width: 560, height: 20, seed })
  const blobs = async () => {
    const found = []
    for await (const { sha256 } of server.ctx.blobs.list()) found.push(sha256)
    return found
  }

  async function kept(phone: PictureClient, bytes: Uint8Array): Promise<Announced> {
    const one = await phone.announce(bytes)
    expect((await phone.upload(one)).status).toBe(204)
    await server.ctx.jobs.idle()
    return one
  }

  /** As if all of this had been `ms` earlier: files, marks and the bin. */
  async function later(ms: number): Promise<void> {
    const names = await readdir(dataDir, { recursive: true, withFileTypes: true })
    for (const file of names.filter((one) => one.isFile() && !one.name.includes('sqlite'))) {
      const path = join(file.parentPath, file.name)
      const then = new Date((await stat(path)).mtimeMs - ms)
      await utimes(path, then, then)
    }
    await server.ctx.db.write(async ({ q }) => {
      await q
        .updateTable('garbage')
        .set((eb) => ({ since: eb('since', '-', ms) }))
        .execute()
      await q
        .updateTable('images')
        .set((eb) => ({ deleted_at: eb('deleted_at', '-', ms) }))
        .execute()
    })
  }

  const sweep = (ctx: Context = server.ctx) => runSweepJob(ctx, '')
  const purge = (phone: PictureClient, { entry }: Announced) =>
    server.ctx.db.write(async (tx) => {
      await tx.lockOwner(phone.account)
      await purgeImages(tx, server.ctx, phone.account, [entry])
    })

  it('collects original and renditions a day after the last reference went, not before (I5)', async () => {
    const one = await kept(ann, await photo())
    const stays = await kept(ann, await photo())
    await later(40 * DAY)
    await ann.mutate('image', one.image, 'delete')
    await sweep()
    expect(await blobs()).toHaveLength(6)
    await later(31 * DAY)
    await sweep()
    expect(await blobs()).toHaveLength(6)
    await later(DAY - 60_000)
    await sweep()
    expect(await blobs()).toHaveLength(6)
    await later(120_000)
    await sweep()
    expect(await blobs()).toHaveLength(3)
    expect((await ann.picture(stays, 'original')).status).toBe(200)
    expect((await ann.picture(stays, 'wall')).status).toBe(200)
    expect(await server.ctx.db.read.selectFrom('garbage').selectAll().execute()).toEqual([])
  })

  it('never collects what another owner refers to, in the bin too', async () => {
    const bytes = await photo()
    const [mine, hers] = [await kept(ben, bytes), await kept(ann, bytes)]
    await purge(ann, hers)
    for (let day = 0; day < 3; day += 1) {
      await later(2 * DAY)
      await sweep()
    }
    expect(await blobs()).toHaveLength(3)
    await ben.mutate('image', mine.image, 'delete')
    for (let day = 0; day < 3; day += 1) {
      await later(2 * DAY)
      await sweep()
    }
    await ben.mutate('image', mine.image, 'restore')
    expect((await ben.picture(mine, 'original')).status).toBe(200)
    expect((await ben.picture(mine, 'screen')).status).toBe(200)
  })

  it('never collects a profile’s picture while a profile has it', async () => {
    const sha256 = await server.ctx.blobs.put(await photo())
    const set = (avatar: string | null) =>
      server.ctx.db.write((tx) => tx.q.updateTable('accounts').set({ avatar }).where('id', '=', ann.account).execute())
    await set(JSON.stringify({ sha256, size: 3 }))
    await sweep()
    await later(3 * DAY)
    await sweep()
    expect(await blobs()).toEqual([sha256])
    await set(null)
    await sweep()
    await later(2 * DAY)
    await sweep()
    expect(await blobs()).toEqual([])
  })

  it('keeps the bytes of an upload that comes at the very moment of collection', async () => {
    const bytes = await photo()
    const one = await kept(ann, bytes)
    await purge(ann, one)
    await later(2 * DAY)
    let uploaded: Promise<Announced> | undefined
    const interrupted: Context['blobs'] = {
      ...server.ctx.blobs,
      remove: (sha256, mayGo) =>
        server.ctx.blobs.remove(sha256, async (age) => {
          // Out of reach, not decided yet: now the other one sends the same picture.
          const goes = await mayGo(age)
          uploaded ??= kept(ben, bytes)
          await uploaded
          return goes
        }),
    }
    await sweep({ ...server.ctx, blobs: interrupted })
    const his = await uploaded
    if (!his) throw new Error('nothing was collected')
    for (const name of ['original', 'wall', 'screen']) expect((await ben.picture(his, name)).status).toBe(200)
    await sweep()
    for (const name of ['original', 'wall', 'screen']) expect((await ben.picture(his, name)).status).toBe(200)
  })

  it('looks again when a blob can no longer be read: what somebody refers to by then is back', async () => {
    const bytes = await photo()
    await purge(ann, await kept(ann, bytes))
    await later(2 * DAY)
    let announced: Promise<Announced> | undefined
    const slow: Context['blobs'] = {
      ...server.ctx.blobs,
      remove: (sha256, mayGo) =>
        server.ctx.blobs.remove(sha256, async (age) => {
          announced ??= ben.announce(bytes)
          await announced
          return mayGo(age)
        }),
    }
    await sweep({ ...server.ctx, blobs: slow })
    expect(await announced).toBeDefined()
    expect(await blobs()).toEqual([createHash('sha256').update(bytes).digest('hex')])
  })

  it('loses nothing where sweeps and uploads of the same bytes run into each other', async () => {
    const photos = await Promise.all(Array.from({ length: 4 }, () => photo()))
    for (const bytes of photos) await purge(ann, await kept(ann, bytes))
    await later(2 * DAY)
    const each = async (phone: PictureClient) => {
      const sent = []
      for (const bytes of photos) sent.push({ phone, one: await kept(phone, bytes) })
      return sent
    }
    const [sent, also] = await Promise.all([each(ann), each(ben), sweep(), sweep(), sweep()])
    await server.ctx.jobs.idle()
    for (const { phone, one } of [...sent, ...also]) {
      for (const name of ['original', 'wall', 'screen']) expect((await phone.picture(one, name)).status).toBe(200)
    }
  })

  it('keeps what a picture refers to again, for a day from the next time it does not', async () => {
    const bytes = await photo()
    await purge(ann, await kept(ann, bytes))
    await later(DAY / 2)
    const again = await kept(ann, bytes)
    await later(2 * DAY)
    await sweep()
    expect((await ann.picture(again, 'original')).status).toBe(200)
    await purge(ann, again)
    await sweep()
    expect(await blobs()).toHaveLength(3)
  })

  it('keeps an upload’s bytes that were verified before a crash and are not on their entry yet', async () => {
    const one = await ann.announce(await photo())
    await ann.create(one)
    const upload = await server.ctx.db.read.selectFrom('uploads').selectAll().executeTakeFirstOrThrow()
    const sha256 = await server.ctx.blobs.put(one.bytes)
    await server.ctx.db.write((tx) => tx.q.updateTable('uploads').set({ offset: upload.size }).execute())
    await later(3 * DAY)
    await sweep()
    await sweep()
    expect(await server.ctx.blobs.has(sha256)).toBe(true)
    expect(await ann.standing(one)).toMatchObject({ status: 200, offset: one.bytes.length })
  })

  it('drops lost drafts a day later, and none that an upload goes on with', async () => {
    const one = await ann.announce(await photo())
    await ann.create(one)
    await ann.append(one, 0, 500)
    const lost = server.ctx.blobs.draft(randomUUID())
    const bytes = async function* () {
      yield Buffer.from('left by a crash')
    }
    await lost.append(0, bytes(), 100)
    await sweep()
    expect(await lost.length()).toBe(15)
    await later(2 * DAY)
    await sweep()
    expect(await lost.length()).toBe(0)
    expect(await ann.standing(one)).toMatchObject({ offset: 500 })
    // The image of an upload is nowhere: older releases left such uploads behind.
    await server.ctx.db.write((tx) => tx.q.deleteFrom('images').execute())
    await sweep()
    expect(await readdir(join(dataDir, 'drafts'))).toEqual([])
    expect(await server.ctx.db.read.selectFrom('uploads').selectAll().execute()).toEqual([])
  })

  it('says numbers to the log, no names, and forgets marks of what is gone', async () => {
    const one = await kept(ann, await photo())
    await purge(ann, one)
    await later(2 * DAY)
    await sweep()
    const line = server
      .logged()
      .split('\n')
      .findLast((text) => text.includes('collected'))
    expect(JSON.parse(line ?? '{}')).toMatchObject({ seen: 3, collected: 3, bytes: expect.any(Number) })
    expect(server.logged()).not.toContain(one.image)
    await server.ctx.db.write((tx) =>
      tx.q
        .insertInto('garbage')
        .values({ sha256: 'a'.repeat(64), since: 1 })
        .execute(),
    )
    await sweep()
    expect(await server.ctx.db.read.selectFrom('garbage').selectAll().execute()).toEqual([])
  })
})
