import { randomUUID } from 'node:crypto'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Announced, PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'

eachDatabase((_name, databases) => {
  let server: TestServer
  let phone: PictureClient
  let photo: Announced

  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    phone = await PictureClient.signUp(server.url)
    photo = await phone.announce(await pictures.photograph({ width: 700, height: 500, orientation: 6 }))
    await phone.upload(photo)
    await server.ctx.jobs.idle()
  })
  afterAll(() => server.close())

  it.each(['wall', 'screen'] as const)('serves the rendition %s, for its viewer alone to keep', async (name) => {
    const { status, headers, body } = await phone.picture(photo, name)
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String(body.length),
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    const shown = (await phone.image(photo))?.renditions?.[name]
    expect(shown?.size).toBe(body.length)
    expect(await server.ctx.blobs.has(shown?.sha256 ?? '')).toBe(true)
    const { width, format, exif } = await sharp(body).metadata()
    expect({ width, format, exif }).toEqual({ width: name === 'wall' ? 512 : 700, format: 'webp' })
  })

  it('serves the original byte for byte, to be saved and never shown as a page', async () => {
    const { status, headers, body } = await phone.picture(photo, 'original')
    expect(status).toBe(200)
    expect(Buffer.compare(body, Buffer.from(photo.bytes))).toBe(0)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(photo.bytes.length),
      'content-disposition': `attachment; filename="${photo.image}.jpeg"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
  })

  it('answers the same to what is not there and to what is not theirs', async () => {
    const stranger = await PictureClient.signUp(server.url)
    const waiting = await phone.announce(await pictures.png({ width: 9, height: 9 }))
    const answers = await Promise.all([
      stranger.picture(photo, 'wall', phone.account),
      stranger.picture(photo, 'original', phone.account),
      stranger.picture(photo, 'wall', stranger.account),
      phone.picture(photo, 'wall', randomUUID()),
      phone.picture({ ...photo, image: randomUUID() }, 'wall'),
      phone.picture({ ...photo, entry: waiting.entry }, 'wall'),
      phone.picture(waiting, 'wall'),
      phone.picture(waiting, 'original'),
    ])
    const said = answers.map(({ status, headers, body }) => [status, [...headers.keys()].sort(), body.toString()])
    expect(said[0]?.[0]).toBe(404)
    for (const one of said) expect(one).toEqual(said[0])
  })

  it('needs a session', async () => {
    const nobody = phone.at(server.url)
    Object.assign(nobody, { token: '' })
    expect(await nobody.picture(photo, 'wall')).toMatchObject({ status: 401, code: 'not_signed_in' })
  })

  it('refuses a rendition of another name', async () => {
    expect((await phone.picture(photo, 'huge')).status).toBe(400)
  })

  it('takes a picture back when it is removed, and shows that of a deleted entry in its owner’s trash only', async () => {
    const gone = await phone.announce(photo.bytes)
    await phone.create(gone)
    await server.ctx.jobs.idle()
    expect((await phone.picture(gone, 'wall')).status).toBe(200)
    await phone.mutate('entry', gone.entry, 'delete')
    expect((await phone.picture(gone, 'wall')).status).toBe(200)
    await phone.mutate('entry', gone.entry, 'restore')
    await phone.mutate('image', gone.image, 'delete')
    expect((await phone.picture(gone, 'wall')).status).toBe(404)
    expect((await phone.picture(gone, 'original')).status).toBe(404)
    expect((await phone.picture(photo, 'wall')).status).toBe(200)
  })
})
