import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { V1SyncEntry } from '@biologidex/core/v1/shapes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { readyPicture } from '@biologidex/test-kit/dex'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { V1Client } from '@biologidex/test-kit/v1-client'
import { age, TodaysDevice } from '@biologidex/test-kit/v1-rig'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Caller } from '../../context.ts'
import { STARTER_LIST, seedAnimals } from '../animals/animals.seed.ts'
import { closeFeeds, openFeeds } from '../sync/closing.service.ts'
import { entriesOf, PAGE, PIECE } from './answer.service.ts'
import { headFor, OVERLAP_MS, planDex } from './dex.service.ts'
import { syncDex } from './sync.service.ts'

interface Synced {
  readonly entries: V1SyncEntry[]
  readonly server_time: string
  readonly count: number
  readonly total_count: number
  readonly error: string
}

const NOBODY = '00000000-0000-4000-8000-000000000000'

eachDatabase((_name, databases) => {
  let server: TestServer
  let people = 0

  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_V1_SYNC_BURST: '1000' })
  })
  afterAll(() => server.close())

  async function person(): Promise<{ old: V1Client; today: TodaysDevice }> {
    people += 1
    const old = await V1Client.signUp(server.url, `person-${people}`)
    return { old, today: new TodaysDevice(server.ctx, old.id) }
  }
  const since = (time: string | undefined) => (time === undefined ? '' : `?last_sync=${encodeURIComponent(time)}`)
  const own = async (client: V1Client, time?: string) =>
    (await client.call<Synced>('GET', `dex/entries/sync_entries/${since(time)}`)).body
  const other = (client: V1Client, id: string, time?: string) =>
    client.call<Synced>('GET', `dex/entries/user/${id}/entries/${since(time)}`)
  const namesOf = ({ entries }: Pick<Synced, 'entries'>) => entries.map((entry) => entry.scientific_name)

  describe('one dex', () => {
    test('comes whole, in the order of discovery, and then only what is new', async () => {
      const { old, today } = await person()
      await today.private(['Pavo cristatus', 'Grus grus', 'Pica pica'])
      await today.push([today.change('entry', randomUUID(), 'create', { note: { to: 'what is it?' } })])
      const all = await own(old)
      expect(all.count).toBe(3)
      const order = all.entries.map(({ creation_index }) => creation_index)
      expect(order).toEqual([...order].sort((a, b) => a - b))
      expect(all.entries[0]).toEqual({
        id: expect.any(String),
        animal_id: expect.any(String),
        creation_index: order[0],
        scientific_name: 'Pavo cristatus',
        common_name: expect.any(String),
        owner_username: old.username,
        dex_compatible_url: '',
        image_checksum: '',
        image_updated_at: null,
        catch_date: null,
        is_favorite: false,
        updated_at: expect.stringMatching(/Z$/),
      })
      await age(server.ctx)
      expect(await own(old, new Date().toISOString())).toMatchObject({ entries: [], count: 0 })
      const { server_time } = await own(old)
      await today.private(['Lutra lutra'])
      expect(namesOf(await own(old, server_time))).toEqual(['Lutra lutra'])
    })

    test('a write that commits behind an answer is in the next one', async () => {
      const { old, today } = await person()
      await today.private(['Grus grus'])
      await age(server.ctx)
      const { server_time } = await own(old)
      await today.private(['Pica pica'])
      // As if it had been made before that answer, and committed after it.
      const late = Date.parse(server_time) - 20_000
      await server.ctx.db.write(async ({ q }) => {
        const feed = q.selectFrom('feeds').select('id').where('owner_id', '=', old.id).where('kind', '=', 'owner')
        await q.updateTable('feeds').set({ changed_at: late }).where('owner_id', '=', old.id).execute()
        await q
          .updateTable('feed_items')
          .set({ changed_at: late })
          .where('feed_id', '=', feed)
          .where('changed_at', '>', late)
          .execute()
      })
      expect(namesOf(await own(old, server_time))).toEqual(['Pica pica'])
    })

    test('what changed at the very time that is asked for is answered', async () => {
      const { old, today } = await person()
      await today.private(['Grus grus'])
      await age(server.ctx)
      const [entry] = (await own(old)).entries
      const time = (ms: number) => new Date(Date.parse(entry?.updated_at ?? '') + OVERLAP_MS + ms).toISOString()
      expect((await own(old, time(0))).count).toBe(1)
      expect((await own(old, time(1))).count).toBe(0)
    })

    const callerOf = async ({ id }: V1Client): Promise<Caller> => {
      const row = server.ctx.db.read.selectFrom('sessions').select('id').where('account_id', '=', id)
      return { account: id, session: (await row.executeTakeFirst())?.id ?? '', device: '' }
    }

    test('the time of an answer is of before its rows were read', async () => {
      const { old, today } = await person()
      await today.private(['Grus grus'])
      const answer = await syncDex(server.ctx, await callerOf(old), old.id, undefined, '', (count) => ({ count }))
      let text = ''
      for await (const piece of answer as AsyncGenerator<string>) {
        // Between the reading of its rows and the answer's end.
        if (text !== '' && !text.includes('Pica')) await today.private(['Pica pica'])
        text += piece
      }
      const { server_time, entries } = JSON.parse(text) as Synced
      expect(namesOf({ entries })).toEqual(['Grus grus'])
      const written = (await own(old)).entries.find((entry) => entry.scientific_name === 'Pica pica')
      expect(Date.parse(server_time)).toBeLessThanOrEqual(Date.parse(written?.updated_at ?? ''))
    })

    test('a last_sync that is no time is refused, not answered in full', async () => {
      const { old } = await person()
      for (const text of ['garbage', '12345', '2026-02-30T00:00:00Z', 'null']) {
        const answer = await old.call('GET', `dex/entries/sync_entries/?last_sync=${text}`)
        expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining('last_sync') } })
        expect((await other(old, old.id, text)).status).toBe(400)
      }
    })

    test('a + that a careless encoding made a space is understood; no offset means anywhere on earth', async () => {
      const { old, today } = await person()
      await today.private(['Grus grus'])
      await age(server.ctx)
      const { server_time } = await own(old)
      const careless = await old.call('GET', `dex/entries/sync_entries/?last_sync=${server_time.replace('Z', '+00:00')}`)
      expect(careless).toMatchObject({ status: 200, body: { count: 0 } })
      expect((await own(old, server_time.replace('Z', ''))).count).toBe(1)
    })

    test('a new name reaches everybody who has the animal', async () => {
      const [theo, mara] = [await person(), await person()]
      await theo.today.shown('Abramis brama')
      await theo.today.befriend(mara.today)
      await age(server.ctx)
      const time = (await own(theo.old)).server_time
      expect((await other(mara.old, theo.old.id, time)).body.entries).toEqual([])
      const folder = await mkdtemp(join(tmpdir(), 'biologidex-names-'))
      const list = join(folder, 'animals.tsv')
      await writeFile(list, (await readFile(STARTER_LIST, 'utf8')).replace('Common bream', 'Bream of the lake'))
      await seedAnimals(server.ctx, list)
      await rm(folder, { recursive: true })
      const updated = await own(theo.old, time)
      expect(updated.entries).toMatchObject([{ scientific_name: 'Abramis brama', common_name: 'Bream of the lake' }])
      expect(Date.parse(updated.entries[0]?.updated_at ?? '')).toBeGreaterThan(Date.parse(time) - OVERLAP_MS)
      expect((await other(mara.old, theo.old.id, time)).body.entries).toEqual(updated.entries)
    })

    test('a new friend’s older entries arrive, also where the public ones had been read', async () => {
      const [theo, mara] = [await person(), await person()]
      await theo.today.shown('Grus grus', 'friends')
      await theo.today.shown('Pica pica', 'public')
      await age(server.ctx)
      const before = (await other(mara.old, theo.old.id)).body
      expect(namesOf(before)).toEqual(['Pica pica'])
      await theo.today.befriend(mara.today)
      expect(namesOf((await other(mara.old, theo.old.id, before.server_time)).body).sort()).toEqual(['Grus grus', 'Pica pica'])
    })

    test('the clock went back, or the epoch is new: all of it is answered', async () => {
      const head = { changedAt: 5, picturedAt: 0, wholeBefore: 1_000_000 } as never
      const standing = { now: 2_000_000, namedAt: 0 }
      const whole = (lastSync: number | undefined) => planDex(head, lastSync, standing).since === undefined
      expect([undefined, 999_999, 2_000_001].map(whole)).toEqual([true, true, true])
      expect([1_000_000 + OVERLAP_MS, 2_000_000].map(whole)).toEqual([false, false])
    })

    /** An answer as it is read piece by piece, no more than some entries being held. */
    const pieces = async (reader: V1Client, dex: V1Client, held: number) => {
      const { ctx } = server
      const request = planDex(await headFor(ctx, reader.id, dex.id), undefined, await ctx.db.v1.standing())
      return entriesOf(ctx, { caller: await callerOf(reader), base: '', request, held }, () => undefined)
    }
    const entriesIn = (text: string) => text.split('"animal_id"').length - 1

    test('memory does not grow with it: it is read window by window, as it is sent', async () => {
      const { old, today } = await person()
      const names = Array.from({ length: 1_300 }, (_, at) => (at % 2 === 0 ? 'Grus grus' : 'Pica pica'))
      await today.private(names)
      const page = vi.spyOn(server.ctx.db.v1, 'page')
      let longest = 0
      let text = ''
      for await (const piece of await pieces(old, old, 300)) {
        expect(page.mock.calls.length * PAGE).toBeLessThanOrEqual(entriesIn(text) + 3 * PAGE)
        text += String(piece)
        longest = Math.max(longest, entriesIn(String(piece)))
      }
      page.mockRestore()
      expect(longest).toBe(PAGE)
      const whole = await own(old)
      expect(whole).toMatchObject({ count: 1_300 })
      const read = JSON.parse(`[${text}]`) as V1SyncEntry[]
      expect(read.map(({ id }) => id)).toEqual(whole.entries.map(({ id }) => id))
    })

    test('others come in between, however small it is', async () => {
      const { old, today } = await person()
      await today.private(['Grus grus'])
      const all = await pieces(old, old, 1_000)
      let waited = true
      setImmediate(() => {
        waited = false
      })
      let text = ''
      for await (const piece of all) text += String(piece)
      expect(entriesIn(text)).toBe(1)
      expect(waited).toBe(false)
    })

    test('what is hidden while a slow reader is reading is not sent any more', async () => {
      const theo = await person()
      await theo.today.private(Array.from({ length: PIECE + 50 }, () => 'Pavo cristatus'))
      const hidden = await theo.today.shown('Grus grus')
      await theo.today.shown('Grus grus')
      const all = await pieces(theo.old, theo.old, 1_000)
      let text = String((await all.next()).value)
      await theo.today.push([theo.today.change('entry', hidden, 'delete')])
      for await (const piece of all) text += String(piece)
      expect(entriesIn(text)).toBe(PIECE + 51)
      const ids = (JSON.parse(`[${text}]`) as V1SyncEntry[]).map(({ id }) => id)
      const left = (await own(theo.old)).entries.map(({ id }) => id)
      expect(ids).toEqual(left)
    })

    test('nothing new is told without a look at the rows', async () => {
      const { old, today } = await person()
      await today.private(['Grus grus'])
      await age(server.ctx)
      const { server_time } = await own(old)
      const looks = [vi.spyOn(server.ctx.db.v1, 'stretch'), vi.spyOn(server.ctx.db.v1, 'page')]
      expect(await own(old, server_time)).toMatchObject({ entries: [] })
      for (const look of looks) {
        expect(look).not.toHaveBeenCalled()
        look.mockRestore()
      }
    })

    test('an answer is cut off when the right to it goes (P7)', async () => {
      const [theo, mara] = [await person(), await person()]
      await theo.today.shown('Grus grus')
      await theo.today.befriend(mara.today)
      const answer = await pieces(mara.old, theo.old, 1_000)
      await theo.today.push([theo.today.change('friend', mara.old.id, 'delete')])
      const read = async () => {
        for await (const piece of answer) expect(String(piece)).not.toContain('Grus')
      }
      await expect(read()).rejects.toThrow('the right to read ended')
    })

    test('while a dex is being narrowed nothing of it is served (W3)', async () => {
      const [theo, mara] = [await person(), await person()]
      await theo.today.shown('Grus grus')
      await theo.today.befriend(mara.today)
      await server.ctx.db.write((tx) => closeFeeds(tx, theo.old.id, ['friends'], 'job'))
      const refused = await other(mara.old, theo.old.id)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
      expect(await mara.old.sync(['self', theo.old.id])).toMatchObject({
        self: { entries: [] },
        [theo.old.id]: { error: expect.any(String) },
      })
      await server.ctx.db.write((tx) => openFeeds(tx, server.ctx.nudges, theo.old.id, 'job'))
      expect((await other(mara.old, theo.old.id)).status).toBe(200)
    })
  })

  describe('who may see what', () => {
    test('friends see friends’ entries, strangers public ones, the blocked nobody at all', async () => {
      const [theo, mara, zoe] = [await person(), await person(), await person()]
      await theo.today.shown('Grus grus', 'friends')
      await theo.today.shown('Pica pica', 'public')
      await theo.today.shown('Lutra lutra', 'private')
      await theo.today.befriend(mara.today)
      const id = theo.old.id
      expect(namesOf((await other(mara.old, id)).body).sort()).toEqual(['Grus grus', 'Pica pica'])
      expect((await other(zoe.old, id)).body).toMatchObject({ user_id: id, total_count: 1 })
      expect(await zoe.old.sync([id])).toMatchObject({ [id]: { entries: [{ scientific_name: 'Pica pica' }] } })
      expect((await other(theo.old, id)).body.total_count).toBe(3)
      await theo.today.push([theo.today.change('block', zoe.old.id, 'create')])
      const blocked = await other(zoe.old, id)
      const unknown = await other(zoe.old, NOBODY)
      expect([blocked.status, blocked.body]).toEqual([404, unknown.body])
      expect(blocked.body.error).toBe('User not found')
      expect(await zoe.old.sync([id, NOBODY])).toEqual({
        [id]: { error: 'User not found' },
        [NOBODY]: { error: 'User not found' },
      })
    })

    test('the overview counts what the caller may see, and hidden activity moves nothing in it (F6)', async () => {
      const [theo, mara] = [await person(), await person()]
      await theo.today.shown('Grus grus', 'friends')
      await theo.today.shown('Pica pica', 'private')
      expect(await mara.old.overview()).toEqual([])
      await theo.today.befriend(mara.today)
      const [line] = await mara.old.overview()
      const { friend_code } = theo.old.user ?? {}
      expect(line).toMatchObject({ user_id: theo.old.id, username: theo.old.username, friend_code, total_entries: 1 })
      const [entry] = (await other(mara.old, theo.old.id)).body.entries
      expect(line?.latest_update).toBe(entry?.updated_at)
      await theo.today.shown('Lutra lutra', 'private')
      expect(await mara.old.overview()).toEqual([line])
      await theo.today.shown('Alces alces', 'friends')
      expect(await mara.old.overview()).toMatchObject([{ total_entries: 2 }])
      await theo.today.push([theo.today.change('friend', mara.old.id, 'delete')])
      expect(await mara.old.overview()).toEqual([])
    })
  })

  describe('a batch', () => {
    test('one bad element never fails the rest', async () => {
      const { old, today } = await person()
      await today.private(['Grus grus'])
      const sync_requests = [
        { user_id: 'self', last_sync: null },
        { user_id: old.id.toUpperCase() },
        { user_id: 'not an id' },
        { user_id: 7 },
        { user_id: NOBODY, last_sync: '2026-01-01T00:00:00Z' },
        { user_id: old.id, last_sync: 'garbage' },
        { last_sync: 'nobody at all' },
        null,
        'text',
      ]
      const { status, body } = await old.call<{ results: Record<string, unknown> }>('POST', 'dex/entries/batch_sync/', {
        json: { sync_requests },
      })
      expect(status).toBe(200)
      expect(body.results).toEqual({
        self: { entries: [expect.objectContaining({ scientific_name: 'Grus grus' })], count: 1 },
        [old.id.toUpperCase()]: { entries: [expect.anything()], count: 1 },
        'not an id': { error: 'User not found' },
        '7': { error: 'User not found' },
        [NOBODY]: { error: 'User not found' },
        [old.id]: { error: expect.stringContaining('last_sync') },
      })
      expect(body).toHaveProperty('server_time')
    })

    test('an empty one is answered, one of more than 200 is refused, and so is what is none', async () => {
      const { old } = await person()
      const batch = (json: unknown) => old.call('POST', 'dex/entries/batch_sync/', { json })
      expect(await batch({ sync_requests: [] })).toMatchObject({ status: 200, body: { results: {} } })
      const many = (length: number) => ({ sync_requests: Array.from({ length }, () => ({ user_id: randomUUID() })) })
      expect((await batch(many(200))).status).toBe(200)
      expect(await batch(many(201))).toMatchObject({ status: 400, body: { error: expect.any(String) } })
      expect((await batch({})).status).toBe(400)
      expect((await batch({ sync_requests: 'self' })).status).toBe(400)
    })

    test('a dex that is named twice is answered once, with the longer of the two', async () => {
      const { old, today } = await person()
      await today.private(['Grus grus'])
      await age(server.ctx)
      const last_sync = (await own(old)).server_time
      const twice = [{ user_id: 'self' }, { user_id: 'self', last_sync }]
      for (const sync_requests of [twice, [...twice].reverse()]) {
        const { body } = await old.call('POST', 'dex/entries/batch_sync/', { json: { sync_requests } })
        expect(body.results).toMatchObject({ self: { count: 1 } })
      }
    })
  })

  test('ten a minute for all four of an account, whichever device asks; the eleventh is told to wait', async () => {
    const strict = await startTestServer(await databases.settings())
    const theo = await V1Client.signUp(strict.url, 'theo')
    const tablet = new V1Client(strict.url, 'theo')
    await tablet.signIn()
    const calls = ['sync_entries/', 'friends_overview/', `user/${theo.id}/entries/`]
    for (let n = 0; n < 9; n += 1) expect((await theo.call('GET', `dex/entries/${calls[n % 3]}`)).status).toBe(200)
    await tablet.sync()
    const refused = await tablet.call('GET', 'dex/entries/sync_entries/')
    expect(refused).toMatchObject({ status: 429, body: { error: expect.any(String) } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await theo.call('GET', 'users/me/')).status).toBe(200)
    await strict.close()
  })

  test('an entry whose picture changed its state is a change for others too', async () => {
    const [theo, mara] = [await person(), await person()]
    await theo.today.befriend(mara.today)
    await age(server.ctx)
    const time = (await other(mara.old, theo.old.id)).body.server_time
    const id = randomUUID()
    const set = { animal: { to: { scientificName: 'Grus grus' } }, visibility: { to: 'friends' } }
    await theo.today.push([theo.today.change('entry', id, 'create', set)])
    expect((await other(mara.old, theo.old.id, time)).body.entries).toEqual([])
    await readyPicture(theo.today, id)
    expect((await other(mara.old, theo.old.id, time)).body.total_count).toBe(1)
  })
})
