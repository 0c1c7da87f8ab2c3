import { createHash } from 'node:crypto'
import { eachDatabase } from '@biologidex/test-kit/databases'
import {
  avif,
  bomb,
  gif,
  heicLike,
  html,
  photograph,
  png,
  QUARTERS,
  svg,
  truncatedJpeg,
  webp,
} from '@biologidex/test-kit/pictures'
import { type Answer, accountOf, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'

const AVATAR = '/api/v2/accounts/me/avatar'

interface Got {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
}

eachDatabase((_name, databases) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
  })
  afterAll(() => server.close())

  const put = async (headers: Record<string, string>, body: Uint8Array, type = 'image/jpeg') => {
    const answer = await fetch(server.url + AVATAR, {
      method: 'PUT',
      headers: { ...headers, 'content-type': type },
      body: new Uint8Array(body),
    })
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
  const get = async (dex: string, headers: Record<string, string>): Promise<Got> => {
    const answer = await fetch(`${server.url}/api/v2/dex/${dex}/avatar`, { headers })
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
  }
  const avatars = async (account: string) => {
    const rows = await server.ctx.db.read
      .selectFrom('feeds as f')
      .innerJoin('feed_items as i', 'i.feed_id', 'f.id')
      .select(['f.kind', 'i.payload'])
      .where('f.owner_id', '=', account)
      .where('i.item', '=', `profile/${account}`)
      .execute()
    return Object.fromEntries(rows.map(({ kind, payload }) => [kind, JSON.parse(payload ?? '{}').avatar]))
  }
  const newcomer = async (name: string) => {
    const up = await server.signUp(name, 'bearer')
    return { id: accountOf(up), headers: sessionOf(up) }
  }

  it('keeps a square of pixels and nothing else of the file, in the profile of all three feeds', async () => {
    const { id, headers } = await newcomer('ada')
    const original = await photograph({ width: 900, height: 300, orientation: 6 })
    const { status, json } = await put(headers, original)
    expect(status).toBe(200)
    const got = await get(id, headers)
    const { format, width, height, exif, xmp, icc } = await sharp(got.bytes).metadata()
    expect({ format, width, height, exif, xmp, icc }).toEqual({ format: 'webp', width: 256, height: 256 })
    expect(original.includes('Fieldphone')).toBe(true)
    expect(got.bytes.includes('Fieldphone')).toBe(false)
    expect(createHash('sha256').update(got.bytes).digest('hex')).toBe(json.sha256)
    expect(got.headers.get('content-type')).toBe('image/webp')
    expect(got.headers.get('cache-control')).toBe('private, no-store')
    const rendition = { sha256: json.sha256, size: got.bytes.length }
    expect(await avatars(id)).toEqual({ owner: rendition, friends: rendition, public: rendition })
  })

  it('puts the picture upright, its middle in the square', async () => {
    const { id, headers } = await newcomer('hertha')
    await put(headers, await photograph({ width: 300, height: 400, orientation: 6 }))
    const pixels = await sharp((await get(id, headers)).bytes)
      .raw()
      .toBuffer()
    const near = (x: number, y: number) => [...pixels.subarray((y * 256 + x) * 3, (y * 256 + x) * 3 + 3)]
    const corners = [near(40, 40), near(216, 40), near(40, 216), near(216, 216)]
    for (const [index, colour] of QUARTERS.entries()) {
      for (const [channel, value] of colour.entries()) {
        expect(Math.abs((corners[index]?.[channel] ?? 0) - value)).toBeLessThan(50)
      }
    }
  })

  it('takes every kind that can be shown, whatever the file says it is', async () => {
    const { headers } = await newcomer('grace')
    const size = { width: 30, height: 20 }
    const kinds = [await png(size), await webp(size), await avif(size), await gif(30, 20, [1, 2, 3], [4, 5, 6])]
    for (const bytes of kinds) expect((await put(headers, bytes, 'text/html')).status).toBe(200)
  })

  it('refuses what is no picture, is dangerous or cannot be shown, and keeps the one that is there', async () => {
    const { id, headers } = await newcomer('mary')
    await put(headers, await png({ width: 30, height: 20 }))
    const before = await avatars(id)
    const cases: [Uint8Array, string][] = [
      [html(), 'not_a_picture'],
      [new Uint8Array(0), 'not_a_picture'],
      [svg(), 'picture_type_refused'],
      [heicLike(4_000), 'picture_type_refused'],
      [await truncatedJpeg({ width: 400, height: 300 }), 'picture_damaged'],
      [await bomb(11_000), 'picture_too_many_pixels'],
    ]
    for (const [bytes, code] of cases) expect((await put(headers, bytes)).json.code).toBe(code)
    expect((await put(headers, new Uint8Array(50_000_001))).json.code).toBe('picture_too_large')
    expect(await avatars(id)).toEqual(before)
  })

  it('shows it to who has an account; none and no dex at all answer the same', async () => {
    const [one, other, none] = [await newcomer('curie'), await newcomer('noether'), await newcomer('meitner')]
    await put(one.headers, await png({ width: 30, height: 20 }))
    const answers = [
      await get(none.id, other.headers),
      await get(none.id, none.headers),
      await get('00000000-0000-4000-8000-000000000000', one.headers),
    ]
    const seen = ({ status, bytes }: Got) => ({ status, text: bytes.toString() })
    expect(answers[0]?.status).toBe(404)
    const [first, ...others] = answers.map(seen)
    for (const other of others) expect(other).toEqual(first)
    expect((await get(one.id, other.headers)).status).toBe(200)
    expect((await get(one.id, {})).status).toBe(401)
  })

  it('takes it away in every feed', async () => {
    const { id, headers } = await newcomer('lamarr')
    await put(headers, await png({ width: 30, height: 20 }))
    const answer: Answer = await server.ask('DELETE', AVATAR, { headers })
    expect(answer.json).toEqual({ removed: true })
    expect(await avatars(id)).toEqual({ owner: undefined, friends: undefined, public: undefined })
    expect((await get(id, headers)).status).toBe(404)
  })
})
