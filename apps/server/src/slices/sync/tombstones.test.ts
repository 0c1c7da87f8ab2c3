import { randomUUID } from 'node:crypto'
import { CATALOGUE, dexFeed } from '@biologidex/core/sync/wire'
import { Member } from '@biologidex/test-kit/circle/member'
import { eachDatabase } from '@biologidex/test-kit/databases'
import {
  befriended,
  fold,
  newDevice,
  type Pulled,
  ROWS,
  readyPicture,
  syncContext,
  type TestDevice,
} from '@biologidex/test-kit/dex'
import { startTestServer } from '@biologidex/test-kit/test-server'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { StreamEnded } from './pull.service.ts'
import { pull } from './sync.service.ts'
import { forgetRemovals, TOMBSTONE_MS } from './tombstones.service.ts'

/** As if all that feeds tell of had been that much earlier. */
function earlier({ db }: Context, ms: number): Promise<unknown> {
  return db.write(async ({ q }) => {
    for (const table of ['feed_items', 'feeds'] as const)
      await q
        .updateTable(table)
        .set((eb) => ({ changed_at: eb('changed_at', '-', ms) }))
        .execute()
  })
}

const feedsOf = ({ db }: Context) => db.read.selectFrom('feeds').selectAll().orderBy('id').execute()
const removals = ({ db }: Context) =>
  db.read.selectFrom('feed_items').select(['feed_id', 'seq', 'item']).where('payload', 'is', null).execute()

const cursorsOf = (pulled: Pulled) => Object.fromEntries(pulled.chunks.map(({ chunk }) => [chunk.feed, chunk.cursor]))
const modeOf = (pulled: Pulled, feed: string) => pulled.hello?.feeds.find((one) => one.feed === feed)?.mode
const idsOf = (count: number) => Array.from({ length: count }, () => randomUUID() as string)

