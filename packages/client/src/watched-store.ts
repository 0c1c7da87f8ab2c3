import { type FeedReader, type LocalStore, SealBroken } from './ports.ts'

/**
 * The same store, which tells of each feed that does not open: who reads it fails, and somebody has to see that it is fetched again (E41).
 * Nothing waits for that: a read may be a part of what it has to wait for itself.
 */
export function watchedStore(store: LocalStore, onLost: (feed: string) => void): LocalStore {
  const told = (feed: string, error: unknown): unknown => {
    if (error instanceof SealBroken) onLost(feed)
    return error
  }
  async function* guarded(feed: string, pages: AsyncIterable<string>): AsyncIterable<string> {
    try {
      yield* pages
    } catch (error) {
      throw told(feed, error)
    }
  }
  return {
    load: () => store.load(),
    writeAccount: (change) => store.writeAccount(change),
    updateAccount: (plan) => store.updateAccount(plan),
    writeFeeds: (changes) => store.writeFeeds(changes),
    readMarks: (feed) => store.readMarks(feed),
    dropFeed: (feed) => store.dropFeed(feed),
    wipe: () => store.wipe(),
    close: () => store.close(),
    async readOver(feed, generation) {
      try {
        return await store.readOver(feed, generation)
      } catch (error) {
        throw told(feed, error)
      }
    },
    async readFeed(feed, generation): Promise<FeedReader> {
      try {
        const reader = await store.readFeed(feed, generation)
        return { ...reader, pages: guarded(feed, reader.pages) }
      } catch (error) {
        throw told(feed, error)
      }
    },
  }
}
