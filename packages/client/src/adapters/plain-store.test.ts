import { content, mutation, page } from '@biologidex/test-kit/contracts/samples'
import { expect, test } from 'vitest'
import { memoryBlobs, memoryStore } from './memory.ts'
import { Crash, MemoryDisk } from './memory-disk.ts'
import { moveBlobs, moveStore } from './plain-store.ts'

const FETCHED = 'ab'.repeat(32)

/** What an older program left: changes, a photo that waits, a dex of two pages, a picture that can be fetched again. */
async function older(): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  const [store, blobs] = [memoryStore(disk), memoryBlobs(disk)]
  const upload = { image: 'a', entry: 'x', sha256: 'cd'.repeat(32), size: 3, mediaType: 'image/jpeg' }
  await store.updateAccount(() => ({
    device: { client: 'c', next: 3, ack: 0 },
    putMutations: [mutation(1), mutation(2)],
    putUploads: [upload],
    digest: 'd',
  }))
  await store.writeFeeds([page('dex/a', 1, '["one"]'), page('dex/a', 2, '["two"]'), page('catalogue', 1, '["animals"]')])
  await blobs.put('sealed/a', new Uint8Array([1, 2, 3]))
  await blobs.put('preview/a/wall', new Uint8Array([4]))
  await blobs.put(FETCHED, new Uint8Array([5]))
  return disk
}

async function move(from: MemoryDisk, to: MemoryDisk): Promise<void> {
  await moveBlobs(memoryBlobs(from), memoryBlobs(to))
  await moveStore(memoryStore(from), memoryStore(to))
}

/** All that is kept, as a program reads it. */
async function everything(disk: MemoryDisk) {
  const [store, blobs] = [memoryStore(disk), memoryBlobs(disk)]
  const state = await store.load()
  const feeds = await Promise.all(
    state.feeds.map(async ({ feed, generation }) => [feed, (await content(store, feed, generation)).pages] as const),
  )
  const keys = (await blobs.keys()).sort()
  const pictures = await Promise.all(keys.map(async (key) => [key, await blobs.get(key)] as const))
  return { state, feeds: feeds.sort(), pictures }
}

/** Moves with a crash planned on one side, and again; answers what is there then, and whether it crashed. */
async function interrupted(side: 'from' | 'to', nth: number, when: 'before' | 'after') {
  const disks = { from: await older(), to: new MemoryDisk() }
  disks[side].failAt(nth, when)
  const crashed = await move(disks.from, disks.to).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Crash) return true
      throw error
    },
  )
  if (crashed) await move(disks.from, disks.to)
  return { crashed, moved: await everything(disks.to), left: await everything(disks.from) }
}

test.each(['from', 'to'] as const)(
  'interrupted at any write of the store it moves %s, a move loses nothing (C2)',
  async (side) => {
    const all = await everything(await older())
    // What can be fetched again stays behind.
    const before = { ...all, pictures: all.pictures.filter(([key]) => key !== FETCHED) }
    let crashes = 0
    for (const when of ['before', 'after'] as const) {
      for (let nth = 1, goesOn = true; goesOn; nth += 1) {
        const { crashed, moved, left } = await interrupted(side, nth, when)
        expect(moved).toEqual(before)
        expect(left).toEqual({ state: { outbox: [], uploads: [], syncs: [], feeds: [] }, feeds: [], pictures: [] })
        if (crashed) crashes += 1
        goesOn = crashed
      }
    }
    expect(crashes).toBeGreaterThanOrEqual(4)
  },
)
