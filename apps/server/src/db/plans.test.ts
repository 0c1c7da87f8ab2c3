import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { DEFAULT_SETTINGS } from '@biologidex/core/accounts/account'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, newDevice, readyPicture, syncContext } from '@biologidex/test-kit/dex'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { purgeTrash } from '../slices/entries/purge.service.ts'
import { changeIucn } from '../slices/entries/vulnerability.service.ts'
import { audienceOf } from '../slices/friends/friends.service.ts'
import { emptyBin } from '../slices/images/purge.service.ts'
import { publicPage, readable } from '../slices/sync/sync.service.ts'
import type { Db } from './db.ts'
import { raw } from './fixed-driver.ts'

/** Gathers the statements that are run from now on, each once. */
function watched(): ReadonlySet<string> {
  const seen = new Set<string>()
  const prepare = DatabaseSync.prototype.prepare
  vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql) {
    seen.add(sql)
    return prepare.call(this, sql)
  })
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
  const watching = function (this: pg.Client, ...args: [string | { text: string }]) {
    seen.add(typeof args[0] === 'string' ? args[0] : args[0].text)
    return query.apply(this, args)
  }
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(watching)
  return seen
}
afterEach(() => void vi.restoreAllMocks())

/** How a database would carry a statement out, line by line; PostgreSQL as if tables were too long to be read whole. */
async function planOf({ dialect, read, write }: Db, sql: string): Promise<string[]> {
  if (dialect === 'sqlite') {
    const { rows } = await read.executeQuery(raw(`EXPLAIN QUERY PLAN ${sql}`))
    return (rows as { detail: string }[]).map(({ detail }) => detail)
  }
  return write(async (tx) => {
    await tx.q.executeQuery(raw('SET LOCAL enable_seqscan = off'))
    const { rows } = await tx.q.executeQuery(raw(`EXPLAIN (GENERIC_PLAN) ${sql}`))
    return (rows as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN'])
  })
}

/** Whole tables that are read. What was put together on the way may be; of jobs there are few, and they are looked through at the start. */
function scansIn(plan: readonly string[]): string[] {
  const short = /CONSTANT ROW|VALUES CLAUSE|VIRTUAL TABLE|SCAN (\(subquery|(held|own|s|sharing|jobs)\b)|Seq Scan on jobs\b/
  return plan.filter((line) => /\bSCAN\b|Seq Scan/.test(line) && !short.test(line))
}

const SET = {
  animal: { to: { scientificName: 'Ardea cinerea' } },
  visibility: { to: 'public' },
  place: { to: { lat: 47.5, lon: 8.25 } },
}
const EXACT = { ...DEFAULT_SETTINGS, friendsPrecision: 'exact', publicPrecision: 'exact' } as const

eachDatabase((_name, databases) => {
  /** Pushes, pulls and jobs of two friends. @returns the statements that they took */
  async function lived(): Promise<{ db: Db; statements: string[] }> {
    const seen = watched()
    const ctx = await syncContext(await databases.open())
    const [mara, theo] = [await newDevice(ctx, EXACT), await newDevice(ctx)]
    await befriended(mara, theo)
    const id = randomUUID()
    await mara.push([mara.change('entry', id, 'create', SET)])
    await readyPicture(mara, id)
    await mara.push([mara.change('entry', id, 'update', { note: { was: null, to: 'by the pond' } })])
    await mara.push([mara.change('setting', mara.account, 'update', { friendsPrecision: { was: 'exact', to: 'area' } })])
    const first = await theo.pull()
    const cursors = Object.fromEntries(first.chunks.map(({ chunk }) => [chunk.feed, chunk.cursor]))
    await theo.pull(cursors, { digest: first.digest ?? '' })
    await audienceOf(ctx, theo.account, mara.account)
    await readable(ctx, theo.account, mara.account, `entry/${id}`)
    await publicPage(ctx, theo.account, mara.account)
    const { animal_id } = await ctx.db.read
      .selectFrom('entries')
      .select('animal_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    await changeIucn(ctx, animal_id ?? '', { category: 'VU', source: 'a red list', date: '2025-01-01' })
    ctx.jobs.start()
    await ctx.jobs.idle()
    await ctx.jobs.stop()
    await mara.push([mara.change('entry', id, 'update', { visibility: { was: 'public', to: 'friends' } })])
    await mara.push([mara.change('entry', id, 'delete')])
    await emptyBin(ctx)
    await purgeTrash(ctx)
    return { db: ctx.db, statements: [...seen].filter((sql) => /^\s*(SELECT|WITH|UPDATE|DELETE|INSERT)\b/i.test(sql)) }
  }

  test('no pull, push, wide change or daily purge reads a table from end to end (G1)', async () => {
    const { db, statements } = await lived()
    expect(statements.length).toBeGreaterThan(50)
    const scans: string[] = []
    for (const sql of statements) for (const scan of scansIn(await planOf(db, sql))) scans.push(`${scan}: ${sql}`)
    // The test asks for its animal by the id of an entry alone.
    expect(scans.filter((text) => !text.includes('select "animal_id" from "entries" where "id"'))).toEqual([])
  })

  test('whether others see an animal is asked of what they may see, and not of all the entries it has (W3)', async () => {
    const { db, statements } = await lived()
    if (db.dialect === 'postgres') return
    const asked = statements.filter((sql) => /\bentries e\b/.test(sql) && sql.includes('e.animal_id'))
    expect(asked.length).toBeGreaterThan(3)
    for (const sql of asked) {
      const found = (await planOf(db, sql)).filter((line) => /^(SEARCH|SCAN) e\b/.test(line))
      expect([sql, found.filter((line) => !/entries_(shared|public)\b/.test(line))]).toEqual([sql, []])
    }
  })
})
