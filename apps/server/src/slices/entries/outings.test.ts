import { randomUUID } from 'node:crypto'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, headOf, newDevice, syncContext, TestDevice } from '@biologidex/test-kit/dex'
import { expect, test } from 'vitest'

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
  const conflicts = (all: Map<string, Shown>) => [...all.values()].filter((item) => item.type === 'conflict')

  test('an outing and the entries that name it are its owner’s alone', async () => {
    const { ctx, phone } = await world()
    const [outing, entry] = [randomUUID(), randomUUID()]
    const results = await phone.push([
      phone.change('outing', outing, 'create', { name: { to: 'To the lake' }, note: { to: 'Cold' } }),
      phone.change('entry', entry, 'create', { outing: { to: outing }, visibility: { to: 'public' } }),
    ])
    expect(results).toMatchObject([{ status: 'done' }, { status: 'done' }])
    const all = await state(phone)
    expect(all.get(`outing/${outing}`)).toEqual({
      type: 'outing',
      id: outing,
      name: 'To the lake',
      note: 'Cold',
      created: expect.any(Number),
    })
    expect(all.get(`entry/${entry}`)).toMatchObject({ outing })
    expect([await headOf(ctx, phone.account, 'friends'), await headOf(ctx, phone.account, 'public')]).toEqual([0, 0])
  })

  test('O4: an outing changes field by field; what was typed and did not stand is kept to be chosen', async () => {
    const { phone, laptop } = await world()
    const id = randomUUID()
    await phone.push([phone.change('outing', id, 'create', { name: { to: 'Lake' } })])
    await laptop.push([laptop.change('outing', id, 'update', { name: { was: 'Lake', to: 'Pond' } })])
    const [result] = await phone.push([
      phone.change('outing', id, 'update', { name: { was: 'Lake', to: 'Big lake' }, note: { to: 'Fog' } }),
    ])
    expect(result).toMatchObject({ status: 'done', conflicts: [`outing/${id}/name`] })
    const all = await state(laptop)
    expect(all.get(`outing/${id}`)).toMatchObject({ name: 'Pond', note: 'Fog' })
    const [clash] = conflicts(all)
    expect(clash).toMatchObject({ entry: id, field: `outing/${id}/name`, lost: 'Big lake', stands: 'Pond' })
    await phone.push([phone.change('outing', id, 'delete')])
    expect(conflicts(await state(phone))).toEqual([])
    await phone.push([phone.change('outing', id, 'restore')])
    expect(conflicts(await state(phone))).toHaveLength(1)
    await laptop.push([laptop.change('conflict', clash?.id as string, 'delete')])
    expect(conflicts(await state(phone))).toEqual([])
  })

  test('O4: a clash of an outing that the same push deletes waits with it', async () => {
    const { phone, laptop } = await world()
    const id = randomUUID()
    await phone.push([phone.change('outing', id, 'create', { name: { to: 'Lake' } })])
    await laptop.push([laptop.change('outing', id, 'update', { name: { was: 'Lake', to: 'Pond' } })])
    await phone.push([
      phone.change('outing', id, 'update', { name: { was: 'Lake', to: 'Sea' } }),
      phone.change('outing', id, 'delete'),
    ])
    expect((await state(phone)).size).toBe(0)
    await phone.push([phone.change('outing', id, 'update', { note: { to: 'again' } })])
    expect(conflicts(await state(phone))).toHaveLength(1)
  })

  test('a deleted outing leaves its entries as they are, and comes back when one joins it (O5)', async () => {
    const { phone, laptop } = await world()
    const [outing, here, there] = [randomUUID(), randomUUID(), randomUUID()]
    await phone.push([
      phone.change('outing', outing, 'create', { name: { to: 'Lake' } }),
      phone.change('entry', here, 'create', { outing: { to: outing }, note: { to: 'duck' } }),
    ])
    await phone.push([phone.change('outing', outing, 'delete'), phone.change('outing', outing, 'delete')])
    const without = await state(phone)
    expect(without.has(`outing/${outing}`)).toBe(false)
    expect(without.get(`entry/${here}`)).toMatchObject({ note: 'duck', outing })
    await laptop.push([laptop.change('entry', there, 'create', { outing: { to: outing } })])
    expect((await state(phone)).get(`outing/${outing}`)).toMatchObject({ name: 'Lake' })
    await phone.push([phone.change('outing', outing, 'delete')])
    const [revived] = await laptop.push([laptop.change('outing', outing, 'update', { name: { was: 'Lake', to: 'Loch' } })])
    expect(revived).toMatchObject({ revived: true })
    expect((await state(phone)).get(`outing/${outing}`)).toMatchObject({ name: 'Loch' })
  })

  test('an entry that could not join brings no outing back', async () => {
    const { phone } = await world()
    const [outing, entry] = [randomUUID(), randomUUID()]
    await phone.push([
      phone.change('outing', outing, 'create'),
      phone.change('outing', outing, 'delete'),
      phone.change('entry', entry, 'create'),
    ])
    const [result] = await phone.push([
      phone.change('entry', entry, 'update', { outing: { to: outing }, animal: { to: { id: randomUUID() } } }),
    ])
    expect(result).toMatchObject({ code: 'missing_target' })
    expect((await state(phone)).has(`outing/${outing}`)).toBe(false)
  })

  test('O6: what refers to no outing, or is no change of one, is set aside', async () => {
    const { phone } = await world()
    const [outing, stranger] = [randomUUID(), randomUUID()]
    const other = await newDevice(phone.ctx)
    await other.push([other.change('outing', stranger, 'create', { name: { to: 'Not yours' } })])
    await phone.push([phone.change('outing', outing, 'create')])
    const results = await phone.push([
      phone.change('entry', randomUUID(), 'create', { outing: { to: randomUUID() } }),
      phone.change('entry', randomUUID(), 'create', { outing: { to: stranger } }),
      phone.change('outing', randomUUID(), 'update', { name: { to: 'x' } }),
      phone.change('outing', randomUUID(), 'delete'),
      phone.change('outing', stranger, 'restore'),
      phone.change('outing', outing, 'update', { name: { to: 'x'.repeat(201) } }),
      phone.change('outing', outing, 'update', { name: { add: [] } }),
      phone.change('outing', outing, 'update', { note: { to: 'kept?' }, colour: { to: 'red' } }),
    ])
    expect(results.map(({ code }) => code)).toEqual([
      ...Array.from({ length: 5 }, () => 'missing_target'),
      ...Array.from({ length: 3 }, () => 'invalid_mutation'),
    ])
    expect((await state(phone)).get(`outing/${outing}`)).not.toHaveProperty('note')
  })
})
