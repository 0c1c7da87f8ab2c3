import { randomUUID } from 'node:crypto'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { headOf, newDevice, readyPicture, syncContext, type TestDevice } from '@biologidex/test-kit/dex'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { FeedWriter } from './feed-writer.ts'

const KINDS = ['owner', 'friends', 'public'] as const

async function heads(ctx: Context, owner: string): Promise<number[]> {
  return Promise.all(KINDS.map((kind) => headOf(ctx, owner, kind)))
}

async function published(device: TestDevice, kind: string, item: string): Promise<unknown> {
  const row = await device.ctx.db.read
    .selectFrom('feed_items as i')
    .innerJoin('feeds as f', 'f.id', 'i.feed_id')
    .select('payload')
    .where('f.owner_id', '=', device.account)
    .where('f.kind', '=', kind)
    .where('i.item', '=', item)
    .executeTakeFirst()
  return row === undefined ? 'unknown' : row.payload === null ? 'removed' : JSON.parse(row.payload)
}

const MOOSE = { animal: { to: { scientificName: 'Alces alces' } } }

eachDatabase((_name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    return { ctx, mara: await newDevice(ctx) }
  }

  describe('feeds', () => {
    test('W2: the table of before and next', async () => {
      const { ctx, mara } = await world()
      const say = async (payload: object | null) => {
        await ctx.db.write(async (tx) => {
          await tx.lockOwner(mara.account)
          const feeds = await FeedWriter.open(tx, ctx.nudges, mara.account)
          feeds.publish('friends', 'entry/x', payload)
          await feeds.flush()
        })
        return [await headOf(ctx, mara.account, 'friends'), await published(mara, 'friends', 'entry/x')]
      }
      expect(await say(null)).toEqual([0, 'unknown'])
      expect(await say({ a: 1 })).toEqual([1, { a: 1 }])
      expect(await say({ a: 1 })).toEqual([1, { a: 1 }])
      expect(await say({ a: 2 })).toEqual([2, { a: 2 }])
      expect(await say(null)).toEqual([3, 'removed'])
      expect(await say(null)).toEqual([3, 'removed'])
      expect(await say({ a: 2 })).toEqual([4, { a: 2 }])
    })

    test('W2: nudges name exactly the feeds that moved, after the commit', async () => {
      const { ctx, mara } = await world()
      const heard: string[] = []
      ctx.nudges.listen(
        KINDS.map((kind) => `${mara.account}:${kind}`),
        (topic) => heard.push(topic.split(':')[1] ?? ''),
      )
      const id = randomUUID()
      await mara.push([mara.change('entry', id, 'create', { ...MOOSE, visibility: { to: 'friends' } })])
      expect(heard).toEqual(['owner'])
      await readyPicture(mara, id)
      expect(heard).toEqual(['owner', 'owner', 'owner', 'friends'])
    })

    test('F5, F6: others get an entry with its animal and ready picture; hidden edits move nothing of theirs', async () => {
      const { ctx, mara } = await world()
      const id = randomUUID()
      await mara.push([mara.change('entry', id, 'create', { visibility: { to: 'public' } })])
      await readyPicture(mara, id)
      expect((await heads(ctx, mara.account)).slice(1)).toEqual([0, 0])
      await mara.push([mara.change('entry', id, 'update', MOOSE)])
      expect((await heads(ctx, mara.account)).slice(1)).toEqual([1, 1])
      const before = await heads(ctx, mara.account)
      const outing = randomUUID()
      await mara.push([
        mara.change('outing', outing, 'create', { name: { to: 'to the lake' } }),
        mara.change('entry', id, 'update', {
          privateNote: { to: 'under the third bench' },
          outing: { to: outing },
          place: { to: { lat: 52.1, lon: 13.1 } },
          identifications: { add: [{ id: randomUUID(), at: 1, by: 'Mara', text: 'elk?' }] },
        }),
      ])
      const after = await heads(ctx, mara.account)
      expect(after[0]).toBeGreaterThan(before[0] ?? 0)
      // Friends see the area of the place that came; the public, to whom places are hidden, sees nothing new.
      expect(after[2]).toBe(before[2])
      await mara.push([
        mara.change('entry', id, 'update', {
          place: { was: { lat: 52.1, lon: 13.1 }, to: { lat: 52.1, lon: 13.1, name: 'x' } },
        }),
      ])
      expect((await heads(ctx, mara.account))[1]).toBe(after[1])
    })

    test('F3: what a feed holds is what its audience may see; narrowing removes it, hiding and deleting look alike', async () => {
      const { mara } = await world()
      const [kept, hidden, deleted] = [randomUUID(), randomUUID(), randomUUID()]
      for (const id of [kept, hidden, deleted]) {
        await mara.push([
          mara.change('entry', id, 'create', { ...MOOSE, visibility: { to: 'public' }, privateNote: { to: 'secret' } }),
        ])
        await readyPicture(mara, id)
      }
      await mara.push([
        mara.change('entry', hidden, 'update', { visibility: { was: 'public', to: 'private' } }),
        mara.change('entry', deleted, 'delete'),
      ])
      for (const kind of ['friends', 'public']) {
        expect(JSON.stringify(await published(mara, kind, `entry/${kept}`))).not.toContain('secret')
        expect(await published(mara, kind, `entry/${hidden}`)).toBe('removed')
        expect(await published(mara, kind, `entry/${deleted}`)).toBe('removed')
      }
      expect(await published(mara, 'owner', `entry/${hidden}`)).toMatchObject({ privateNote: 'secret' })
    })

    test('the area of a place is drawn once and comes back the same', async () => {
      const { mara } = await world()
      const id = randomUUID()
      const truth = { lat: 48.123456, lon: 11.654321 }
      await mara.push([mara.change('entry', id, 'create', { ...MOOSE, visibility: { to: 'friends' }, place: { to: truth } })])
      await readyPicture(mara, id)
      const place = async () => ((await published(mara, 'friends', `entry/${id}`)) as { place: unknown }).place
      const first = await place()
      expect(first).not.toMatchObject(truth)
      await mara.push([mara.change('entry', id, 'update', { visibility: { was: 'friends', to: 'private' } })])
      await mara.push([
        mara.change('entry', id, 'update', { visibility: { was: 'private', to: 'friends' }, note: { to: 'again' } }),
      ])
      expect(await place()).toEqual(first)
    })
  })

  describe('animals', () => {
    const catalogue = async (ctx: Context, id: string) => {
      const row = await ctx.db.read
        .selectFrom('feed_items')
        .select('payload')
        .where('item', '=', `animal/${id}`)
        .executeTakeFirst()
      return row?.payload ? (JSON.parse(row.payload) as { number?: number }) : row && 'removed'
    }
    const animalIn = async (device: TestDevice, name: string) =>
      device.ctx.db.read.selectFrom('animals').selectAll().where('scientific_name', '=', name).executeTakeFirstOrThrow()

    test('W1: two people who keep the same new animal at once get one record and one number, without gaps', async () => {
      const { ctx } = await world()
      const people = await Promise.all(Array.from({ length: 6 }, () => newDevice(ctx)))
      const names = ['Alces alces', 'Vulpes vulpes', 'Meles meles']
      await Promise.all(
        people.map((person, index) => {
          const mine = index % 2 ? names : [...names].reverse()
          return person.push(
            mine.map((name) => person.change('entry', randomUUID(), 'create', { animal: { to: { scientificName: name } } })),
          )
        }),
      )
      const rows = await ctx.db.read.selectFrom('animals').select(['scientific_name', 'number']).execute()
      expect(rows.map((row) => row.scientific_name).sort()).toEqual([...names].sort())
      expect(rows.map((row) => row.number).sort()).toEqual([1, 2, 3])
    })

    test('animals kept in one push are numbered in the order in which they were kept', async () => {
      const { mara } = await world()
      const names = Array.from('fdbacegh', (letter) => `Genus ${letter.repeat(4)}`)
      const keep = (name: string) => mara.change('entry', randomUUID(), 'create', { animal: { to: { scientificName: name } } })
      await mara.push([...names, ...names].map(keep))
      const rows = await mara.ctx.db.read.selectFrom('animals').select('scientific_name').orderBy('number').execute()
      expect(rows.map((row) => row.scientific_name)).toEqual(names)
    })

    test('an animal that is not verified is in the catalogue only while somebody shows it to all', async () => {
      const { ctx, mara } = await world()
      const id = randomUUID()
      await mara.push([mara.change('entry', id, 'create', { ...MOOSE, visibility: { to: 'friends' } })])
      await readyPicture(mara, id)
      const moose = await animalIn(mara, 'Alces alces')
      expect(moose.number).toBe(1)
      expect(await catalogue(ctx, moose.id)).toBeUndefined()
      await mara.push([mara.change('entry', id, 'update', { visibility: { was: 'friends', to: 'public' } })])
      expect(await catalogue(ctx, moose.id)).toMatchObject({ number: 1 })
      await mara.push([mara.change('entry', id, 'delete')])
      expect(await catalogue(ctx, moose.id)).toBe('removed')
    })

    test('F4: records travel with the entries that name them, with their number, once an answer', async () => {
      const { mara } = await world()
      await mara.push([1, 2].map(() => mara.change('entry', randomUUID(), 'create', MOOSE)))
      const { chunks } = await mara.pull()
      const records = chunks.flatMap(({ chunk }) => chunk.animals ?? [])
      expect(records.map((animal) => [animal.scientificName, animal.number])).toEqual([['Alces alces', 1]])
    })
  })
})
