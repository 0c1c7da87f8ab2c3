import type { V1Entry, V1SyncEntry } from '@biologidex/core/v1/shapes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { V1Client } from '@biologidex/test-kit/v1-client'
import { TodaysDevice } from '@biologidex/test-kit/v1-rig'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What an old client does, call by call, beside today's client of the same account. */
eachDatabase((_name, databases) => {
  let server: TestServer

  beforeAll(async () => {
    const rates = { RATE_V1_SYNC_BURST: '1000', RATE_PEOPLE_BURST: '1000' }
    server = await startTestServer(await databases.settings(), rates)
  })
  afterAll(() => server.close())

  const idOf = async (publicId: string): Promise<string> => {
    const row = server.ctx.db.read.selectFrom('entries').select('id').where('public_id', '=', publicId)
    return (await row.executeTakeFirstOrThrow()).id
  }
  const shownTo = (client: V1Client, dex = 'self') =>
    client
      .entries(dex)
      .map(({ scientific_name, is_favorite }) => `${scientific_name}${is_favorite ? ' *' : ''}`)
      .sort()

  test('two people with old clients, and today’s client of one of them', async () => {
    const photo = await pictures.photograph({ width: 60, height: 40 })
    const theo = await V1Client.signUp(server.url, 'theo')
    const mara = await V1Client.signUp(server.url, 'mara')
    const phone = new TodaysDevice(server.ctx, theo.id)

    // Sign in, meet, overview, batch.
    await mara.call('POST', 'social/friendships/send_request/', { json: { friend_code: theo.user?.friend_code } })
    await theo.call('POST', `social/friendships/${mara.id}/respond/`, { json: { action: 'accept' } })
    await theo.open()
    expect(shownTo(theo)).toEqual([])

    // Create by upload; the picture comes when it is ready, and is checked.
    const moose = (await theo.keep(await theo.animal('Alces alces'), photo)).body
    await server.ctx.jobs.idle()
    await theo.open()
    await server.ctx.jobs.idle()
    await mara.open()
    expect(shownTo(mara, theo.id)).toEqual(['Alces alces'])
    expect(await mara.fetchPictures(theo.id)).toBe(1)
    await theo.open()
    expect(await theo.fetchPictures()).toBe(1)
    await theo.open()
    expect(await theo.fetchPictures()).toBe(0)

    // Today's client changes one field while the old one edits another, and keeps something new.
    const id = await idOf(moose.id)
    await phone.push([phone.change('entry', id, 'update', { note: { was: null, to: 'by the lake' } })])
    const edited = await theo.call<V1Entry>('PATCH', `dex/entries/${moose.id}/`, {
      json: { location_name: 'Bog', location_lat: 60, location_lon: 25 },
    })
    expect(edited.body).toMatchObject({ notes: 'by the lake', location_name: 'Bog' })
    await phone.shown('Grus grus', 'private')
    await theo.call('POST', `dex/entries/${moose.id}/toggle_favorite/`)
    await Promise.all([theo.open(), mara.open()])
    expect(shownTo(theo)).toEqual(['Alces alces *', 'Grus grus'])
    expect(shownTo(mara, theo.id)).toEqual(['Alces alces *'])
    const [seen] = (await phone.pull()).chunks.flatMap(({ items }) => items).filter((item) => item.id === id)
    expect(seen).toMatchObject({ favourite: true, note: 'by the lake', place: { name: 'Bog' } })

    // What the old one asserts wins, and what it overwrote is in the history.
    await phone.push([phone.change('entry', id, 'update', { note: { was: 'by the lake', to: 'by the river' } })])
    await theo.call('PATCH', `dex/entries/${moose.id}/`, { json: { notes: 'in the woods' } })
    const rows = await server.ctx.db.read.selectFrom('revisions').select('changes').where('entry_id', '=', id).execute()
    expect(rows.map(({ changes }) => changes).join()).toContain('by the river')
    expect(await server.ctx.db.read.selectFrom('conflicts').selectAll().execute()).toEqual([])

    // Deleted by either; an old client can't be told, but asks for nothing that is not there.
    await theo.call('DELETE', `dex/entries/${moose.id}/`)
    const whole = await theo.call<{ entries: V1SyncEntry[] }>('GET', 'dex/entries/sync_entries/')
    expect(whole.body.entries.map((entry) => entry.scientific_name)).toEqual(['Grus grus'])
    await mara.open()
    expect(shownTo(mara, theo.id)).toEqual(['Alces alces *'])
    const [kept] = mara.entries(theo.id)
    expect((await fetch(kept?.dex_compatible_url ?? '')).status).toBe(404)
    await phone.push([phone.change('entry', id, 'restore')])
    await mara.open()
    expect((await fetch(kept?.dex_compatible_url ?? '')).status).toBe(200)
  })

  test('many changes by both at once: in the end both have the same', async () => {
    const photo = await pictures.png({ width: 20, height: 20 })
    const olga = await V1Client.signUp(server.url, 'olga')
    const phone = new TodaysDevice(server.ctx, olga.id)
    const names = ['Alces alces', 'Grus grus', 'Pica pica', 'Lutra lutra', 'Canis lupus', 'Vulpes vulpes']
    const old = async () => {
      for (const name of names) {
        const { body, status } = await olga.keep(await olga.animal(name), photo)
        expect(status).toBe(201)
        await olga.sync()
        await olga.call('PATCH', `dex/entries/${body.id}/`, { json: { notes: name } })
        await olga.call('POST', `dex/entries/${body.id}/toggle_favorite/`)
      }
    }
    const today = async () => {
      for (const name of names) await phone.shown(name)
    }
    await Promise.all([old(), today()])
    await server.ctx.jobs.idle()
    await olga.sync()
    await server.ctx.jobs.idle()
    await olga.sync()
    const whole = await olga.call<{ entries: V1SyncEntry[] }>('GET', 'dex/entries/sync_entries/')
    const byId = (entries: readonly V1SyncEntry[]) => [...entries].sort((a, b) => a.id.localeCompare(b.id))
    expect(byId(olga.entries())).toEqual(byId(whole.body.entries))
    expect(whole.body.entries).toHaveLength(names.length * 2)
    expect(whole.body.entries.filter((entry) => entry.is_favorite)).toHaveLength(names.length)
    expect(await olga.fetchPictures()).toBe(1 * names.length)
  })
})
