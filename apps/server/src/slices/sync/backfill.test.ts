import { randomUUID } from 'node:crypto'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, headOf, newDevice, readyPicture, syncContext, type TestDevice } from '@biologidex/test-kit/dex'
import { expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { backfill, needsBackfill } from './backfill.service.ts'

const KINDS = ['owner', 'friends', 'public'] as const

eachDatabase((_name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    return { ctx, mara: await newDevice(ctx) }
  }
  const heads = (ctx: Context, owner: string) => Promise.all(KINDS.map((kind) => headOf(ctx, owner, kind)))
  /** As if all that is there had been written by the version before today's. */
  const ageAll = (ctx: Context) =>
    ctx.db.write(async (tx) => {
      await tx.q.updateTable('feeds').set({ version: 0 }).execute()
      await tx.q.updateTable('feed_items').set({ version: 0 }).execute()
    })
  /** As if an older projection had left something out of an item. */
  const forget = (ctx: Context, item: string, text: string) =>
    ctx.db.write(async (tx) => {
      const rows = await tx.q.selectFrom('feed_items').selectAll().where('item', '=', item).execute()
      for (const { feed_id, seq, payload } of rows) {
        const older = payload?.replace(text, '') ?? null
        await tx.q
          .updateTable('feed_items')
          .set({ payload: older })
          .where('feed_id', '=', feed_id)
          .where('seq', '=', seq)
          .execute()
      }
    })
  const versions = async (ctx: Context) => {
    const rows = await ctx.db.read.selectFrom('feed_items').select('version').distinct().execute()
    return rows.map((row) => row.version)
  }
  async function entry(mara: TestDevice, note: string): Promise<string> {
    const id = randomUUID()
    const set = { note: { to: note }, visibility: { to: 'public' }, animal: { to: { scientificName: 'Alces alces' } } }
    await mara.push([mara.change('entry', id, 'create', set)])
    await readyPicture(mara, id)
    return id
  }

  test('W4: a backfill brings older rows up to date and moves a seq only where the content is new', async () => {
    const { ctx, mara } = await world()
    const [stale, fresh, gone, outing] = [await entry(mara, 'stale'), await entry(mara, 'fresh'), randomUUID(), randomUUID()]
    await mara.push([
      mara.change('outing', outing, 'create', { name: { to: 'Lake' } }),
      mara.change('entry', gone, 'create'),
      mara.change('entry', gone, 'delete'),
    ])
    await ageAll(ctx)
    await forget(ctx, `entry/${stale}`, ',"note":"stale"')
    const before = await heads(ctx, mara.account)
    const seqs = async () => ctx.db.read.selectFrom('feed_items').select(['feed_id', 'seq', 'item']).orderBy('seq').execute()
    const places = new Map((await seqs()).map(({ feed_id, seq, item }) => [`${feed_id} ${item}`, seq]))
    expect(await needsBackfill(ctx)).toBe(true)
    await backfill(ctx)
    expect(await heads(ctx, mara.account)).toEqual(before.map((head) => head + 1))
    const moved = (await seqs()).filter(({ feed_id, seq, item }) => places.get(`${feed_id} ${item}`) !== seq)
    expect(new Set(moved.map(({ item }) => item))).toEqual(new Set([`entry/${stale}`]))
    const state = fold(new Map(), await mara.pull(), dexFeed(mara.account))
    expect(state.get(`entry/${stale}`)).toMatchObject({ note: 'stale' })
    expect(state.get(`entry/${fresh}`)).toMatchObject({ note: 'fresh' })
    expect(await versions(ctx)).toHaveLength(1)
    expect(await needsBackfill(ctx)).toBe(false)
  })

  test('W4: an entry that was deleted before there was a trash lies in it afterwards', async () => {
    const { ctx, mara } = await world()
    const id = randomUUID()
    await mara.push([mara.change('entry', id, 'create', { note: { to: 'old' } })])
    await mara.push([mara.change('entry', id, 'delete')])
    await ageAll(ctx)
    await ctx.db.write((tx) => tx.q.deleteFrom('feed_items').where('item', '=', `trash/${id}`).execute())
    await backfill(ctx)
    const state = fold(new Map(), await mara.pull(), dexFeed(mara.account))
    expect(state.get(`trash/${id}`)).toMatchObject({ entry: { note: 'old' } })
  })

  test('W4: it works in batches, goes on after a cut, and looks at no feed twice', async () => {
    const { ctx, mara } = await world()
    const ids = Array.from({ length: 700 }, () => randomUUID())
    for (const some of [ids.slice(0, 400), ids.slice(400)])
      await mara.push(some.map((id) => mara.change('entry', id, 'create', { note: { to: 'n' } })))
    await ageAll(ctx)
    let writes = 0
    const cut: Context = {
      ...ctx,
      db: {
        ...ctx.db,
        write: (work) => {
          writes += 1
          if (writes === 2) return Promise.reject(new Error('cut'))
          return ctx.db.write(work)
        },
      },
    }
    await expect(backfill(cut)).rejects.toThrow('cut')
    const head = await headOf(ctx, mara.account, 'owner')
    await backfill(ctx)
    expect(await headOf(ctx, mara.account, 'owner')).toBe(head)
    expect(await versions(ctx)).toHaveLength(1)
    await backfill(cut)
    expect(writes).toBe(2)
  })

  test('W4: an item of a kind that nothing projects is not passed over in silence', async () => {
    const { ctx, mara } = await world()
    await mara.push([mara.change('entry', randomUUID(), 'create')])
    await ageAll(ctx)
    await ctx.db.write((tx) => tx.q.updateTable('feed_items').set({ item: 'balloon/1' }).execute())
    await expect(backfill(ctx)).rejects.toThrow('balloon')
    expect(await needsBackfill(ctx)).toBe(true)
  })
})
