import { createHash } from 'node:crypto'
import type { V1Entry, V1SyncEntry } from '@biologidex/core/v1/shapes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { V1Client } from '@biologidex/test-kit/v1-client'
import { age, TodaysDevice } from '@biologidex/test-kit/v1-rig'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

eachDatabase((_name, databases) => {
  let server: TestServer
  let theo: V1Client
  let mara: V1Client
  let photo: Buffer

  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_V1_SYNC_BURST: '1000' })
    theo = await V1Client.signUp(server.url, 'theo')
    mara = await V1Client.signUp(server.url, 'mara')
    photo = await pictures.photograph({ width: 60, height: 40 })
    await new TodaysDevice(server.ctx, theo.id).befriend(new TodaysDevice(server.ctx, mara.id))
  })
  afterAll(() => server.close())

  async function kept(more: Record<string, string> = {}, bytes: Uint8Array = photo): Promise<V1Entry> {
    const { body } = await theo.keep(await theo.animal('Alces alces'), bytes, more)
    await server.ctx.jobs.idle()
    return body
  }
  async function shown(client: V1Client, id: string, dex = 'self'): Promise<V1SyncEntry | undefined> {
    await client.sync([dex])
    return client.dexes.get(dex)?.entries.get(id)
  }
  /** Reads the dex as a v1 client, so that PNGs are made, and once more when they are. */
  async function pictured(client: V1Client, id: string, dex = 'self'): Promise<V1SyncEntry> {
    await client.sync([dex])
    await server.ctx.jobs.idle()
    const entry = await shown(client, id, dex)
    if (!entry) throw new Error('no such entry')
    return entry
  }
  const statusOf = async (url: string, headers: Record<string, string> = {}) => (await fetch(url, { headers })).status

  describe('a PNG', () => {
    test('is made once a v1 client reads the dex, not before; the entry then counts as changed', async () => {
      const { id } = await kept()
      const count = () =>
        server.ctx.db.read
          .selectFrom('v1_pictures')
          .select((eb) => eb.fn.countAll<number>().as('rows'))
          .executeTakeFirstOrThrow()
      const before = (await count()).rows
      await server.ctx.jobs.idle()
      expect((await count()).rows).toBe(before)
      expect(await shown(theo, id)).toMatchObject({ dex_compatible_url: '', image_checksum: '', image_updated_at: null })
      await server.ctx.jobs.idle()
      await age(server.ctx)
      const { lastSync } = theo.dexes.get('self') ?? {}
      await server.ctx.db.write(({ q }) => q.updateTable('v1_pictures').set({ made_at: Date.now() }).execute())
      await server.ctx.db.write(({ q }) =>
        q.updateTable('feeds').set({ pictured_at: Date.now() }).where('owner_id', '=', theo.id).execute(),
      )
      const query = `?last_sync=${encodeURIComponent(lastSync ?? '')}`
      const news = await theo.call<{ entries: V1SyncEntry[] }>('GET', `dex/entries/sync_entries/${query}`)
      const entry = news.body.entries.find((one) => one.id === id)
      expect(entry).toMatchObject({
        image_checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
        image_updated_at: expect.any(String),
      })
      expect(entry?.updated_at).toBe(entry?.image_updated_at)
    })

    test('is there for others too who may see the entry only since it was made', async () => {
      const [olga, ivan] = [await V1Client.signUp(server.url, 'olga'), await V1Client.signUp(server.url, 'ivan')]
      await new TodaysDevice(server.ctx, olga.id).befriend(new TodaysDevice(server.ctx, ivan.id))
      const { body } = await olga.keep(await olga.animal('Alces alces'), photo, { visibility: 'private' })
      await server.ctx.jobs.idle()
      const hers = await pictured(olga, body.id)
      const before = Date.now()
      await olga.call('PATCH', `dex/entries/${body.id}/`, { json: { visibility: 'friends' } })
      const his = await pictured(ivan, body.id, olga.id)
      expect(his.image_checksum).toBe(hers.image_checksum)
      expect(await statusOf(his.dex_compatible_url)).toBe(200)
      // When it was made tells that there was something to be made a picture of.
      expect(Date.parse(his.image_updated_at ?? '')).toBeGreaterThanOrEqual(before)
      const one = await ivan.call<V1Entry>('GET', `dex/entries/${body.id}/`)
      expect(one.body.image_updated_at).toBe(his.image_updated_at)
      expect((await shown(olga, body.id))?.image_updated_at).toBe(hers.image_updated_at)
    })

    test('stands upright, fits 2560, holds nothing but pixels, and hashes to its checksum', async () => {
      const { id } = await kept({}, await pictures.photograph({ width: 2_700, height: 300, orientation: 6 }))
      const { dex_compatible_url: url, image_checksum } = await pictured(theo, id)
      const answer = await fetch(url)
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(answer.headers.get('content-type')).toBe('image/png')
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(image_checksum)
      const { format, width, height, exif, icc, xmp, orientation, hasAlpha } = await sharp(bytes).metadata()
      expect({ format, width, height, exif, icc, xmp, orientation, hasAlpha }).toEqual({
        ...{ format: 'png', width: 2_560, height: Math.round(300 * (2_560 / 2_700)), hasAlpha: false },
        ...{ exif: undefined, icc: undefined, xmp: undefined, orientation: undefined },
      })
      expect(bytes.toString('latin1')).not.toMatch(/Fieldphone|A\. Person|GPS/)
    })

    test('has white behind what is transparent', async () => {
      const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#00000000' } })
        .png()
        .toBuffer()
      const { id } = await kept({}, clear)
      const { dex_compatible_url: url } = await pictured(theo, id)
      const { data } = await sharp(Buffer.from(await (await fetch(url)).arrayBuffer()))
        .raw()
        .toBuffer({ resolveWithObject: true })
      expect([...data.subarray(0, 3)]).toEqual([255, 255, 255])
    })

    test('is not made of what can’t be shown, and that is no change', async () => {
      const whole = await pictures.truncatedJpeg({ width: 90, height: 90 })
      const { id } = await kept({}, whole)
      expect(await pictured(theo, id)).toMatchObject({ dex_compatible_url: '', image_checksum: '' })
      await server.ctx.jobs.idle()
      const waiting = await server.ctx.db.read.selectFrom('jobs').select('kind').execute()
      expect(waiting.map(({ kind }) => kind)).not.toContain('v1 pictures')
    })
  })

  describe('its address', () => {
    test('stays the same while the right stands, is another for another picture, and each viewer has their own', async () => {
      const { id } = await kept()
      const first = await pictured(theo, id)
      const friends = await pictured(mara, id, theo.id)
      expect((await shown(theo, id))?.dex_compatible_url).toBe(first.dex_compatible_url)
      expect(friends.dex_compatible_url).not.toBe(first.dex_compatible_url)
      expect(friends.image_checksum).toBe(first.image_checksum)
      expect(await statusOf(friends.dex_compatible_url)).toBe(200)

      const today = new TodaysDevice(server.ctx, theo.id)
      const entry = await server.ctx.db.read.selectFrom('entries').select('id').where('public_id', '=', id).executeTakeFirst()
      const form = new FormData()
      form.set('image', new Blob([new Uint8Array(await pictures.png({ width: 30, height: 20 }))]), 'b.png')
      await theo.call('POST', `dex/entries/${id}/add_alternate_image/`, { form })
      await server.ctx.jobs.idle()
      const row = server.ctx.db.read
        .selectFrom('images')
        .select('id')
        .where('entry_id', '=', entry?.id ?? '')
        .orderBy('position', 'desc')
      const second = await row.executeTakeFirstOrThrow()
      const primary = { primaryImage: { was: null, to: second.id } }
      await today.push([today.change('entry', entry?.id ?? '', 'update', primary)])
      const other = await pictured(theo, id)
      expect(other.dex_compatible_url).not.toBe(first.dex_compatible_url)
      expect(await statusOf(first.dex_compatible_url)).toBe(404)
      expect(await theo.fetchPictures()).toBeGreaterThan(0)
    })

    test('opens nothing that is not the viewer’s: each request is looked up anew', async () => {
      const { id } = await kept()
      const { dex_compatible_url: url } = await pictured(mara, id, theo.id)
      const zoe = await V1Client.signUp(server.url, 'zoe')
      expect(await statusOf(url)).toBe(200)
      const forged = [
        url.replace(mara.id, zoe.id),
        url.replace(/\.([\w-]{22})\./, `.${'A'.repeat(22)}.`),
        url.replace(/\.[\w-]{22}\./, '.'),
        url.replace(/\/[0-9a-f]{32}\./, `/${'0'.repeat(32)}.`),
        url.replace(/\/[0-9a-f]{32}\./, '/original.'),
      ]
      for (const one of forged) expect(await statusOf(one)).toBe(404)
      const unsigned = url.replace(/\.([\w-]{22})\./, '.x.')
      expect(await statusOf(unsigned, { authorization: `Bearer ${mara.access}` })).toBe(200)
      expect(await statusOf(unsigned, { authorization: `Bearer ${zoe.access}` })).toBe(404)
      // Somebody else's address with one's own session: one's own right counts.
      expect(await statusOf(url, { authorization: `Bearer ${zoe.access}` })).toBe(404)

      await theo.call('PATCH', `dex/entries/${id}/`, { json: { visibility: 'private' } })
      expect(await statusOf(url)).toBe(404)
      await theo.call('PATCH', `dex/entries/${id}/`, { json: { visibility: 'friends' } })
      expect(await statusOf(url)).toBe(200)
      await theo.call('DELETE', `social/friendships/${mara.id}/unfriend/`)
      expect(await statusOf(url)).toBe(404)
      const today = new TodaysDevice(server.ctx, theo.id)
      await today.befriend(new TodaysDevice(server.ctx, mara.id))
      expect(await statusOf(url)).toBe(200)
    })

    test('is dead while its viewer is signed in nowhere', async () => {
      const olaf = await V1Client.signUp(server.url, 'olaf')
      const { id } = await kept({ visibility: 'public' })
      const { dex_compatible_url: url } = await pictured(olaf, id, theo.id)
      expect(await statusOf(url)).toBe(200)
      await server.ask('DELETE', '/api/v2/sessions', { headers: { authorization: `Bearer ${olaf.access}` } })
      expect(await statusOf(url)).toBe(404)
      await olaf.signIn()
      expect(await statusOf(url)).toBe(200)
    })

    test('an original is its owner’s alone', async () => {
      const { id, original_image } = await kept()
      expect(await statusOf(original_image ?? '')).toBe(200)
      const { body } = await mara.call<V1Entry>('GET', `dex/entries/${id}/`)
      expect(body.original_image).toBeNull()
      expect(await statusOf(original_image ?? '', { authorization: `Bearer ${mara.access}` })).toBe(404)
    })
  })
})
