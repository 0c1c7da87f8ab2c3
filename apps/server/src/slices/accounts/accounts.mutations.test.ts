import { randomUUID } from 'node:crypto'
import type { ProfileItem } from '@biologidex/core/accounts/account'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { FieldChange } from '@biologidex/core/sync/mutation'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, headOf, newDevice, syncContext, type TestDevice } from '@biologidex/test-kit/dex'
import { expect, it } from 'vitest'

const setting = (device: TestDevice, set: Record<string, FieldChange>) =>
  device.change('setting', device.account, 'update', set)

async function ownDex(device: TestDevice): Promise<Map<string, unknown>> {
  return fold(new Map(), await device.pull(), `dex/${device.account}`)
}
const profileIn = (dex: Map<string, unknown>, device: TestDevice) => dex.get(`profile/${device.account}`) as ProfileItem
const conflictsIn = (dex: Map<string, unknown>) =>
  [...dex.values()].filter((item) => (item as { type: string }).type === 'conflict') as ConflictItem[]

/** What the dex's feeds hold of the profile, by audience. */
async function profiles(device: TestDevice): Promise<Record<string, ProfileItem>> {
  const rows = await device.ctx.db.read
    .selectFrom('feeds as f')
    .innerJoin('feed_items as i', 'i.feed_id', 'f.id')
    .select(['f.kind', 'i.payload'])
    .where('f.owner_id', '=', device.account)
    .where('i.item', '=', `profile/${device.account}`)
    .execute()
  return Object.fromEntries(rows.map(({ kind, payload }) => [kind, JSON.parse(payload ?? 'null')]))
}

eachDatabase((_name, databases) => {
  const begin = async () => newDevice(await syncContext(await databases.open()))

  it('renames in all three feeds, and says so once in each', async () => {
    const device = await begin()
    await device.push([setting(device, { displayName: { to: 'Ada', was: device.account.slice(0, 8) } })])
    const before = await Promise.all(['owner', 'friends', 'public'].map((kind) => headOf(device.ctx, device.account, kind)))
    const first = { displayName: { was: 'Ada', to: 'Ada L.' } }
    const second = { displayName: { was: 'Ada L.', to: 'Ada Lovelace' }, bio: { to: 'Ponds, mostly.' } }
    const results = await device.push([setting(device, first), setting(device, second)])
    expect(results.map(({ status }) => status)).toEqual(['done', 'done'])
    const after = await Promise.all(['owner', 'friends', 'public'].map((kind) => headOf(device.ctx, device.account, kind)))
    expect(after).toEqual(before.map((head) => head + 1))
    const shown = await profiles(device)
    for (const kind of ['owner', 'friends', 'public']) {
      expect(shown[kind]).toMatchObject({ displayName: 'Ada Lovelace', bio: 'Ponds, mostly.' })
    }
  })

  it('shows friend code and defaults to the owner alone', async () => {
    const device = await begin()
    await device.push([setting(device, { visibility: { was: 'friends', to: 'private' } })])
    const shown = await profiles(device)
    expect(shown.owner).toMatchObject({ friendCode: expect.any(String), settings: { visibility: 'private' } })
    for (const kind of ['friends', 'public'])
      expect(Object.keys(shown[kind] ?? {})).toEqual(['type', 'id', 'username', 'displayName'])
  })

  it('keeps what did not stand, field by field, until the person has chosen (O4)', async () => {
    const device = await begin()
    const name = device.account.slice(0, 8)
    await device.push([setting(device, { displayName: { was: name, to: 'From the phone' } })])
    const late = { displayName: { was: name, to: 'From the laptop' }, bio: { to: 'Hello' } }
    const [result] = await device.push([setting(device, late)])
    expect(result).toMatchObject({ status: 'done', conflicts: ['displayName'] })
    const dex = await ownDex(device)
    expect(profileIn(dex, device)).toMatchObject({ displayName: 'From the phone', bio: 'Hello' })
    const [conflict] = conflictsIn(dex)
    expect(conflict).toMatchObject({
      entry: device.account,
      field: 'displayName',
      lost: 'From the laptop',
      stands: 'From the phone',
    })
    await device.push([device.change('conflict', conflict?.id ?? '', 'delete')])
    expect(conflictsIn(await ownDex(device))).toEqual([])
  })

  it('lets the narrower of two defaults stand', async () => {
    const device = await begin()
    await device.push([setting(device, { visibility: { was: 'friends', to: 'private' } })])
    const [result] = await device.push([setting(device, { visibility: { was: 'friends', to: 'public' } })])
    expect(result).toEqual({ n: 2, status: 'done', seq: expect.any(Number) })
    expect(profileIn(await ownDex(device), device).settings?.visibility).toBe('private')
  })

  it('gives a new default to entries made after it, and touches none that are there (W3)', async () => {
    const device = await begin()
    const [before, after] = [randomUUID(), randomUUID()]
    await device.push([device.change('entry', before, 'create', { note: { to: 'a' } })])
    await device.push([
      setting(device, { visibility: { was: 'friends', to: 'public' } }),
      device.change('entry', after, 'create', { note: { to: 'b' } }),
    ])
    const dex = await ownDex(device)
    expect(dex.get(`entry/${before}`)).toMatchObject({ visibility: 'friends' })
    expect(dex.get(`entry/${after}`)).toMatchObject({ visibility: 'public' })
  })

  it('clears a bio, and moves nothing when nothing is new (W2)', async () => {
    const device = await begin()
    await device.push([setting(device, { bio: { to: 'Hello' } })])
    await device.push([setting(device, { bio: { was: 'Hello', to: '' } })])
    expect(profileIn(await ownDex(device), device).bio).toBeUndefined()
    const head = await headOf(device.ctx, device.account, 'owner')
    await device.push([setting(device, { bio: { to: null } })])
    expect(await headOf(device.ctx, device.account, 'owner')).toBe(head)
  })

  it('changes nobody else, and nothing by halves', async () => {
    const device = await begin()
    const other = await newDevice(device.ctx)
    const bad = [
      device.change('setting', other.account, 'update', { displayName: { to: 'Taken over' } }),
      device.change('setting', device.account, 'delete'),
      setting(device, { displayName: { to: 'Fine' }, role: { to: 'admin' } }),
      setting(device, { displayName: { to: 'Fine' }, bio: { to: 'x'.repeat(501) } }),
      setting(device, { displayName: { to: '   ' } }),
      setting(device, { bio: { add: ['x'] } }),
    ]
    const results = await device.push(bad)
    expect(results.map(({ status, code }) => [status, code])).toEqual([
      ['rejected', 'missing_target'],
      ...Array.from({ length: 5 }, () => ['rejected', 'invalid_mutation']),
    ])
    expect(await profiles(device)).toEqual({})
    const rows = await device.ctx.db.read.selectFrom('accounts').select(['display_name', 'role']).execute()
    for (const { display_name, role } of rows)
      expect([display_name, role]).toEqual([expect.not.stringMatching('Taken over'), 'member'])
  })
})
