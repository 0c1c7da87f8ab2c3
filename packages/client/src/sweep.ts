import { dexFeed } from '@biologidex/core/sync/wire'
import type { FeedBook } from './feeds.ts'
import type { BlobCache, LocalStore } from './ports.ts'

/** When the leading tab looks for bytes without a record, in milliseconds: not while the app is starting. */
export const LOOK_AFTER = 5_000
/** How long after that they are deleted, if they still have none: another tab may be about to write it (I2). */
export const SWEEP_AFTER = 120_000

const LOCAL = /^(?:sealed|preview)\/([^/]+)/

const imageOf = (key: string): string | undefined => LOCAL.exec(key)?.[1]

/** Pictures that synced entries of the own dex have, among those asked for, looked for in the text: nothing is parsed or held (P7). */
export async function shown(
  images: ReadonlySet<string>,
  book: FeedBook,
  store: LocalStore,
  account: string,
): Promise<Set<string>> {
  const found = new Set<string>()
  const state = book.state(dexFeed(account))
  if (!state || images.size === 0) return found
  const reader = await store.readFeed(state.feed, state.generation)
  const look = (text: string | null) => {
    for (const image of images) if (text?.includes(image)) found.add(image)
  }
  for await (const page of reader.pages) look(page)
  for (const text of reader.over.values()) look(text)
  return found
}

/** Keys of waiting pictures and previews that nothing on this device refers to: what a crash between two writes leaves. */
export async function orphans(blobs: BlobCache, store: LocalStore, book: FeedBook, account: string): Promise<string[]> {
  const keys = (await blobs.keys()).filter((key) => imageOf(key))
  if (keys.length === 0) return []
  const { uploads, outbox, unreadable } = await store.load()
  // A record that cannot be opened now may be that of any of them, and open again with its key.
  if (unreadable) return []
  const held = new Set([...uploads.map(({ image }) => image), ...outbox.map(({ id }) => id)])
  const loose = keys.filter((key) => !held.has(imageOf(key) ?? ''))
  const previews = loose.filter((key) => key.startsWith('preview/'))
  const used = await shown(new Set(previews.map((key) => imageOf(key) ?? '')), book, store, account)
  return loose.filter((key) => key.startsWith('sealed/') || !used.has(imageOf(key) ?? ''))
}
