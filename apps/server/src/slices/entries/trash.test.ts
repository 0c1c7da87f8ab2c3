import { randomUUID } from 'node:crypto'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, headOf, newDevice, readyPicture, syncContext, TestDevice } from '@biologidex/test-kit/dex'
import { expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { purgeTrash, RESTORE_MS } from './purge.service.ts'

type Shown = Record<string, unknown>

eachDatabase((_name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    const phone = await newDevice(ctx)
    return { ctx, phone, laptop: new TestDevice(ctx, phone.account) }
  }
  async function state(device: TestDevice): Promise<Map<string, Shown>> {
    return fold(new Map(), await device.pull(), dexFeed(device.account)) as Map<string, Shown>
  }
  const purge = (ctx: Context) => purgeTrash(ctx)
  const count = async (ctx: Context, table: 'entries' | 'revisions' | 'conflicts' | 'images') =>
    (await ctx.db.read.selectFrom(table).selectAll().execute()).length
  /** As if the entry had been deleted that long ago. */
  const age = (ctx: Context, id: string, ms: number) =>
    ctx.db.write((tx) =>
      tx.q
        .updateTable('entries')
        .set({ deleted_at: Date.now() - ms })
        .where('id', '=', id)
        .execute(),
    )

  test('O5: a deleted entry lies in its owner’s trash, whole, and leaves it in the write that brings it back', async () => {
    const { ctx, phone } = await world()
    const id = randomUUID()
    const set = { note: { to: 'duck' }, privateNote: { to: 'nest' }, animal: { to: { scientificName: 'Anas crecca' } } }
    await phone.push([phone.change('entry', id, 'create', { ...set, visibility: { to: 'public' } })])
    await readyPicture(phone, id)
    const before = (await state(phone)).get(`entry/${id}`)
    await phone.push([phone.change('entry', id, 'delete')])
    const pulled = await phone.pull()
    const deleted = fold(new Map(), pulled, dexFeed(phone.account)) as Map<string, Shown>
    expect([...deleted.keys()]).toEqual([`trash/${id}`])
    expect(deleted.get(`trash/${id}`)).toEqual({
      type: 'trash',
      id,
      entry: { ...before, updated: expect.any(Number) },
      deleted: expect.any(Number),
    })
    // The record of its animal travels along, as with any entry (F4).
    expect(pulled.chunks.flatMap(({ chunk }) => chunk.animals ?? [])).toMatchObject([{ scientificName: 'Anas crecca' }])
    const others = await Promise.all(['friends', 'public'].map((kind) => headOf(ctx, phone.account, kind)))
    expect(others).toEqual([2, 2])
    await phone.push([phone.change('entry', id, 'restore')])
    expect([...(await state(phone)).keys()]).toEqual([`entry/${id}`])
  })

  test('O5: an edit from elsewhere takes the entry out of the trash, and its history tells who saw it before', async () => {
    const { ctx, phone, laptop } = await world()
    const id = randomUUID()
    await phone.push([phone.change('entry', id, 'create', { visibility: { to: 'public' } })])
    await phone.push([phone.change('entry', id, 'delete')])
    await laptop.push([laptop.change('entry', id, 'update', { note: { to: 'still here' } })])
    expect([...(await state(phone)).keys()]).toEqual([`entry/${id}`])
    const rows = await ctx.db.read.selectFrom('revisions').select('changes').where('n', '=', 3).execute()
    expect(JSON.parse(rows[0]?.changes ?? '')).toEqual([
      { field: 'visibility', was: 'public', to: 'private' },
      { op: 'revive' },
      { field: 'note', was: null, to: 'still here' },
    ])
  })

  test('O5: deleted, brought back and deleted in one push is deleted, with one line in the trash', async () => {
    const { phone } = await world()
    const id = randomUUID()
    await phone.push([
      phone.change('entry', id, 'create'),
      phone.change('entry', id, 'delete'),
      phone.change('entry', id, 'restore'),
      phone.change('entry', id, 'delete'),
    ])
    expect([...(await state(phone)).keys()]).toEqual([`trash/${id}`])
  })

  test('after 30 days what was deleted is gone with all that hung on it, and nothing else is', async () => {
    const { ctx, phone, laptop } = await world()
    const [old, young, alive] = [randomUUID(), randomUUID(), randomUUID()]
    for (const id of [old, young, alive]) {
      await phone.push([phone.change('entry', id, 'create', { note: { to: 'first' } })])
      await readyPicture(phone, id)
      await laptop.push([laptop.change('entry', id, 'update', { note: { was: 'first', to: 'laptop' } })])
      await phone.push([phone.change('entry', id, 'update', { note: { was: 'first', to: 'phone' } })])
    }
    await phone.push([phone.change('entry', old, 'delete'), phone.change('entry', young, 'delete')])
    await age(ctx, old, RESTORE_MS + 60_000)
    await age(ctx, young, RESTORE_MS - 60_000)
    await purge(ctx)
    const all = await state(phone)
    expect([...all.keys()].filter((key) => !key.startsWith('conflict/'))).toEqual([`entry/${alive}`, `trash/${young}`])
    expect([await count(ctx, 'entries'), await count(ctx, 'images'), await count(ctx, 'conflicts')]).toEqual([2, 2, 2])
    const left = await ctx.db.read.selectFrom('revisions').select('entry_id').distinct().execute()
    expect(left.map((row) => row.entry_id).sort()).toEqual([young, alive].sort())
    // Again, nothing moves.
    const head = await headOf(ctx, phone.account, 'owner')
    await purge(ctx)
    expect(await headOf(ctx, phone.account, 'owner')).toBe(head)
  })

  test('O6: what an old phone says of an entry that is gone for good is set aside, and the others go on', async () => {
    const { ctx, phone, laptop } = await world()
    const [id, other] = [randomUUID(), randomUUID()]
    await phone.push([phone.change('entry', id, 'create'), phone.change('entry', id, 'delete')])
    await age(ctx, id, RESTORE_MS + 60_000)
    await purge(ctx)
    const results = await laptop.push([
      laptop.change('entry', id, 'update', { note: { to: 'three pages of field notes' } }),
      laptop.change('entry', id, 'restore'),
      laptop.change('entry', other, 'create', { note: { to: 'new' } }),
    ])
    expect(results.map(({ code, status }) => code ?? status)).toEqual(['missing_target', 'missing_target', 'done'])
    expect([...(await state(phone)).keys()]).toEqual([`entry/${other}`])
  })

  test('a purge works through more than one round, each owner under their own lock', async () => {
    const { ctx, phone } = await world()
    const other = await newDevice(ctx)
    const many = Array.from({ length: 230 }, () => randomUUID())
    await phone.push(many.map((id) => phone.change('entry', id, 'create')))
    await phone.push(many.map((id) => phone.change('entry', id, 'delete')))
    const theirs = randomUUID()
    await other.push([other.change('entry', theirs, 'create'), other.change('entry', theirs, 'delete')])
    await ctx.db.write((tx) => tx.q.updateTable('entries').set({ deleted_at: 5 }).execute())
    await purge(ctx)
    expect(await count(ctx, 'entries')).toBe(0)
    expect([(await state(phone)).size, (await state(other)).size]).toEqual([0, 0])
  })
})
