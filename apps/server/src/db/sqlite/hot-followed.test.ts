import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { befriended, newDevice, syncContext } from '@biologidex/test-kit/dex'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../db.ts'
import { digestOf } from '../digest.ts'
import { openSqlite } from './sqlite.ts'

describe('what is remembered of heads (numbers.md, 4)', () => {
  let folder: string
  const opened: Db[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'biologidex-hot-'))
  })
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.close()
    await rm(folder, { recursive: true, force: true })
  })
  async function open(remember?: number): Promise<Db> {
    const db = await openSqlite(join(folder, 'one.sqlite'), remember)
    opened.push(db)
    return db
  }

  const nextTurn = () => new Promise(setImmediate)

  async function world(remember?: number) {
    const ctx = await syncContext(await open(remember))
    const [mara, theo] = [await newDevice(ctx), await newDevice(ctx)]
    const followed = () => ctx.db.hot.followed(mara.account)
    const kinds = async () => (await followed()).map(({ kind }) => kind)
    return { ctx, mara, theo, followed, kinds }
  }

  test('is the same object until something is committed, and then read anew', async () => {
    const { mara, theo, followed, kinds } = await world()
    const before = await followed()
    expect(await followed()).toBe(before)
    await befriended(mara, theo)
    expect(await kinds()).toEqual(['owner', 'account', 'catalogue', 'friends'])
    await theo.push([theo.change('friend', mara.account, 'delete')])
    expect(await kinds()).toEqual(['owner', 'account', 'catalogue'])
  })

  test('follows what another program commits, from the next turn of the event loop on', async () => {
    const { mara, theo, kinds } = await world()
    await befriended(mara, theo)
    expect(await kinds()).toContain('friends')
    const other = await syncContext(await open())
    await other.db.write((tx) => tx.q.deleteFrom('friendships').execute())
    await nextTurn()
    expect(await kinds()).not.toContain('friends')
  })

  test('a friend’s feed is found by its number only while it is that friend’s: numbers of deleted feeds are given away again', async () => {
    const { ctx, mara, theo, kinds } = await world(0)
    await befriended(mara, theo)
    const stranger = await newDevice(ctx)
    const feed = await ctx.db.hot.feedHead(stranger.account, 'friends')
    await ctx.db.write((tx) =>
      tx.q
        .updateTable('friendships')
        .set({ feed_id: feed?.id ?? 0 })
        .execute(),
    )
    expect(await kinds()).toEqual(['owner', 'account', 'catalogue'])
    const own = (await ctx.db.hot.followed(mara.account)).filter(({ kind }) => kind !== 'friends')
    expect(await ctx.db.hot.followedDigest(mara.account)).toBe(digestOf(own))
    // Of a server of an older version: no number.
    await ctx.db.write((tx) => tx.q.updateTable('friendships').set({ feed_id: null }).execute())
    expect(await kinds()).toContain('friends')
    expect(await ctx.db.hot.followedDigest(mara.account)).toBe(digestOf(await ctx.db.hot.followed(mara.account)))
  })

  test('the digest is remembered until something is committed, and then made anew', async () => {
    const { ctx, mara, theo } = await world()
    const digest = () => ctx.db.hot.followedDigest(mara.account)
    const before = await digest()
    const other = await open(0)
    await other.write((tx) => tx.q.updateTable('feeds').set({ head: 7 }).where('owner_id', '=', mara.account).execute())
    await nextTurn()
    const after = await digest()
    expect(after).not.toBe(before)
    expect(after).toBe(digestOf(await ctx.db.hot.followed(mara.account)))
    await befriended(mara, theo)
    expect(await digest()).not.toBe(after)
  })

  test('all of a turn is read from one state, until this program itself commits in it', async () => {
    const { ctx, mara } = await world(0)
    const digest = () => ctx.db.hot.followedDigest(mara.account)
    const other = await open()
    const moveTo = (db: Db, head: number) =>
      db.write((tx) => tx.q.updateTable('feeds').set({ head }).where('owner_id', '=', mara.account).execute())
    await nextTurn()
    const before = await digest()
    await moveTo(other, 7)
    expect(await digest()).toBe(before)
    await nextTurn()
    const seven = await digest()
    expect(seven).not.toBe(before)
    await moveTo(ctx.db, 8)
    expect(await digest()).not.toBe(seven)
  })

  test('does not keep the log from being emptied: a request looks at its session and commits in one turn', async () => {
    const { ctx, mara } = await world()
    const moveTo = (head: number) =>
      ctx.db.write((tx) => tx.q.updateTable('feeds').set({ head }).where('owner_id', '=', mara.account).execute())
    for (let head = 1; head <= 3_000; head += 1) {
      await ctx.db.hot.session('none')
      await moveTo(head)
    }
    // SQLite empties its log by itself from a thousand pages on; each commit here is of one or two.
    const { size } = await stat(join(folder, 'one.sqlite-wal'))
    expect(size / 8_192).toBeLessThan(1_500)
  })

  test('counts each head of a circle: what would be too much is read anew', async () => {
    const { mara, theo, followed } = await world(5)
    await befriended(mara, theo)
    // Its own three heads are held, which leaves room for two: a list of four is not.
    const first = await followed()
    expect(await followed()).not.toBe(first)
    expect(await followed()).toEqual(first)
  })
})
