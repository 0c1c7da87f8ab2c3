import { randomUUID } from 'node:crypto'
import { CATALOGUE, dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, newDevice, readyPicture, syncContext, TestDevice } from '@biologidex/test-kit/dex'
import { expect, test } from 'vitest'
import { backfill, needsBackfill } from '../slices/sync/backfill.service.ts'
import type { Db } from './db.ts'
import { raw } from './fixed-driver.ts'

const WORDS = 'Annas Geheimvogel am Steinbruch 7'
const NAME = 'Unheard ofus'

/** Makes a database what the version before kept: names with animals, and in what the catalogue says of them. */
async function asBefore(db: Db): Promise<void> {
  await db.write(async ({ q }) => {
    const animals = await q.selectFrom('animals').selectAll().where('source', '=', 'typed').execute()
    const withNames = (text: string) => JSON.stringify({ ...JSON.parse(text), names: { de: [WORDS] } })
    for (const { id, record } of animals) {
      await q
        .updateTable('animals')
        .set({ record: withNames(record) })
        .where('id', '=', id)
        .execute()
      const items = await q.selectFrom('feed_items').selectAll().where('item', '=', `animal/${id}`).execute()
      for (const { feed_id, item, payload } of items) {
        const rows = q.updateTable('feed_items').set({ payload: payload && withNames(payload) })
        await rows.where('feed_id', '=', feed_id).where('item', '=', item).execute()
      }
    }
    for (const statement of [
      'ALTER TABLE entries DROP COLUMN called',
      'ALTER TABLE entries DROP COLUMN called_animal',
      'DROP TABLE v1_names',
      'DELETE FROM migrations WHERE number = 17',
    ])
      await q.executeQuery(raw(statement))
  })
}

eachDatabase((_name, databases) => {
  test('names that animals held become their first keeper’s, and devices that have them are brought the record anew', async () => {
    const settings = await databases.settings()
    const before = await databases.open(settings)
    const old = await syncContext(before)
    const [alice, bob, carl] = [await newDevice(old), await newDevice(old), await newDevice(old)]
    await befriended(alice, carl)
    const keep = async (device: TestDevice, visibility: string) => {
      const id = randomUUID()
      const set = { animal: { to: { scientificName: NAME } }, visibility: { to: visibility } }
      await device.push([device.change('entry', id, 'create', set)])
      await readyPicture(device, id)
    }
    await keep(alice, 'private')
    await keep(alice, 'friends')
    await keep(bob, 'public')
    const cursorsOf = async (device: TestDevice) =>
      Object.fromEntries((await device.pull()).chunks.map(({ chunk }) => [chunk.feed, chunk.cursor]))
    const cursors = new Map([alice, bob, carl].map((device) => [device.account, cursorsOf(device)]))
    await Promise.all(cursors.values())
    await asBefore(before)
    await before.close()

    const ctx = await syncContext(await databases.open(settings))
    expect(await needsBackfill(ctx)).toBe(true)
    await backfill(ctx)
    expect(await needsBackfill(ctx)).toBe(false)
    const toldTo = async ({ account }: TestDevice, from: Record<string, string>) => {
      const { chunks } = await new TestDevice(ctx, account).pull(from)
      return new Map(chunks.map(({ chunk, items }) => [chunk.feed, JSON.stringify([chunk.animals, items])]))
    }
    for (const { account } of [bob, carl]) {
      // What a device has that had the words, and what one gets that has nothing.
      for (const from of [(await cursors.get(account)) ?? {}, {}]) {
        const told = await toldTo(new TestDevice(ctx, account), from)
        expect([...told.values()].filter((text) => text.includes(WORDS))).toEqual([])
        const feed = dexFeed(account === bob.account ? bob.account : alice.account)
        expect(told.get(feed)).toContain(NAME)
        expect(told.get(CATALOGUE)?.includes(NAME)).toBe(true)
      }
    }
    expect((await toldTo(alice, {})).get(dexFeed(alice.account))).toContain(WORDS)
    const left = await ctx.db.read.selectFrom('animals').select('record').where('source', '=', 'typed').execute()
    expect(left).toHaveLength(1)
    expect(left[0]?.record).not.toContain(WORDS)
  })
})
