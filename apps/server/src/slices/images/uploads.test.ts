import { randomUUID } from 'node:crypto'
import { UPLOADS_PATH } from '@biologidex/core/images/routes'
import { LIMITS } from '@biologidex/core/limits'
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

  it('takes a picture and shows it on its entry', async () => {
    const one = await phone.announce(await fresh())
    expect(await phone.image(one)).toMatchObject({ state: 'waiting' })
    const made = await phone.create(one)
    expect(made).toMatchObject({ status: 201, offset: 0 })
    expect(made.headers.get('location')).toBe(`${UPLOADS_PATH}/${one.image}`)
    expect(made.headers.get('tus-resumable')).toBe('1.0.0')
    expect(await phone.append(one, 0)).toMatchObject({ status: 204, offset: one.bytes.length })
    expect(await ready(one)).toMatchObject({
      state: 'ready',
      width: 120,
      height: 90,
      thumbhash: expect.any(String),
      renditions: { wall: { sha256: expect.any(String), size: expect.any(Number) } },
    })
  })

  it('says what it speaks', async () => {
    const answer = await phone.send('OPTIONS', UPLOADS_PATH)
    expect(answer.status).toBe(204)
    expect(answer.headers.get('tus-version')).toBe('1.0.0')
    expect(answer.headers.get('tus-extension')).toBe('creation,termination')
    expect(answer.headers.get('tus-max-size')).toBe(String(LIMITS.pictureBytes))
  })

  it('goes on where a cut left it', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    expect(await phone.append(one, 0, 1_000)).toMatchObject({ status: 204, offset: 1_000 })
    const line = phone.hang(one, 1_000, 2_500)
    await expect.poll(async () => (await server.ctx.blobs.draft(await draftOf(one.image)).length()) > 1_000).toBe(true)
    line.cut()
    const { status, offset, headers } = await phone.standing(one)
    expect([status, offset, headers.get('upload-length')]).toEqual([200, 2_500, String(one.bytes.length)])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(await phone.append(one, 2_500)).toMatchObject({ status: 204, offset: one.bytes.length })
    expect(await ready(one)).toMatchObject({ state: 'ready' })
    expect(Buffer.compare((await phone.picture(one, 'original')).body, Buffer.from(one.bytes))).toBe(0)
  })

  it('lets the line of before go when the device comes again, whether it looks open or not', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    const line = phone.hang(one, 0, 700)
    await expect.poll(async () => server.ctx.blobs.draft(await draftOf(one.image)).length()).toBe(700)
    expect(await phone.standing(one)).toMatchObject({ status: 200, offset: 700 })
    await line.closed
    expect(await phone.append(one, 700)).toMatchObject({ status: 204, offset: one.bytes.length })
  })

  it('takes parts that come at the same moment one after the other', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    const parts = await Promise.allSettled([0, 0, 0].map(() => phone.append(one, 0)))
    const statuses = parts.map((part) => (part.status === 'fulfilled' ? part.value.status : 'cut'))
    expect(statuses.every((status) => status === 204 || status === 409 || status === 'cut')).toBe(true)
    const { offset = 0 } = await phone.standing(one)
    expect((await phone.append(one, offset)).status).toBe(204)
    expect(await ready(one)).toMatchObject({ state: 'ready' })
  })

  it('answers the offset to a part that begins elsewhere', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    await phone.append(one, 0, 600)
    for (const from of [0, 599, 601]) {
      const { status, code, body } = await phone.append(one, from)
      expect([status, code, JSON.parse(body.toString()).details]).toEqual([409, 'upload_state', { offset: 600 }])
    }
    expect(await phone.standing(one)).toMatchObject({ offset: 600 })
  })

  it('takes no more than was announced', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    const longer = { ...one, bytes: Buffer.concat([one.bytes, Buffer.from('tail')]) }
    expect(await phone.append(longer, 0)).toMatchObject({ status: 413, code: 'too_large' })
    expect(await phone.upload(one)).toMatchObject({ status: 204 })
  })

  it('has one upload for each image, however often it is created', async () => {
    const one = await phone.announce(await fresh())
    const all = await Promise.all([phone.create(one), phone.create(one), phone.create(one)])
    expect(new Set(all.map((made) => made.headers.get('location'))).size).toBe(1)
    await phone.append(one, 0, 800)
    expect(await phone.create(one)).toMatchObject({ status: 201, offset: 800 })
    const rows = await server.ctx.db.read.selectFrom('uploads').selectAll().where('image_id', '=', one.image).execute()
    expect(rows).toHaveLength(1)
  })

  it('begins again when the draft is gone', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    await phone.append(one, 0, 800)
    await server.ctx.blobs.draft(await draftOf(one.image)).drop()
    expect(await phone.create(one)).toMatchObject({ status: 201, offset: 0 })
    expect(await phone.upload(one)).toMatchObject({ status: 204 })
  })

  it('tells a device whose last answer was lost that all is there, at whatever it asks', async () => {
    const one = await phone.announce(await fresh())
    const size = one.bytes.length
    await phone.upload(one)
    expect(await phone.standing(one)).toMatchObject({ status: 200, offset: size })
    expect(await phone.create(one)).toMatchObject({ status: 201, offset: size })
    expect(await phone.append(one, size)).toMatchObject({ status: 204, offset: size })
    expect(await phone.append(one, 0)).toMatchObject({ status: 409, code: 'upload_state' })
    await ready(one)
    expect(await phone.create(one)).toMatchObject({ status: 201, offset: size })
  })

  it('knows one’s own picture again, without its bytes', async () => {
    const bytes = await fresh()
    const first = await phone.announce(bytes)
    await phone.upload(first)
    const second = await phone.announce(bytes)
    expect(await phone.create(second)).toMatchObject({ status: 201, offset: bytes.length })
    expect(await ready(second)).toMatchObject({ state: 'ready', renditions: (await ready(first))?.renditions as object })
  })

  it('refuses to begin what cannot be', async () => {
    const one = await phone.announce(await fresh())
    const big = { 'upload-length': String(LIMITS.pictureBytes + 1) }
    expect(await phone.create(one, big)).toMatchObject({ status: 413, code: 'picture_too_large' })
    expect(await phone.create({ ...one, image: randomUUID() })).toMatchObject({ status: 422, code: 'missing_target' })
    const bad: Record<string, string>[] = [
      { 'upload-length': String(one.bytes.length + 1) },
      { 'upload-length': '1e3' },
      { 'upload-length': '-1' },
      { 'upload-metadata': 'filename YS5qcGc=' },
      { 'upload-metadata': `image ${btoa('../../etc/passwd')}` },
      { 'tus-resumable': '0.2.2' },
    ]
    for (const headers of bad) {
      expect(await phone.create(one, headers)).toMatchObject({ status: 400, code: 'invalid_input' })
    }
    await phone.create(one)
    const badParts: Record<string, string>[] = [{ 'upload-offset': 'x' }, { 'tus-resumable': '9' }]
    for (const headers of badParts) {
      expect(await phone.append(one, 0, 10, headers)).toMatchObject({ status: 400, code: 'invalid_input' })
    }
    expect((await phone.append(one, 0, 10, { 'content-type': 'image/jpeg' })).status).toBe(400)
    expect(await phone.standing(one)).toMatchObject({ offset: 0 })
  })

  it('gives an upload up when asked', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    await phone.append(one, 0, 900)
    expect((await phone.terminate(one)).status).toBe(204)
    expect(await phone.terminate(one)).toMatchObject({ status: 410, code: 'upload_gone' })
    expect((await phone.standing(one)).status).toBe(410)
    expect(await phone.create(one)).toMatchObject({ status: 201, offset: 0 })
  })

  it('shows uploads to their owner alone', async () => {
    const stranger = await PictureClient.signUp(server.url)
    const one = await phone.announce(await fresh())
    await phone.create(one)
    const missing = { ...one, image: randomUUID() }
    for (const answers of [
      [await stranger.standing(one), await stranger.standing(missing)],
      [await stranger.append(one, 0, 10), await stranger.append(missing, 0, 10)],
      [await stranger.terminate(one), await stranger.terminate(missing)],
    ]) {
      expect(answers.map((answer) => answer.status)).toEqual([404, 404])
      expect(answers[0]?.body).toEqual(answers[1]?.body)
    }
    expect(await stranger.create(one)).toMatchObject({ status: 422, code: 'missing_target' })
    const nobody = phone.at(server.url)
    Object.assign(nobody, { token: '' })
    expect((await nobody.create(one)).status).toBe(401)
    expect((await nobody.append(one, 0, 10)).status).toBe(401)
  })

  it('takes nothing for an image that was deleted meanwhile, and keeps nothing of it', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    await phone.append(one, 0, 900)
    const draft = await draftOf(one.image)
    await phone.mutate('image', one.image, 'delete')
    expect(await phone.append(one, 900)).toMatchObject({ status: 404, code: 'not_found' })
    expect(await phone.create(one)).toMatchObject({ status: 422, code: 'missing_target' })
    expect(await draftOf(one.image)).toBe('none')
    await expect.poll(() => server.ctx.blobs.draft(draft).length()).toBe(0)
  })

  it('keeps nothing of a part that was arriving when its image was deleted', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    const draft = await draftOf(one.image)
    const line = phone.hang(one, 0, 2_000)
    await expect.poll(() => server.ctx.blobs.draft(draft).length()).toBe(2_000)
    await phone.mutate('image', one.image, 'delete')
    line.cut()
    await line.closed
    expect(await phone.standing(one)).toMatchObject({ status: 404 })
    await expect.poll(() => server.ctx.blobs.draft(draft).length()).toBe(0)
  })

  it('takes a picture that came back from the bin, from its beginning', async () => {
    const one = await phone.announce(await fresh())
    await phone.create(one)
    await phone.append(one, 0, 900)
    await phone.mutate('image', one.image, 'delete')
    expect(await phone.image(one)).toBeUndefined()
    await phone.mutate('image', one.image, 'restore')
    expect(await phone.image(one)).toMatchObject({ state: 'waiting' })
    expect(await phone.create(one)).toMatchObject({ status: 201, offset: 0 })
    expect(await phone.upload(one)).toMatchObject({ status: 204 })
    expect(await ready(one)).toMatchObject({ state: 'ready' })
  })
})
