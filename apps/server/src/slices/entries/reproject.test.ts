import { randomUUID } from 'node:crypto'
import { DEFAULT_SETTINGS } from '@biologidex/core/accounts/account'
import type { SharedEntry } from '@biologidex/core/entries/entry'
import { dexFeed } from '@biologidex/core/sync/wire'
import type { Context } from '@biologidex/server/context'
import type { Tx } from '@biologidex/server/db/db'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, fold, headOf, newDevice, readyPicture, syncContext, type TestDevice } from '@biologidex/test-kit/dex'
import { describe, expect, test } from 'vitest'
import { publicPage, readable } from '../sync/sync.service.ts'
import { changeIucn } from './vulnerability.service.ts'

const PLACE = { lat: 47.3, lon: 8.5, name: 'the pond behind the mill' }
const IUCN = { source: 'a red list', date: '2025-01-01' }

eachDatabase((_name, databases) => {
  async function world(friendsPrecision: 'exact' | 'area' = 'exact') {
    const ctx = await syncContext(await databases.open())
    const settings = { ...DEFAULT_SETTINGS, friendsPrecision, publicPrecision: friendsPrecision }
    const [mara, theo] = [await newDevice(ctx, settings), await newDevice(ctx)]
    await befriended(mara, theo)
    // Puts the profile into the feeds, where a server has it from the start.
    await mara.push([mara.change('setting', mara.account, 'update', { displayName: { to: 'Mara' } })])
    return { ctx, mara, theo }
  }
  async function keep(
    device: TestDevice,
    visibility: string,
    scientificName = 'Ardea cinerea',
    id: string = randomUUID(),
  ): Promise<string> {
    const animal = { to: { scientificName } }
    const set = { animal, visibility: { to: visibility }, place: { to: PLACE } }
    await device.push([device.change('entry', id, 'create', set)])
    await readyPicture(device, id)
    return id
  }
  const animalOf = async (ctx: Context, entry: string): Promise<string> => {
    const row = await ctx.db.read.selectFrom('entries').select('animal_id').where('id', '=', entry).executeTakeFirstOrThrow()
    return row.animal_id ?? ''
  }
  const set = (device: TestDevice, field: string, was: string, to: string) =>
    device.push([device.change('setting', device.account, 'update', { [field]: { was, to } })])
  const modeFor = async (viewer: TestDevice, dex: TestDevice) =>
    (await viewer.pull()).hello?.feeds.find(({ feed }) => feed === dexFeed(dex.account))?.mode
  const placeFor = async (viewer: TestDevice, dex: TestDevice, entry: string) =>
    (fold(new Map(), await viewer.pull(), dexFeed(dex.account)).get(`entry/${entry}`) as SharedEntry | undefined)?.place
  async function work(ctx: Context): Promise<void> {
    ctx.jobs.start()
    await ctx.jobs.idle()
    await ctx.jobs.stop()
  }

  describe('W3: a place shown less finely', () => {
    test('is closed to others in the same moment, by every way, and open again when it is carried out', async () => {
      const { ctx, mara, theo } = await world()
      const entry = await keep(mara, 'public')
      expect(await placeFor(theo, mara, entry)).toMatchObject(PLACE)
      await set(mara, 'friendsPrecision', 'exact', 'area')
      expect(await modeFor(theo, mara)).toBe('later')
      expect(await readable(ctx, theo.account, mara.account, `entry/${entry}`)).toBeUndefined()
      const stranger = await newDevice(ctx)
      expect((await publicPage(ctx, stranger.account, mara.account)).toString()).not.toContain(entry)
      expect(await readable(ctx, mara.account, mara.account, `entry/${entry}`)).toContain(PLACE.name)
      await work(ctx)
      const place = await placeFor(theo, mara, entry)
      expect(place).toBeDefined()
      expect(place).not.toMatchObject(PLACE)
      expect(JSON.stringify(place)).not.toContain(PLACE.name)
      expect((await publicPage(ctx, stranger.account, mara.account)).toString()).toContain(entry)
    })

    test.each([
      ['failed for the last time', async (tx: Tx) => void (await tx.q.updateTable('jobs').set({ attempts: 10 }).execute())],
      ['is gone', async (tx: Tx) => void (await tx.q.deleteFrom('jobs').execute())],
    ])('is carried out by the daily job when its own %s', async (_what, lose) => {
      const { ctx, mara, theo } = await world()
      const entry = await keep(mara, 'friends')
      await set(mara, 'friendsPrecision', 'exact', 'area')
      await ctx.db.write(lose)
      await work(ctx)
      expect(await modeFor(theo, mara)).toBe('later')
      await ctx.db.write((tx) => ctx.jobs.enqueue(tx, 'open closed dexes', ''))
      await work(ctx)
      expect(await placeFor(theo, mara, entry)).toBeDefined()
      expect(await placeFor(theo, mara, entry)).not.toMatchObject(PLACE)
      const left = (query: 'closings' | 'jobs') => ctx.db.read.selectFrom(query).selectAll().execute()
      expect([await left('closings'), await left('jobs')]).toEqual([[], []])
    })

    test('is one for the public alone where friends still see all of it', async () => {
      const { ctx, mara, theo } = await world()
      const entry = await keep(mara, 'public')
      const head = await headOf(ctx, mara.account, 'friends')
      await set(mara, 'publicPrecision', 'exact', 'hidden')
      expect(await modeFor(theo, mara)).toBe('snapshot')
      expect(await readable(ctx, (await newDevice(ctx)).account, mara.account, `entry/${entry}`)).toBeUndefined()
      await work(ctx)
      expect(await headOf(ctx, mara.account, 'friends')).toBe(head)
      expect((await publicPage(ctx, theo.account, mara.account)).toString()).not.toContain(PLACE.name)
    })

    test('that becomes finer closes nothing', async () => {
      const { ctx, mara, theo } = await world('area')
      const entry = await keep(mara, 'friends')
      await set(mara, 'friendsPrecision', 'area', 'exact')
      expect(await modeFor(theo, mara)).toBe('snapshot')
      await work(ctx)
      expect(await placeFor(theo, mara, entry)).toMatchObject(PLACE)
    })

    test('closes nothing and moves nothing where nobody sees an entry (F6)', async () => {
      const { ctx, mara, theo } = await world()
      await keep(mara, 'private')
      const heads = async () => [await headOf(ctx, mara.account, 'friends'), await headOf(ctx, mara.account, 'public')]
      const before = await heads()
      await set(mara, 'friendsPrecision', 'exact', 'hidden')
      expect(await modeFor(theo, mara)).toBe('snapshot')
      await work(ctx)
      expect(await heads()).toEqual(before)
    })

    test('two changes open together, whichever job ends first; the point of an area stays the same', async () => {
      const { ctx, mara, theo } = await world()
      const entry = await keep(mara, 'friends')
      await set(mara, 'friendsPrecision', 'exact', 'area')
      await work(ctx)
      const point = await placeFor(theo, mara, entry)
      const again = { ...ctx, jobs: (await syncContext(ctx.db)).jobs }
      await set(mara, 'friendsPrecision', 'area', 'hidden')
      await set(mara, 'friendsPrecision', 'hidden', 'area')
      expect(await modeFor(theo, mara)).toBe('later')
      await work(again)
      expect(await modeFor(theo, mara)).toBe('snapshot')
      expect(await placeFor(theo, mara, entry)).toEqual(point)
    })

    test('of two devices’ choices the coarser stands, and nobody is asked', async () => {
      const { mara } = await world()
      const [first] = await set(mara, 'friendsPrecision', 'exact', 'area')
      const [second] = await set(mara, 'friendsPrecision', 'exact', 'hidden')
      const [third] = await set(mara, 'friendsPrecision', 'exact', 'exact')
      expect([first, second, third].map((result) => result?.conflicts)).toEqual([undefined, undefined, undefined])
      const row = await mara.ctx.db.read
        .selectFrom('accounts')
        .select('settings')
        .where('id', '=', mara.account)
        .executeTakeFirstOrThrow()
      expect(JSON.parse(row.settings)).toMatchObject({ friendsPrecision: 'hidden' })
    })

    test('a long dex goes on in another job, and one that was cut begins again', async () => {
      const { ctx, mara, theo } = await world()
      const entries = [await keep(mara, 'friends'), await keep(mara, 'friends')]
      await set(mara, 'friendsPrecision', 'exact', 'area')
      const job = await ctx.db.read.selectFrom('jobs').select(['id', 'payload']).executeTakeFirstOrThrow()
      const cut = { ...JSON.parse(job.payload), after: entries.toSorted()[0] }
      await ctx.db.write((tx) => ctx.jobs.enqueue(tx, 'reproject', JSON.stringify(cut)))
      await work(ctx)
      for (const entry of entries) expect(await placeFor(theo, mara, entry)).not.toMatchObject(PLACE)
      expect(await ctx.db.read.selectFrom('closings').selectAll().execute()).toEqual([])
    })
  })

  test('W3: a dex of which most is private is narrowed to its end', async () => {
    const { ctx, mara, theo } = await world()
    const hidden = { visibility: { to: 'private' } }
    await mara.push(Array.from({ length: 2_010 }, () => mara.change('entry', randomUUID(), 'create', hidden)))
    const last = `ffffffff-ffff-4fff-bfff-${randomUUID().slice(-12)}`
    await keep(mara, 'friends', 'Ardea cinerea', last)
    await set(mara, 'friendsPrecision', 'exact', 'area')
    await work(ctx)
    expect(await placeFor(theo, mara, last)).toBeDefined()
    expect(await placeFor(theo, mara, last)).not.toMatchObject(PLACE)
  })

  describe('an animal that becomes vulnerable', () => {
    test('closes what shows it, everywhere, and shows it as an area from then on', async () => {
      const { ctx, mara, theo } = await world()
      const [rare, other] = [await keep(mara, 'friends'), await keep(mara, 'public', 'Passer domesticus')]
      const animal = await animalOf(ctx, rare)
      const page = async () => (await publicPage(ctx, (await newDevice(ctx)).account, mara.account)).toString()
      await changeIucn(ctx, animal, { category: 'EN', ...IUCN })
      expect(await modeFor(theo, mara)).toBe('later')
      // The public has never seen one: it must not be told that there is one (F6).
      expect(await page()).toContain(other)
      await work(ctx)
      expect(await placeFor(theo, mara, rare)).not.toMatchObject(PLACE)
      expect(await placeFor(theo, mara, other)).toMatchObject(PLACE)
      await changeIucn(ctx, animal, { category: 'LC', ...IUCN })
      expect(await modeFor(theo, mara)).toBe('snapshot')
    })

    /** As a category is changed from elsewhere, with something happening when dexes are closed and it has not moved yet. */
    const between = (ctx: Context, work: () => Promise<unknown>) => {
      const db: Context['db'] = {
        ...ctx.db,
        write: async (change) => {
          const closed = await ctx.db.read.selectFrom('closings').select('feed_id').execute()
          if (closed.length > 0) await work()
          return ctx.db.write(change)
        },
      }
      return { ...ctx, db }
    }
    const dueNow = (ctx: Context) => ctx.db.write((tx) => tx.q.updateTable('jobs').set({ run_at: 0 }).execute())

    test('who closed their dex for nothing opens it again: the program died before the category moved', async () => {
      const { ctx, mara, theo } = await world()
      const rare = await keep(mara, 'friends')
      const dies = between(ctx, () => Promise.reject(new Error('killed')))
      await expect(changeIucn(dies, await animalOf(ctx, rare), { category: 'EN', ...IUCN })).rejects.toThrow('killed')
      expect(await modeFor(theo, mara)).toBe('later')
      await dueNow(ctx)
      await work(ctx)
      expect(await placeFor(theo, mara, rare)).toMatchObject(PLACE)
    })

    test.each([
      ['opened again too early', async ({ ctx }: { ctx: Context }) => (await dueNow(ctx), await work(ctx))],
      [
        'shows it to more people meanwhile',
        async ({ rare, mara }: { rare: string; mara: TestDevice }) => {
          await mara.push([mara.change('entry', rare, 'update', { visibility: { was: 'friends', to: 'public' } })])
        },
      ],
    ])('nothing shows it exactly once the category has moved: a dex that %s', async (_what, happens) => {
      const { ctx, mara, theo } = await world()
      const rare = await keep(mara, 'friends')
      const animal = await animalOf(ctx, rare)
      await changeIucn(
        between(ctx, () => happens({ ctx, mara, rare })),
        animal,
        { category: 'EN', ...IUCN },
      )
      const open = await ctx.db.read
        .selectFrom('feed_items as i')
        .innerJoin('feeds as f', 'f.id', 'i.feed_id')
        .select('f.kind')
        .where('f.kind', 'in', ['friends', 'public'])
        .where('f.closed', '=', 0)
        .where('i.payload', 'like', `%${PLACE.name}%`)
        .execute()
      expect(open).toEqual([])
      await work(ctx)
      expect(await placeFor(theo, mara, rare)).not.toMatchObject(PLACE)
      expect(await ctx.db.read.selectFrom('closings').selectAll().execute()).toEqual([])
    })

    describe('takes its subspecies along, of which nothing is known', () => {
      const TIGER = 'Panthera tigris'

      test('one that is typed is shown as an area from the start', async () => {
        const { ctx, mara, theo } = await world()
        await changeIucn(ctx, await animalOf(ctx, await keep(mara, 'private', TIGER)), { category: 'EN', ...IUCN })
        const rare = await keep(mara, 'friends', `${TIGER} altaica`)
        expect(await placeFor(theo, mara, rare)).toBeDefined()
        expect(await placeFor(theo, mara, rare)).not.toMatchObject(PLACE)
        const genus = await keep(mara, 'friends', 'Panthera')
        expect(await placeFor(theo, mara, genus)).toMatchObject(PLACE)
      })

      test('one that was typed before is closed with it and shown as an area from then on', async () => {
        const { ctx, mara, theo } = await world()
        const rare = await keep(mara, 'friends', `${TIGER} altaica`)
        const own = await keep(mara, 'friends', `${TIGER} sondaica`)
        await changeIucn(ctx, await animalOf(ctx, own), { category: 'LC', ...IUCN })
        const tiger = await animalOf(ctx, await keep(mara, 'private', TIGER))
        expect(await placeFor(theo, mara, rare)).toMatchObject(PLACE)
        await changeIucn(ctx, tiger, { category: 'EN', ...IUCN })
        expect(await modeFor(theo, mara)).toBe('later')
        await work(ctx)
        expect(await placeFor(theo, mara, rare)).not.toMatchObject(PLACE)
        // What has a category of its own goes by that.
        expect(await placeFor(theo, mara, own)).toMatchObject(PLACE)
        await changeIucn(ctx, tiger, { category: 'LC', ...IUCN })
        await work(ctx)
        expect(await placeFor(theo, mara, rare)).toMatchObject(PLACE)
      })
    })

    test('a dex that keeps it in private only is not touched', async () => {
      const { ctx, mara, theo } = await world()
      const entry = await keep(mara, 'private')
      const head = await headOf(ctx, mara.account, 'friends')
      await changeIucn(ctx, await animalOf(ctx, entry), { category: 'CR', ...IUCN })
      expect(await modeFor(theo, mara)).toBe('snapshot')
      expect(await headOf(ctx, mara.account, 'friends')).toBe(head)
      expect(await ctx.db.read.selectFrom('jobs').select('kind').execute()).toEqual([{ kind: 'reproject animal' }])
    })

    test('nothing is done where nothing changed, and an unknown one is not there', async () => {
      const { ctx, mara } = await world()
      const animal = await animalOf(ctx, await keep(mara, 'friends'))
      await changeIucn(ctx, animal, undefined)
      expect(await ctx.db.read.selectFrom('jobs').selectAll().execute()).toEqual([])
      await expect(changeIucn(ctx, randomUUID(), undefined)).rejects.toMatchObject({ code: 'not_found' })
    })
  })
})
