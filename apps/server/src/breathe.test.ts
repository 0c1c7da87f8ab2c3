import { randomUUID } from 'node:crypto'
import { DEFAULT_SETTINGS } from '@biologidex/core/accounts/account'
import { anyDatabase } from '@biologidex/test-kit/databases'
import { befriended, newDevice, readyPicture, syncContext, type TestDevice } from '@biologidex/test-kit/dex'
import { beforeEach, expect, test } from 'vitest'
import { breatheEvery } from './breathe.ts'
import type { Context } from './context.ts'
import { changeIucn } from './slices/entries/vulnerability.service.ts'
import { forgetEverybody } from './slices/friends/leaving.service.ts'
import { dropFeeds, purgeFeeds } from './slices/sync/leaving.service.ts'

const DEXES = 12

/** Turns of the event loop that something else gets while work is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let busy = true
  const turn = () => {
    turns += 1
    if (busy) setImmediate(turn)
  }
  setImmediate(turn)
  try {
    await work()
  } finally {
    busy = false
  }
  return turns
}

test('work of many parts breathes once so many are done, and little work never', async () => {
  const breather = breatheEvery(10)
  expect(breather(9)).toBeUndefined()
  const waited = breather()
  expect(waited).toBeInstanceOf(Promise)
  await waited
  expect(breather(9)).toBeUndefined()
})

// With PostgreSQL each query is a turn by itself.
anyDatabase((databases) => {
  let ctx: Context
  beforeEach(async () => {
    ctx = await syncContext(await databases.open())
  })

  async function keep(device: TestDevice, entries = 1): Promise<string[]> {
    const ids = Array.from({ length: entries }, () => randomUUID())
    const set = {
      animal: { to: { scientificName: 'Ardea cinerea' } },
      visibility: { to: 'friends' },
      place: { to: { lat: 47.3, lon: 8.5 } },
    }
    await device.push(ids.map((id) => device.change('entry', id, 'create', set)))
    return ids
  }
  /** Dexes that share an animal. @returns its id */
  async function sharedAnimal(): Promise<string> {
    for (let n = 0; n < DEXES; n += 1) {
      const device = await newDevice(ctx, { ...DEFAULT_SETTINGS, friendsPrecision: 'exact' })
      const [entry = ''] = await keep(device)
      await readyPicture(device, entry)
    }
    return (await ctx.db.read.selectFrom('animals').select('id').executeTakeFirstOrThrow()).id
  }
  async function work(): Promise<void> {
    ctx.jobs.start()
    await ctx.jobs.idle()
    await ctx.jobs.stop()
  }
  const dueNow = (kind: string) =>
    ctx.db.write((tx) => tx.q.updateTable('jobs').set({ run_at: 0 }).where('kind', '=', kind).execute())

  test('W3: an animal becomes vulnerable dex by dex, others’ requests between them', async () => {
    const animal = await sharedAnimal()
    const iucn = { category: 'EN', source: 'a red list', date: '2025' } as const
    expect(await turnsDuring(() => changeIucn(ctx, animal, iucn))).toBeGreaterThanOrEqual(DEXES)
    expect(await ctx.db.read.selectFrom('feeds').select('id').where('closed', '>', 0).execute()).toHaveLength(DEXES)
  })

  test('W3: jobs run one after the other, others’ requests between them', async () => {
    const animal = await sharedAnimal()
    await changeIucn(ctx, animal, { category: 'EN', source: 'a red list', date: '2025' })
    expect(await turnsDuring(work)).toBeGreaterThanOrEqual(DEXES)
    // One job that finds them all, and those that it adds.
    await ctx.db.write((tx) => tx.q.deleteFrom('jobs').where('kind', '=', 'reproject').execute())
    await dueNow('reproject animal')
    expect(await turnsDuring(work)).toBeGreaterThanOrEqual(2 * DEXES)
  })

  test('a deleted account leaves in many steps, others’ requests between them', async () => {
    const leaving = await newDevice(ctx)
    await keep(leaving, 1_100)
    for (let n = 0; n < 21; n += 1) await befriended(leaving, await newDevice(ctx))
    expect(await turnsDuring(() => forgetEverybody(ctx, leaving.account))).toBeGreaterThanOrEqual(2)
    const feeds = await ctx.db.write((tx) => dropFeeds(tx, leaving.account))
    expect(await turnsDuring(() => purgeFeeds(ctx, leaving.account, feeds))).toBeGreaterThanOrEqual(3)
  })

  test('a long push lets others in, and a short one does not wait for them', async () => {
    const phone = await newDevice(ctx)
    expect(await turnsDuring(() => keep(phone, 20))).toBe(0)
    let entries: string[] = []
    const made = await turnsDuring(async () => {
      entries = await keep(phone, 500)
    })
    expect(made).toBeGreaterThanOrEqual(20)
    const change = { visibility: { was: 'friends', to: 'private' } }
    const changes = entries.map((id) => phone.change('entry', id, 'update', change))
    expect(await turnsDuring(() => phone.push(changes))).toBeGreaterThanOrEqual(20)
  })
})
