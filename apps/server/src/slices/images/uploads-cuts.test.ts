import { Readable } from 'node:stream'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Announced, PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Uploads } from './uploads.service.ts'
import { findUpload } from './uploads.store.ts'

/** A body that brings bytes in small pieces and is then cut, or ends. */
function bodyOf(bytes: Uint8Array, cut: boolean): Readable {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 50) yield Buffer.from(bytes.subarray(at, at + 50))
    if (cut) throw new Error('aborted')
  }
  return Readable.from(pieces(), { objectMode: false })
}

eachDatabase((_name, databases) => {
  let server: TestServer
  let phone: PictureClient
  let bytes: Buffer

  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    phone = await PictureClient.signUp(server.url)
    bytes = await pictures.png({ width: 12, height: 9 })
  })
  afterAll(() => server.close())

  /** The same picture, other bytes: what follows the end of a PNG is not looked at. */
  const another = (tail: number) => Buffer.concat([bytes, Buffer.from(`tail ${tail}`)])

  /** Sends up to `to`, then cuts. */
  async function sendCut(uploads: Uploads, one: Announced, from: number, to: number): Promise<void> {
    const part = { offset: from, body: bodyOf(one.bytes.subarray(from, to), true), length: one.bytes.length - from }
    await expect(uploads.append(phone.account, one.image, part)).rejects.toMatchObject({ code: 'upload_state' })
  }

  it('goes on at any cut with exactly the bytes that arrived (I2)', async () => {
    let tail = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 5 }), async (points) => {
        tail += 1
        const one = await phone.announce(another(tail))
        await new Uploads(server.ctx).create(phone.account, one.image, one.bytes.length)
        let at = 0
        for (const point of points.sort((a, b) => a - b)) {
          await sendCut(new Uploads(server.ctx), one, at, point)
          at = (await new Uploads(server.ctx).standing(phone.account, one.image)).offset
          expect(at).toBe(point)
        }
        const rest = { offset: at, body: bodyOf(one.bytes.subarray(at), false), length: undefined }
        const end = await new Uploads(server.ctx).append(phone.account, one.image, rest)
        expect(end).toEqual({ offset: one.bytes.length, size: one.bytes.length })
        expect(Buffer.compare((await phone.picture(one, 'original')).body, Buffer.from(one.bytes))).toBe(0)
        expect(await findUpload(server.ctx.db.read, phone.account, one.image)).toBeUndefined()
      }),
      { numRuns: 12 },
    )
  })

  it('finishes by itself when the cut came after the last byte', async () => {
    const one = await phone.announce(another(1_000))
    const uploads = new Uploads(server.ctx)
    await uploads.create(phone.account, one.image, one.bytes.length)
    await sendCut(uploads, one, 0, one.bytes.length)
    const size = one.bytes.length
    expect(await uploads.standing(phone.account, one.image)).toEqual({ offset: size, size })
    expect(await phone.image(one)).toMatchObject({ state: expect.stringMatching(/processing|ready/) })
  })

  it('writes the offset to the row before it acknowledges', async () => {
    const one = await phone.announce(another(2_000))
    await phone.create(one)
    await phone.append(one, 0, 77)
    expect(await findUpload(server.ctx.db.read, phone.account, one.image)).toMatchObject({ offset: 77 })
  })
})
