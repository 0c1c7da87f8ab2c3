import { createHash, randomUUID } from 'node:crypto'
import { LIMITS } from '@biologidex/core/limits'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { updateImage } from './images.store.ts'
import { runSweepJob } from './sweep.service.ts'

const DAY = 86_400_000

eachDatabase((_name, databases) => {
  let server: TestServer
  let phone: PictureClient

  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    phone = await PictureClient.signUp(server.url)
  })
  afterAll(() => server.close())

  const photo = (seed: number) => pictures.photograph({ width: 60, height: 40, seed })
  const shown = async (entry: string) => (await phone.entry(entry))?.images?.map(({ id }) => id) ?? []
  const binned = (image: string, days: number) =>
    server.ctx.db.write((tx) => updateImage(tx, phone.account, image, { deleted_at: Date.now() - days * DAY }))

  it('takes a picture off its entry at once, for every reader, and gives it back as it was', async () => {
    const one = await phone.announce(await photo(1))
    await phone.upload(one)
    await server.ctx.jobs.idle()
    const before = await phone.image(one)
    await phone.mutate('image', one.image, 'delete')
    await phone.mutate('image', one.image, 'delete')
    expect(await shown(one.entry)).toEqual([])
    expect((await phone.picture(one, 'wall')).status).toBe(404)
    expect((await phone.picture(one, 'original')).status).toBe(404)
    await phone.mutate('image', one.image, 'restore')
    await phone.mutate('image', one.image, 'restore')
    expect(await phone.image(one)).toEqual(before)
    expect((await phone.picture(one, 'wall')).status).toBe(200)
  })

  it('makes a picture ready that goes to the bin and back while it is worked on', async () => {
    const one = await phone.announce(await photo(2))
    await phone.upload(one)
    await phone.mutate('image', one.image, 'delete')
    await server.ctx.jobs.idle()
    await phone.mutate('image', one.image, 'restore')
    expect(await phone.image(one)).toMatchObject({ state: 'ready' })
  })

  it('lets another picture stand for the entry when the chosen one goes', async () => {
    const first = await phone.announce(await photo(3))
    const second = await phone.announce(await photo(4), { entry: first.entry })
    await phone.mutate('entry', first.entry, 'update', { primaryImage: second.image, visibility: 'public' })
    await phone.mutate('image', second.image, 'delete')
    expect(await phone.entry(first.entry)).toMatchObject({ images: [{ id: first.image }] })
    await phone.mutate('image', second.image, 'restore')
    expect(await phone.entry(first.entry)).toMatchObject({ primaryImage: second.image })
  })

  it('takes an announcement that is said again though its entry is deleted by now, and its bytes, for when the entry comes back', async () => {
    const one = await phone.announce(await photo(9))
    await phone.mutate('entry', one.entry, 'delete')
    const sha256 = createHash('sha256').update(one.bytes).digest('hex')
    const announced = { entry: one.entry, sha256, size: one.bytes.length, mediaType: 'image/jpeg' }
    // As by a device that came back from a copy, under a new number (O3).
    await phone.mutate('image', one.image, 'create', announced)
    await expect(phone.mutate('image', randomUUID(), 'create', announced)).rejects.toThrow('missing_target')
    await phone.upload(one)
    await server.ctx.jobs.idle()
    await phone.mutate('entry', one.entry, 'restore')
    expect(await phone.image(one)).toMatchObject({ state: 'ready' })
  })

  it('takes what is said again of a picture whose entry is deleted by now, and refuses what is new', async () => {
    const [one, two] = [await phone.announce(await photo(10)), await phone.announce(await photo(11))]
    await phone.mutate('image', one.image, 'update', { alt: 'A fox.', position: 2 })
    await phone.mutate('image', two.image, 'delete')
    for (const { entry } of [one, two]) await phone.mutate('entry', entry, 'delete')
    await phone.mutate('image', one.image, 'update', { alt: 'A fox.', position: 2 })
    await phone.mutate('image', two.image, 'delete')
    await phone.mutate('image', one.image, 'restore')
    await expect(phone.mutate('image', one.image, 'update', { alt: 'A vixen.' })).rejects.toThrow('missing_target')
    await expect(phone.mutate('image', one.image, 'delete')).rejects.toThrow('missing_target')
    await phone.mutate('entry', one.entry, 'restore')
    expect(await phone.image(one)).toMatchObject({ alt: 'A fox.' })
  })

  it('brings nothing back after 30 days, or into a deleted entry', async () => {
    const one = await phone.announce(await photo(5))
    await phone.mutate('image', one.image, 'delete')
    await binned(one.image, LIMITS.restoreDays + 1)
    await expect(phone.mutate('image', one.image, 'restore')).rejects.toThrow('missing_target')
    const other = await phone.announce(await photo(5))
    await phone.mutate('image', other.image, 'delete')
    await phone.mutate('entry', other.entry, 'delete')
    await expect(phone.mutate('image', other.image, 'restore')).rejects.toThrow('missing_target')
    await expect(phone.mutate('image', randomUUID(), 'restore')).rejects.toThrow('missing_target')
  })

  it('counts what is in the bin neither as a picture nor as room', async () => {
    const first = await phone.announce(await photo(6))
    const { entry, bytes } = first
    for (let i = 1; i < LIMITS.imagesPerEntry; i += 1) await phone.announce(bytes, { entry })
    await expect(phone.announce(bytes, { entry })).rejects.toThrow('at most 20')
    await phone.mutate('image', first.image, 'delete')
    await phone.announce(bytes, { entry })
    await expect(phone.mutate('image', first.image, 'restore')).rejects.toThrow('at most 20')
    expect(await shown(entry)).toHaveLength(LIMITS.imagesPerEntry)
  })

  it('asks what to do with a description that was typed for a picture in the bin', async () => {
    const one = await phone.announce(await photo(7))
    await phone.mutate('image', one.image, 'delete')
    await phone.mutate('image', one.image, 'update', { position: 4 })
    await expect(phone.mutate('image', one.image, 'update', { alt: 'a wren' })).rejects.toThrow('missing_target')
  })

  it('forgets what has been in the bin for longer than 30 days, and nothing else', async () => {
    const [old, young] = [await phone.announce(await photo(8)), await phone.announce(await photo(9))]
    for (const { image } of [old, young]) await phone.mutate('image', image, 'delete')
    await binned(old.image, LIMITS.restoreDays + 1)
    await binned(young.image, LIMITS.restoreDays - 1)
    await runSweepJob(server.ctx, '')
    const rows = await server.ctx.db.read.selectFrom('images').select('id').where('owner_id', '=', phone.account).execute()
    const ids = rows.map(({ id }) => id)
    expect([ids.includes(old.image), ids.includes(young.image)]).toEqual([false, true])
    await phone.mutate('image', young.image, 'restore')
  })
})
