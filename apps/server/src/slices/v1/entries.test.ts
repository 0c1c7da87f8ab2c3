import { readFile } from 'node:fs/promises'
import type { V1Animal, V1Conversion, V1Entry, V1Job } from '@biologidex/core/v1/shapes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { V1Client } from '@biologidex/test-kit/v1-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

interface Page<T> {
  readonly count: number
  readonly next: string | null
  readonly previous: string | null
  readonly results: T[]
}

eachDatabase((_name, databases) => {
  let server: TestServer
  let theo: V1Client
  let photo: Buffer

  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_PEOPLE_BURST: '1000' })
    theo = await V1Client.signUp(server.url, 'theo')
    photo = await pictures.photograph({ width: 64, height: 48, orientation: 6 })
  })
  afterAll(() => server.close())

  const page = async (path: string) => (await theo.call<Page<V1Entry>>('GET', path)).body

  describe('animals', () => {
    test('the catalogue is searched by either name, page by page', async () => {
      const { body } = await theo.call<Page<V1Animal>>('GET', 'animals/?search=MOOSE')
      expect(body.results.map((animal) => animal.scientific_name)).toContain('Alces alces')
      const one = body.results.find((animal) => animal.scientific_name === 'Alces alces')
      expect(one).toMatchObject({ kingdom: 'Animalia', class_name: 'Mammalia', verified: true, creation_index: null })
      expect((await theo.call('GET', `animals/${one?.id}/`)).body).toEqual(one)
      const first = (await theo.call<Page<V1Animal>>('GET', 'animals/?page_size=2')).body
      expect(first).toMatchObject({ previous: null, next: expect.stringContaining('page=2') })
      const second = await fetch(first.next ?? '', { headers: { authorization: `Bearer ${theo.access}` } })
      expect(((await second.json()) as Page<V1Animal>).results[0]?.id).not.toBe(first.results[0]?.id)
      expect((await theo.call('GET', 'animals/?search=100%25')).body).toMatchObject({ count: 0 })
      expect((await theo.call('GET', 'animals/nothing/')).status).toBe(404)
    })

    test('one that nobody typed is made; that another has it in private is not told', async () => {
      const json = { scientific_name: 'Zzyxis obscura', common_name: 'Shy one' }
      const made = await theo.call<{ animal: V1Animal; created: boolean }>('POST', 'animals/lookup_or_create/', { json })
      expect(made).toMatchObject({ status: 201, body: { created: true, animal: { common_name: 'Shy one' } } })
      expect((await theo.keep(made.body.animal.id, photo, { visibility: 'private' })).status).toBe(201)
      const again = await theo.call('POST', 'animals/lookup_or_create/', { json })
      expect(again).toMatchObject({ status: 200, body: { created: false, animal: { id: made.body.animal.id } } })
      const mara = await V1Client.signUp(server.url, 'mara-2')
      const hers = await mara.call('POST', 'animals/lookup_or_create/', { json: { scientific_name: 'Zzyxis obscura' } })
      expect(hers).toMatchObject({ status: 201, body: { created: true, animal: { creation_index: null, common_name: '' } } })
      expect((await mara.call('GET', `animals/${made.body.animal.id}/`)).status).toBe(404)
      expect((await mara.call('GET', 'animals/?search=zzyxis')).body).toMatchObject({ count: 0 })
      const bad = await mara.call('POST', 'animals/lookup_or_create/', { json: { scientific_name: '42' } })
      expect(bad.status).toBe(400)
    })
  })

  describe('entries', () => {
    test('one is made by upload, changed, favoured, and deleted', async () => {
      const animal = await theo.animal('Alces alces')
      const more = {
        notes: 'By the lake',
        catch_date: '2026-05-17T08:30:12+02:00',
        location_lat: '60.1',
        location_lon: '24.9',
        location_name: 'Lake',
      }
      const { status, body } = await theo.keep(animal, photo, more)
      expect(status).toBe(201)
      expect(body).toMatchObject({
        owner: theo.id,
        owner_username: 'theo',
        animal,
        animal_id: animal,
        animal_details: { scientific_name: 'Alces alces', creation_index: body.creation_index },
        notes: 'By the lake',
        visibility: 'friends',
        catch_date: '2026-05-17T08:30:00+02:00',
        location_lat: 60.1,
        location_name: 'Lake',
        location_coords: { lat: 60.1, lon: 24.9 },
        dex_compatible_url: '',
        image_checksum: '',
        image_updated_at: null,
        is_favorite: false,
        customizations: {},
      })
      const original = await fetch(body.original_image ?? '')
      expect(Buffer.from(await original.arrayBuffer()).equals(photo)).toBe(true)
      const path = `dex/entries/${body.id}/`
      const patched = await theo.call('PATCH', path, { json: { notes: 'By the bog', location_name: 'Bog' } })
      expect(patched.body).toMatchObject({
        notes: 'By the bog',
        location_name: 'Bog',
        location_lat: 60.1,
        visibility: 'friends',
      })
      const put = { animal, notes: 'Gone', visibility: 'public', customizations: { card: 'gold' }, location_lat: null }
      expect((await theo.call('PUT', path, { json: put })).body).toMatchObject({
        notes: 'Gone',
        visibility: 'public',
        customizations: { card: 'gold' },
        location_coords: null,
      })
      const toggled = await fetch(`${server.url}/api/v1/${path}toggle_favorite/`, {
        method: 'POST',
        headers: { authorization: `Bearer ${theo.access}`, 'content-type': 'application/json' },
      })
      expect(await toggled.json()).toMatchObject({ is_favorite: true })
      expect((await theo.call('DELETE', path)).status).toBe(204)
      expect((await theo.call('GET', path)).status).toBe(404)
      expect((await theo.call('PATCH', path, { json: { notes: 'back' } })).status).toBe(404)
    })

    test('changing the animal to one that is there already destroys nothing: both entries stay', async () => {
      const [crow, magpie] = [await theo.animal('Corvus corone'), await theo.animal('Pica pica')]
      const first = (await theo.keep(crow, photo)).body
      const second = (await theo.keep(magpie, photo)).body
      const changed = await theo.call('PATCH', `dex/entries/${second.id}/`, { json: { animal: crow } })
      expect(changed).toMatchObject({ status: 200, body: { animal_id: crow, creation_index: first.creation_index } })
      const both = await page(`dex/entries/by_animal/?animal_id=${crow}`)
      expect(both.results.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
    })

    test('what an entry can’t be made of is refused, and nothing is left behind', async () => {
      const animal = await theo.animal('Alces alces')
      const { count } = await page('dex/entries/')
      const refused = [
        await theo.keep(animal, pictures.html()),
        await theo.keep(animal, pictures.svg()),
        await theo.keep('00000000-0000-4000-8000-000000000000', photo),
        await theo.keep(animal, photo, { catch_date: 'yesterday' }),
        await theo.keep(animal, photo, { visibility: 'everyone' }),
        await theo.call('POST', 'dex/entries/', { json: { animal } }),
        await theo.call('POST', 'dex/entries/', { json: { animal, source_vision_job: 'none' } }),
      ]
      expect(refused.map(({ status }) => status)).toEqual([415, 415, 422, 400, 400, 400, 404])
      for (const { body } of refused) expect(body).toMatchObject({ error: expect.any(String) })
      expect((await page('dex/entries/')).count).toBe(count)
    })

    test('lists are filtered, ordered and cut into pages', async () => {
      const mara = await V1Client.signUp(server.url, 'mara')
      const list = async (query: string) => (await mara.call<Page<V1Entry>>('GET', `dex/entries/${query}`)).body
      const [moose, otter, wolf] = [
        await mara.animal('Alces alces'),
        await mara.animal('Lutra lutra'),
        await mara.animal('Canis lupus'),
      ]
      const kept = [
        await mara.keep(moose, photo, { catch_date: '2026-03-01', visibility: 'private', notes: '50% sure' }),
        await mara.keep(otter, photo, { catch_date: '2026-01-01T10:00:00Z', is_favorite: 'true' }),
        await mara.keep(wolf, photo, { catch_date: '2026-02-01T10:00:00Z' }),
      ].map(({ body }) => body.id)
      const ids = async (query: string) => (await list(query)).results.map(({ id }) => kept.indexOf(id))
      expect(await ids('?ordering=catch_date')).toEqual([1, 2, 0])
      expect(await ids('?ordering=-catch_date')).toEqual([0, 2, 1])
      expect(await ids('favorites/')).toEqual([1])
      expect(await ids('?is_favorite=false&ordering=creation_index')).toHaveLength(2)
      expect(await ids('?visibility=private')).toEqual([0])
      expect(await ids(`?animal=${wolf}`)).toEqual([2])
      expect(await ids('?search=LUTRA')).toEqual([1])
      expect(await ids('?search=50%25')).toEqual([0])
      expect(await ids('?search=_')).toEqual([])
      expect((await ids('my_entries/')).sort()).toEqual([0, 1, 2])
      expect((await list('?page_size=2')).results).toHaveLength(2)
      expect(await list('?page_size=2&page=2')).toMatchObject({
        count: 3,
        next: null,
        previous: expect.stringContaining('page=1'),
      })
      expect((await mara.call('GET', 'dex/entries/?ordering=note')).status).toBe(400)
      expect((await mara.call('GET', 'dex/entries/by_animal/')).status).toBe(400)
    })

    test('another’s entry is shown as far as it is theirs to show, else as if it were not there', async () => {
      const animal = await theo.animal('Vulpes vulpes')
      const more = { location_lat: '60.12', location_lon: '24.91', catch_date: '2026-05-17T08:30:00+02:00' }
      const open = (await theo.keep(animal, photo, { ...more, visibility: 'public' })).body
      const closed = (await theo.keep(animal, photo, more)).body
      await server.ctx.jobs.idle()
      const zoe = await V1Client.signUp(server.url, 'zoe')
      const shown = await zoe.call<V1Entry>('GET', `dex/entries/${open.id}/`)
      expect(shown.body).toMatchObject({
        owner: theo.id,
        location_coords: null,
        original_image: null,
        created_at: null,
        visibility: null,
      })
      expect(shown.body.catch_date).toBe('2026-05-17T00:00:00+00:00')
      const hidden = await zoe.call('GET', `dex/entries/${closed.id}/`)
      const nothing = await zoe.call('GET', 'dex/entries/00000000-0000-4000-8000-000000000000/')
      expect([hidden.status, hidden.body]).toEqual([404, nothing.body])
      const stolen = await zoe.call('PATCH', `dex/entries/${open.id}/`, { json: { notes: 'mine' } })
      expect([stolen.status, stolen.body]).toEqual([404, nothing.body])
      expect((await zoe.call('DELETE', `dex/entries/${open.id}/`)).status).toBe(404)
    })

    test('another picture is added behind the one that stands for the entry', async () => {
      const { body } = await theo.keep(await theo.animal('Alces alces'), photo)
      const form = new FormData()
      form.set('image', new Blob([new Uint8Array(await pictures.png({ width: 20, height: 20 }))]), 'b.png')
      expect((await theo.call('POST', `dex/entries/${body.id}/add_alternate_image/`, { form })).status).toBe(201)
      await server.ctx.jobs.idle()
      const after = (await theo.call<V1Entry>('GET', `dex/entries/${body.id}/`)).body
      expect(after.original_image).toBe(body.original_image)
    })
  })

  describe('conversions and jobs', () => {
    test('a picture is converted, upright, and a job for it completes with nothing detected, and says so', async () => {
      const form = new FormData()
      form.set('image', new Blob([new Uint8Array(photo)]), 'a.jpg')
      form.set('transformations', JSON.stringify({ rotation: 90, crop: { x: 0, y: 0, width: 30, height: 1000 } }))
      const { status, body } = await theo.call<V1Conversion>('POST', 'images/convert/', { form })
      expect(status).toBe(201)
      expect(body).toMatchObject({
        original_format: 'JPEG',
        original_size: photo.length,
        converted_size: { width: 30, height: 64 },
      })
      const png = Buffer.from(await (await fetch(body.download_url)).arrayBuffer())
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      expect((await theo.call('GET', `images/convert/${body.id}/`)).body).toEqual(body)
      expect((await fetch(body.download_url.split('?')[0] ?? '')).status).toBe(404)
      const job = await theo.call<V1Job>('POST', 'vision/jobs/', { json: { conversion_id: body.id } })
      expect(job).toMatchObject({
        status: 201,
        body: { status: 'completed', detected_animals: [], error_message: expect.stringContaining('not identify') },
      })
      expect((await theo.call('GET', `vision/jobs/${job.body.id}/`)).body).toEqual(job.body)
      expect((await theo.call('GET', 'vision/jobs/completed/')).body).toMatchObject({ count: 1, results: [job.body] })
      const select = await theo.call('POST', `vision/jobs/${job.body.id}/select_animal/`, { json: { index: 0 } })
      expect(select.status).toBe(400)
      expect((await theo.call('POST', `vision/jobs/${job.body.id}/retry/`)).body).toMatchObject({ retry_count: 1 })
      const animal = await theo.animal('Alces alces')
      const made = await theo.call<V1Entry>('POST', 'dex/entries/', { json: { animal, source_vision_job: job.body.id } })
      expect(made.status).toBe(201)
      const other = await V1Client.signUp(server.url, 'olaf')
      expect((await other.call('GET', `vision/jobs/${job.body.id}/`)).status).toBe(404)
      expect((await other.call('GET', `images/convert/${body.id}/`)).status).toBe(404)
      await server.ctx.db.write((tx) => tx.q.updateTable('v1_conversions').set({ expires_at: 1 }).execute())
      expect((await theo.call('GET', `images/convert/${body.id}/`)).status).toBe(410)
      expect((await fetch(body.download_url)).status).toBe(410)
    })

    test('what was converted is given by its address for as long as its owner is signed in somewhere', async () => {
      const ruth = await V1Client.signUp(server.url, 'ruth')
      const form = new FormData()
      form.set('image', new Blob([new Uint8Array(photo)]), 'a.jpg')
      const { body } = await ruth.call<V1Conversion>('POST', 'images/convert/', { form })
      expect((await fetch(body.download_url)).status).toBe(200)
      const ending = { headers: { authorization: `Bearer ${ruth.access}` } }
      expect((await server.ask('DELETE', '/api/v2/sessions', ending)).status).toBe(200)
      expect((await fetch(body.download_url)).status).toBe(404)
    })

    test('what is no picture is refused', async () => {
      const form = new FormData()
      form.set('image', new Blob([new Uint8Array(await readFile(import.meta.filename))]), 'a.jpg')
      expect(await theo.call('POST', 'images/convert/', { form })).toMatchObject({
        status: 415,
        body: { code: 'not_a_picture' },
      })
      expect((await theo.call('POST', 'images/convert/', { json: {} })).status).toBe(400)
    })
  })
})
