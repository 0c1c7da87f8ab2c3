import type { AccountWrite, BlobCache, DeviceState, FeedState, FeedWrite, LocalStore } from '../ports.ts'
import { isOnlyHere } from './sealing.ts'

/** Copies one generation of a feed, page by page. */
async function copyGeneration(from: LocalStore, to: LocalStore, state: FeedState, generation: number): Promise<void> {
  const write = (rest: Partial<FeedWrite>) => to.writeFeeds([{ state, generation, ...rest }])
  const { pages, over, animals } = await from.readFeed(state.feed, generation)
  for await (const page of pages) await write({ page })
  await write({ over, animals })
}

/**
 * What the sealed store takes over of the plain one: all of it. When it has been used since, which an older program in
 * another tab makes possible, what that one still had to send joins the outbox under new numbers.
 */
function taking(plain: Awaited<ReturnType<LocalStore['load']>>, device: DeviceState | undefined): AccountWrite {
  const { outbox, uploads: putUploads, syncs, digest } = plain
  if (!device || device.client === plain.device?.client) {
    const own = plain.device ? { device: plain.device } : {}
    return { ...own, putMutations: outbox, putUploads, syncs, ...(digest === undefined ? {} : { digest }) }
  }
  const unsent = outbox.filter((change) => !change.result)
  const putMutations = unsent.map((change, i) => ({ ...change, n: device.next + i }))
  return { device: { ...device, next: device.next + unsent.length }, putMutations, putUploads }
}

/**
 * Moves what was kept before there was sealing into a sealed store, and deletes it (C2). The plain store goes last, so that a crash
 * anywhere leaves all of it to be moved again; nothing may use the sealed one meanwhile.
 */
export async function moveStore(from: LocalStore, to: LocalStore): Promise<void> {
  const plain = await from.load()
  for (const state of plain.feeds) {
    await to.dropFeed(state.feed)
    await copyGeneration(from, to, state, state.generation)
    if (state.filling) await copyGeneration(from, to, state, state.filling.generation)
  }
  await to.updateAccount((device) => taking(plain, device))
  await from.wipe()
}

/** Moves pictures that wait to go up likewise. What is only a copy of the server's stays behind, and is fetched again. */
export async function moveBlobs(from: BlobCache, to: BlobCache): Promise<void> {
  const keys = await from.keys()
  await from.delete(keys.filter((key) => !isOnlyHere(key)))
  for (const key of keys.filter(isOnlyHere)) {
    const bytes = await from.get(key)
    if (bytes) await to.put(key, bytes)
  }
  await from.wipe()
}
