import { randomUUID } from 'node:crypto'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, newDevice, syncContext } from '@biologidex/test-kit/dex'
import { expect, test } from 'vitest'
import { dropFeeds, purgeFeeds } from '../slices/sync/leaving.service.ts'

eachDatabase((_name, databases) => {
  test('who comes while the newest account is still being removed gets nothing of it, and loses nothing with it', async () => {
    const ctx = await syncContext(await databases.open(await databases.settings()))
    const leaving = await newDevice(ctx)
    const keep = async (device: typeof leaving, note: string) =>
      device.push([device.change('entry', randomUUID(), 'create', { note: { to: note } })])
    await keep(leaving, 'Theirs.')
    const feeds = await ctx.db.write((tx) => dropFeeds(tx, leaving.account))

    const newcomer = await newDevice(ctx)
    const dex = dexFeed(newcomer.account)
    const notes = async () => JSON.stringify([...fold(new Map(), await newcomer.pull(), dex).values()])
    expect(await notes()).not.toContain('Theirs.')
    await keep(newcomer, 'Mine.')
    await purgeFeeds(ctx, leaving.account, feeds)
    expect(await notes()).toContain('Mine.')
  })
})
