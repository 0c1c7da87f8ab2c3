import { randomUUID } from 'node:crypto'
import { accountFeed, dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, fold, newDevice, type Pulled, ROWS, syncContext, type TestDevice } from '@biologidex/test-kit/dex'
import { expect, test } from 'vitest'
import { FeedWriter } from './feed-writer.ts'

/**
 * What moves while a snapshot of its feed is being read is no loss, whichever item it is: it takes a position behind the head that the
 * answer began with (F2). That is where the answer ends (P7), its cursor says so, and its digest is that of the heads it began with: the
 * next pull brings what moved. It may be missing on the device until then, which the nudge of the change ends (N1).
 */
eachDatabase((_name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    const [mara, vera] = [await newDevice(ctx), await newDevice(ctx)]
    await befriended(mara, vera)
    const publish = (owner: string, kind: 'friends' | 'account', keys: readonly string[], text: string) =>
      ctx.db.write(async (tx) => {
        await tx.lockOwner(owner)
        const feeds = await FeedWriter.open(tx, ctx.nudges, owner)
        for (const key of keys) {
          const [type = '', id = ''] = key.split('/')
          feeds.publish(kind, key, { type, id, displayName: text })
        }
        await feeds.flush()
      })
    const many = (type: string) => Array.from({ length: ROWS + 300 }, () => `${type}/${randomUUID()}`)
    const [first, last] = [`friend/${randomUUID()}`, `friend/${randomUUID()}`]
    await publish(mara.account, 'friends', [`profile/${mara.account}`, ...many('entry')], 'before')
    await publish(vera.account, 'account', [first, ...many('block'), last], 'before')
    let changes = 0
    /** Renames the friend, whose profile was read at the beginning, and two people, read at the beginning and at the end. */
    const change = async () => {
      changes += 1
      await publish(mara.account, 'friends', [`profile/${mara.account}`], `name ${changes}`)
      await publish(vera.account, 'account', [first, last], `name ${changes}`)
    }
    const feeds = [dexFeed(mara.account), accountFeed(vera.account)]
    return { vera, change, feeds, latest: () => `name ${changes}`, keys: [`profile/${mara.account}`, first, last] }
  }

  /** A device that folds what it pulls, and pulls until nothing is new. */
  class Reader {
    readonly state = new Map<string, unknown>()
    readonly #cursors: Record<string, string> = {}
    #digest = ''
    readonly #device: TestDevice
    readonly #feeds: readonly string[]

    constructor(device: TestDevice, feeds: readonly string[]) {
      this.#device = device
      this.#feeds = feeds
    }

    async pull(options: { chunks?: number; between?: () => Promise<void> } = {}): Promise<Pulled> {
      const pulled = await this.#device.pull(this.#cursors, { ...options, digest: this.#digest })
      for (const feed of this.#feeds) fold(this.state, pulled, feed)
      for (const { chunk } of pulled.chunks) this.#cursors[chunk.feed] = chunk.cursor
      this.#digest = pulled.digest ?? this.#digest
      return pulled
    }

    async toEnd(): Promise<void> {
      for (let turns = 0; turns < 5; turns += 1) if ((await this.pull()).unchanged) return
      throw new Error('no end of changes')
    }

    names(keys: readonly string[]): unknown[] {
      return keys.map((key) => (this.state.get(key) as { displayName: string } | undefined)?.displayName)
    }
  }

  test('P3: a profile, and how somebody stands to others, that change between a snapshot’s chunks come with the next pull', async () => {
    const { vera, change, feeds, keys, latest } = await world()
    const reader = new Reader(vera, feeds)
    await reader.pull({ between: change })
    // The test would show nothing if the answer had had all of it.
    expect(reader.names(keys)).not.toEqual(keys.map(latest))
    await reader.toEnd()
    expect(reader.names(keys)).toEqual(keys.map(latest))
    const fresh = new Reader(vera, feeds)
    await fresh.toEnd()
    expect(new Map([...reader.state].sort())).toEqual(new Map([...fresh.state].sort()))
  })

  test('P3: so do those that change while a snapshot is cut after each chunk', async () => {
    const { vera, change, feeds, keys, latest } = await world()
    const reader = new Reader(vera, feeds)
    for (let turns = 0; turns < 8; turns += 1) {
      await reader.pull({ chunks: 1 })
      await change()
    }
    expect(reader.names(keys)).not.toEqual(keys.map(latest))
    await reader.toEnd()
    expect(reader.names(keys)).toEqual(keys.map(latest))
    const fresh = new Reader(vera, feeds)
    await fresh.toEnd()
    expect(new Map([...reader.state].sort())).toEqual(new Map([...fresh.state].sort()))
  })
})
