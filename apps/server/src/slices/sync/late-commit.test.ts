import { randomUUID } from 'node:crypto'
import { DEFAULT_SETTINGS } from '@biologidex/core/accounts/account'
import type { SharedEntry } from '@biologidex/core/entries/entry'
import { CATALOGUE, dexFeed } from '@biologidex/core/sync/wire'
import type { Context } from '@biologidex/server/context'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, fold, newDevice, type Pulled, readyPicture, syncContext, TestDevice } from '@biologidex/test-kit/dex'
import { describe, expect, test } from 'vitest'

const PLACE = { lat: 47.5, lon: 8.25 }

/** A device whose pushes stay open, all written and nothing committed, until they are let go. */
function heldBack(device: TestDevice) {
  const { db } = device.ctx
  const written = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const slow: Context['db'] = {
    ...db,
    write: (work) =>
      db.write(async (tx) => {
        const result = await work(tx)
        written.resolve()
        await goOn.promise
        return result
      }),
  }
  return { device: new TestDevice({ ...device.ctx, db: slow }, device.account), written: written.promise, letGo: goOn.resolve }
}

/** A follower that folds each pull into what it holds, as devices do. */
class Follower {
  readonly #device: TestDevice
  #cursors: Record<string, string> = {}
  #digest: string | undefined
  readonly feeds = new Map<string, Map<string, unknown>>()

  constructor(device: TestDevice) {
    this.#device = device
  }

  async pull(): Promise<Pulled> {
    const pulled = await this.#device.pull(this.#cursors, this.#digest === undefined ? {} : { digest: this.#digest })
    for (const { chunk } of pulled.chunks) {
      this.feeds.set(chunk.feed, fold(this.feeds.get(chunk.feed) ?? new Map(), pulled, chunk.feed))
      this.#cursors[chunk.feed] = chunk.cursor
    }
    this.#digest = pulled.digest ?? this.#digest
    return pulled
  }

  of(dex: TestDevice): SharedEntry[] {
    const items = [...(this.feeds.get(dexFeed(dex.account))?.values() ?? [])] as SharedEntry[]
    return items.filter(({ type }) => type === 'entry')
  }
}

eachDatabase((name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    const settings = { ...DEFAULT_SETTINGS, friendsPrecision: 'exact' as const }
    const [mara, theo, vera] = [await newDevice(ctx, settings), await newDevice(ctx), await newDevice(ctx)]
    await befriended(mara, vera)
    await befriended(theo, vera)
    return { ctx, mara, theo, follower: new Follower(vera) }
  }
  async function keep(device: TestDevice, scientificName: string): Promise<string> {
    const id = randomUUID()
    const set = { animal: { to: { scientificName } }, visibility: { to: 'public' }, place: { to: PLACE } }
    await device.push([device.change('entry', id, 'create', set)])
    await readyPicture(device, id)
    return id
  }
  const edit = (device: TestDevice, id: string, field: string, to: string | number | null) =>
    device.push([device.change('entry', id, 'update', { [field]: { to } })])
  const show = (device: TestDevice, id: string, was: string, to: string) =>
    device.push([device.change('entry', id, 'update', { visibility: { was, to } })])
  const blocked = () => new Promise((resolve) => setTimeout(resolve, 30))

  describe('what starts first and commits last reaches everyone (W1)', () => {
    test('where others commit meanwhile, and readers pass by', async () => {
      const { mara, theo, follower } = await world()
      const [hers, his] = [await keep(mara, 'Ardea cinerea'), await keep(theo, 'Ardea cinerea')]
      await follower.pull()
      const held = heldBack(mara)
      const late = edit(held.device, hers, 'note', 'late')
      await held.written
      // SQLite has one writer: others wait there, and do so in turn.
      const early = edit(theo, his, 'note', 'early')
      if (name === 'PostgreSQL') await early
      await follower.pull()
      expect(follower.of(mara).map(({ note }) => note)).toEqual([undefined])
      held.letGo()
      await Promise.all([late, early])
      await follower.pull()
      expect([follower.of(mara), follower.of(theo)].flat().map(({ note }) => note)).toEqual(['late', 'early'])
      expect((await follower.pull()).unchanged).toBe(true)
    })

    test('in the catalogue too, which all write to', async () => {
      const { mara, theo, follower } = await world()
      const [hers, his] = [await keep(mara, 'Aaa prima'), await keep(theo, 'Bbb secunda')]
      for (const [device, id] of [[mara, hers] as const, [theo, his] as const]) await show(device, id, 'public', 'private')
      await follower.pull()
      const held = heldBack(mara)
      const late = show(held.device, hers, 'private', 'public')
      await held.written
      const next = show(theo, his, 'private', 'public')
      await blocked()
      await follower.pull()
      held.letGo()
      await Promise.all([late, next])
      await follower.pull()
      const known = [...(follower.feeds.get(CATALOGUE)?.values() ?? [])] as { scientificName: string }[]
      expect(known.map((animal) => animal.scientificName).toSorted()).toEqual(['Aaa prima', 'Bbb secunda'])
    })
  })

  describe('two writers of one owner never publish a stale projection (W1)', () => {
    test('of one entry: both edits are in what others see', async () => {
      const { ctx, mara, follower } = await world()
      const id = await keep(mara, 'Ardea cinerea')
      const held = heldBack(mara)
      const first = edit(held.device, id, 'note', 'from the phone')
      await held.written
      const second = edit(new TestDevice(ctx, mara.account), id, 'count', 3)
      await blocked()
      await follower.pull()
      held.letGo()
      await Promise.all([first, second])
      await follower.pull()
      expect(follower.of(mara)).toMatchObject([{ note: 'from the phone', count: 3 }])
    })

    test('of settings and an entry: no place is shown more finely than was chosen when it was written', async () => {
      const { ctx, mara, follower } = await world()
      const id = await keep(mara, 'Ardea cinerea')
      await follower.pull()
      expect(follower.of(mara)[0]?.place).toEqual(PLACE)
      const held = heldBack(mara)
      const narrow = { friendsPrecision: { was: 'exact', to: 'hidden' } }
      const first = held.device.push([held.device.change('setting', mara.account, 'update', narrow)])
      await held.written
      const moved = { place: { was: PLACE, to: { lat: 10, lon: 10 } } }
      const laptop = new TestDevice(ctx, mara.account)
      const second = laptop.push([laptop.change('entry', id, 'update', moved)])
      await blocked()
      held.letGo()
      await Promise.all([first, second])
      ctx.jobs.start()
      await ctx.jobs.idle()
      await ctx.jobs.stop()
      await follower.pull()
      expect(follower.of(mara).map(({ place }) => place)).toEqual([undefined])
    })

    test('of a friendship that ends and an entry: nothing reaches who is a friend no more', async () => {
      const { ctx, mara, follower } = await world()
      const id = await keep(mara, 'Ardea cinerea')
      const before = await follower.pull()
      const vera = before.hello?.account ?? ''
      const held = heldBack(mara)
      const ending = held.device.push([held.device.change('friend', vera, 'delete')])
      await held.written
      const second = edit(new TestDevice(ctx, mara.account), id, 'note', 'after the end')
      await blocked()
      held.letGo()
      await Promise.all([ending, second])
      const after = await follower.pull()
      expect(after.hello?.feeds).toContainEqual({ feed: dexFeed(mara.account), mode: 'gone', total: 0 })
      expect(JSON.stringify([...follower.feeds.values()].map((items) => [...items]))).not.toContain('after the end')
    })
  })
})
