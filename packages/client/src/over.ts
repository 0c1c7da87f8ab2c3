import type { FeedReader, LocalStore } from './ports.ts'

/** The single items that lie over the pages of a generation, by key. */
export async function overOf(store: LocalStore, feed: string, generation: number): Promise<FeedReader['over']> {
  const { over, pages } = await store.readFeed(feed, generation)
  // A reader that was never begun keeps its look at the store open, and what is deleted cannot leave the file meanwhile.
  for await (const _ of pages) break
  return over
}