eachDatabase((_name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    return { ctx, mara: await newDevice(ctx), theo: await newDevice(ctx) }
  }
  const keep = async (device: TestDevice, ids: readonly string[]) => {
    for (let at = 0; at < ids.length; at += ROWS)
      await device.push(ids.slice(at, at + ROWS).map((id) => device.change('entry', id, 'create', { note: { to: 'x' } })))
  }
  const drop = (device: TestDevice, ids: readonly string[]) =>
    device.push(ids.map((id) => device.change('entry', id, 'delete')))
  async function show(device: TestDevice, scientificName: string): Promise<string> {
    const id = randomUUID()
    const set = { animal: { to: { scientificName } }, visibility: { to: 'public' } }
    await device.push([device.change('entry', id, 'create', set)])
    await readyPicture(device, id)
    return id
  }
  const whole = async (device: TestDevice) => fold(new Map(), await device.pull(), dexFeed(device.account))

  test('F2: removals are forgotten after 90 days, of every kind of feed, and nothing before', async () => {
    const { ctx, mara, theo } = await world()
    await befriended(mara, theo)
    const [old, young] = [await show(mara, 'Ardea cinerea'), await show(mara, 'Alces alces')]
    await drop(mara, [old])
    await mara.push([mara.change('friend', theo.account, 'delete')])
    await earlier(ctx, TOMBSTONE_MS - 60_000)
    await drop(mara, [young])
    const before = await feedsOf(ctx)
    const all = await removals(ctx)
    const kinds = (rows: { feed_id: number }[]) =>
      [...new Set(rows.map((row) => before.find(({ id }) => id === row.feed_id)?.kind))].toSorted()
    expect(kinds(all)).toEqual(['account', 'catalogue', 'friends', 'owner', 'public'])
    await forgetRemovals(ctx)
    expect(await removals(ctx)).toEqual(all)
    expect(await feedsOf(ctx)).toEqual(before)

    await earlier(ctx, 120_000)
    const aged = await feedsOf(ctx)
    await forgetRemovals(ctx)
    const left = await removals(ctx)
    // Of each feed the younger half of what had been removed from it; both sides of the friendship had one removal.
    expect(kinds(left)).toEqual(['catalogue', 'friends', 'owner', 'public'])
    const gone = all.filter(({ feed_id: feed, seq }) => !left.some((row) => row.feed_id === feed && row.seq === seq))
    const floors = aged.map((feed) => {
      const floor = Math.max(0, ...gone.filter((row) => row.feed_id === feed.id).map(({ seq }) => seq))
      return { ...feed, floor }
    })
    expect(floors.filter(({ floor }) => floor > 0)).toHaveLength(6)
    expect(await feedsOf(ctx)).toEqual(floors)
  })

  test('F6: nobody is nudged, and who has everything is told that nothing changed', async () => {
    const { ctx, mara } = await world()
    const [one, other] = idsOf(2) as [string, string]
    await keep(mara, [one, other])
    await drop(mara, [one])
    const pulled = await mara.pull()
    await earlier(ctx, TOMBSTONE_MS * 2)
    const heard: string[] = []
    ctx.nudges.listen(
      ['owner', 'friends', 'public', 'account'].map((kind) => `${mara.account}:${kind}`),
      (topic) => heard.push(topic),
    )
    await forgetRemovals(ctx)
    expect(heard).toEqual([])
    expect((await mara.pull(cursorsOf(pulled), { digest: pulled.digest ?? '' })).unchanged).toBe(true)
    // Above the floor a reader is told what changed, and no more.
    await drop(mara, [other])
    const next = await mara.pull(cursorsOf(pulled))
    expect(modeOf(next, dexFeed(mara.account))).toBe('changes')
    expect(next.chunks.flatMap(({ chunk }) => chunk.removed ?? [])).toEqual([`entry/${other}`])
  })

  test('P4: who was away for too long begins anew, and ends at what the dex is', async () => {
    const { ctx, mara } = await world()
    const own = dexFeed(mara.account)
    const ids = idsOf(6)
    await keep(mara, ids)
    const asleep = cursorsOf(await mara.pull())
    await drop(mara, ids.slice(0, 2))
    await mara.push([mara.change('entry', ids[0] ?? '', 'restore')])
    await earlier(ctx, TOMBSTONE_MS + 60_000)
    await drop(mara, ids.slice(4))
    await forgetRemovals(ctx)
    const awake = await mara.pull(asleep)
    expect(modeOf(awake, own)).toBe('reset')
    expect(awake.hello?.feeds.find(({ feed }) => feed === own)?.narrower).toBeUndefined()
    expect(fold(new Map(), awake, own)).toEqual(await whole(mara))
  })

  test('P3: a slow snapshot that began above the floor goes on where it stood', async () => {
    const { ctx, mara } = await world()
    const own = dexFeed(mara.account)
    const ids = idsOf(ROWS + 100)
    await keep(mara, ids)
    const gone = [ids[3] ?? '', ids.at(-1) ?? '']
    await drop(mara, gone)
    let pulled = await mara.pull({}, { chunks: 1, only: [own] })
    const state = fold(new Map(), pulled, own)
    await earlier(ctx, TOMBSTONE_MS + 60_000)
    await forgetRemovals(ctx)
    const later = ids[5] ?? ''
    await drop(mara, [later])
    pulled = await mara.pull(cursorsOf(pulled), { only: [own] })
    expect(modeOf(pulled, own)).toBe('changes')
    expect(fold(state, pulled, own)).toEqual(await whole(mara))
    expect([...state.keys()].filter((key) => key.startsWith('entry/'))).toHaveLength(ids.length - 3)
  })

  test('P4: an answer that was begun before the floor moved past its reader ends there, and the next one begins anew', async () => {
    const { ctx, mara } = await world()
    const own = dexFeed(mara.account)
    const ids = idsOf(3)
    await keep(mara, ids)
    const asleep = cursorsOf(await mara.pull())
    await drop(mara, ids.slice(0, 1))
    await earlier(ctx, TOMBSTONE_MS + 60_000)
    const answer = await pull(ctx, { account: mara.account, cursors: asleep, only: [own] }, async () => true)
    await forgetRemovals(ctx)
    const reading = async () => {
      if (answer.kind === 'lines') for await (const _ of answer.lines);
    }
    await expect(reading()).rejects.toBeInstanceOf(StreamEnded)
    expect(modeOf(await mara.pull(asleep), own)).toBe('reset')
  })

  describe('the job', () => {
    test('takes more than one batch, and what a deleted account left stands in nobody’s way', async () => {
      const { ctx, mara, theo } = await world()
      const [hers, his] = [idsOf(ROWS), idsOf(ROWS)]
      for (const [device, ids] of [[theo, his] as const, [mara, hers] as const]) {
        await keep(device, ids)
        await drop(device, ids)
      }
      await mara.push(hers.map((id) => mara.change('entry', id, 'restore')))
      await ctx.db.write(async ({ q }) => {
        await q.deleteFrom('feeds').where('owner_id', '=', theo.account).execute()
        await q.updateTable('accounts').set({ deleted_at: 1 }).where('id', '=', theo.account).execute()
      })
      const state = await whole(mara)
      await earlier(ctx, TOMBSTONE_MS + 60_000)
      await forgetRemovals(ctx)
      const left = await removals(ctx)
      expect(left.map(({ item }) => item).toSorted()).toEqual(his.map((id) => `entry/${id}`).toSorted())
      expect((await ctx.db.hot.feedHead(mara.account, 'owner'))?.floor).toBeGreaterThan(ROWS)
      expect(await whole(mara)).toEqual(state)
    })

    test('a device that slept for 100 days ends at what there is, its own and its friend’s', async () => {
      const server = await startTestServer(await databases.settings())
      const [mara, theo] = [await Member.join(server, 'mara'), await Member.join(server, 'theo')]
      await mara.change('friend', theo.account, 'create')
      await mara.engine.syncNow()
      await theo.change('friend', mara.account, 'update', { state: 'friends' })
      for (let n = 0; n < 3; n += 1) await mara.keep('friends')
      await theo.keep('private')
      await theo.engine.syncNow()
      const entries = await theo.entriesOf(mara.account)
      expect(entries).toHaveLength(3)
      theo.online = false
      // Said as it fell asleep: it goes up when it is awake.
      await theo.keep('private')
      const [gone, hidden] = entries.map(({ id }) => id) as [string, string]
      await mara.change('entry', gone, 'delete')
      await mara.change('entry', hidden, 'update', { visibility: 'private' })
      await mara.engine.syncNow()
      await earlier(server.ctx, TOMBSTONE_MS + 10 * 86_400_000)
      await mara.keep('friends')
      await forgetRemovals(server.ctx)
      theo.online = true
      await theo.restart()
      await theo.engine.syncNow()
      const ids = async (of: Member) => (await of.entriesOf(mara.account)).map(({ id }) => id).toSorted()
      expect(await ids(theo)).toEqual((await ids(mara)).filter((id) => id !== hidden))
      expect(theo.holds(gone) || theo.holds(hidden)).toBe(false)
      expect(await theo.entriesOf(theo.account)).toHaveLength(2)
      expect(
        theo.engine
          .dexes()
          .map(({ account }) => account)
          .toSorted(),
      ).toEqual([mara.account, theo.account].toSorted())
      for (const member of [mara, theo]) await member.engine.stop()
      await server.close()
    })
  })

  test('the catalogue, too, is read anew by whom its removals can’t reach', async () => {
    const { ctx, mara, theo } = await world()
    const heron = await show(mara, 'Ardea cinerea')
    const asleep = cursorsOf(await theo.pull())
    await drop(mara, [heron])
    await earlier(ctx, TOMBSTONE_MS + 60_000)
    await show(mara, 'Alces alces')
    await forgetRemovals(ctx)
    const awake = await theo.pull(asleep)
    expect(modeOf(awake, CATALOGUE)).toBe('reset')
    const known = [...fold(new Map(), awake, CATALOGUE).values()] as { scientificName: string }[]
    expect(known.map(({ scientificName }) => scientificName)).toEqual(['Alces alces'])
  })
})
