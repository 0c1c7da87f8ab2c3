import { randomBytes } from 'node:crypto'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'

eachDatabase((_name, databases) => {
  let server: TestServer
  let phone: PictureClient

  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    phone = await PictureClient.signUp(server.url)
  })
  afterAll(() => server.close())

  /** A photo that no other test has sent. */
  const fresh = () => pictures.photograph({ width: 120, height: 90, seed: Math.floor(Math.random() * 2 ** 31) })
  const ready = async (one: Awaited<ReturnType<PictureClient['announce']>>) => {
    await server.ctx.jobs.idle()
    return phone.image(one)
  }

  const draftOf = async (image: string): Promise<string> => {
    const row = await server.ctx.db.read.selectFrom('uploads').select('id').where('image_id', '=', image).executeTakeFirst()
    return row?.id ?? 'none'
  }

  it('never knows another’s picture again: that would tell that it is here (I3)', async () => {
    const stranger = await PictureClient.signUp(server.url)
    const bytes = await fresh()
    await phone.upload(await phone.announce(bytes))
    const theirs = await stranger.announce(bytes)
    expect(await stranger.create(theirs)).toMatchObject({ status: 201, offset: 0 })
    expect((await stranger.picture(theirs, 'original')).status).toBe(404)
  })

  it('gives nothing to who announces a known checksum and sends something else (I3)', async () => {
    const thief = await PictureClient.signUp(server.url)
    const bytes = await fresh()
    await phone.upload(await phone.announce(bytes))
    const page = pictures.html(bytes.length)
    const claim = await thief.announce(bytes)
    expect(await thief.upload({ ...claim, bytes: page })).toMatchObject({ status: 415 })
    const again = await thief.announce(bytes)
    expect(await thief.create(again)).toMatchObject({ status: 201, offset: 0 })
    expect((await thief.picture(claim, 'original')).status).toBe(404)
    const noise = Buffer.concat([bytes.subarray(0, 600), randomBytes(bytes.length - 600)])
    expect(await thief.append({ ...again, bytes: noise }, 0)).toMatchObject({ status: 422, code: 'checksum_mismatch' })
    expect((await thief.picture(again, 'original')).status).toBe(404)
  })

  it('lets a picture be sent again whose bytes were not the announced ones', async () => {
    const one = await phone.announce(await fresh())
    const wrong = { ...one, bytes: Buffer.concat([one.bytes.subarray(0, -1), Buffer.from([1])]) }
    expect(await phone.upload(wrong)).toMatchObject({ status: 422, code: 'checksum_mismatch' })
    expect(await phone.image(one)).toMatchObject({ state: 'waiting' })
    expect((await phone.standing(one)).status).toBe(410)
    expect(await phone.append(one, 0)).toMatchObject({ status: 410, code: 'upload_gone' })
    expect(await phone.upload(one)).toMatchObject({ status: 204 })
    expect(await ready(one)).toMatchObject({ state: 'ready' })
  })

  it.each([
    ['a page', () => pictures.html(9_000), 'not_a_picture', 415],
    ['a short page', () => pictures.html(60), 'not_a_picture', 415],
    ['noise', () => randomBytes(3_000), 'not_a_picture', 415],
    ['an SVG', () => pictures.svg(), 'picture_type_refused', 415],
    ['a TIFF', () => pictures.tiff(), 'picture_type_refused', 415],
  ])('turns %s away, and says so on its entry', async (_what, make, code, status) => {
    const one = await phone.announce(make(), { mediaType: 'image/jpeg' })
    expect(await phone.upload(one)).toMatchObject({ status, code })
    expect(await phone.image(one)).toMatchObject({ state: 'failed', reason: code })
    expect(await phone.create(one)).toMatchObject({ status, code })
    expect((await phone.standing(one)).status).toBe(410)
    expect((await phone.picture(one, 'original')).status).toBe(404)
    expect(await draftOf(one.image)).toBe('none')
  })

  it('turns a page away from its first bytes on, however it is cut into parts', async () => {
    const one = await phone.announce(pictures.html(4_000))
    await phone.create(one)
    expect(await phone.append(one, 0, 200)).toMatchObject({ status: 204, offset: 200 })
    expect(await phone.append(one, 200, 800)).toMatchObject({ status: 415, code: 'not_a_picture' })
    expect(await phone.image(one)).toMatchObject({ state: 'failed', reason: 'not_a_picture' })
  })

  it.each([
    ['a truncated JPEG', () => pictures.truncatedJpeg({ width: 300, height: 200 }), 'picture_damaged'],
    ['a decompression bomb', () => pictures.bomb(20_000), 'picture_too_many_pixels'],
  ])('keeps %s and says on its entry that it can’t be shown', async (_what, make, reason) => {
    const one = await phone.announce(await make())
    expect(await phone.upload(one)).toMatchObject({ status: 204 })
    expect(await ready(one)).toMatchObject({ state: 'failed', reason })
    expect(Buffer.compare((await phone.picture(one, 'original')).body, Buffer.from(one.bytes))).toBe(0)
    expect(await phone.create(one)).toMatchObject({ status: 201, offset: one.bytes.length })
  })

  it('keeps HEIC byte for byte and says that it can’t be shown yet', async () => {
    const one = await phone.announce(pictures.heicLike(5_000), { mediaType: 'image/jpeg' })
    expect(await phone.upload(one)).toMatchObject({ status: 204 })
    expect(await ready(one)).toMatchObject({
      state: 'failed',
      reason: 'picture_format_later',
      original: { type: 'image/heic' },
    })
    const original = await phone.picture(one, 'original')
    expect(original.headers.get('content-type')).toBe('image/heic')
    expect(Buffer.compare(original.body, Buffer.from(one.bytes))).toBe(0)
  })

  it('goes by what a picture is, not by what it was announced as', async () => {
    const one = await phone.announce(await pictures.png({ width: 30, height: 20 }), { mediaType: 'image/jpeg' })
    await phone.upload(one)
    expect(await ready(one)).toMatchObject({ state: 'ready', original: { type: 'image/png' } })
  })
})
