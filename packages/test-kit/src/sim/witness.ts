import type { Db } from '@biologidex/server/db/db'

interface Followed {
  seq: number
  readonly items: Map<string, string>
}

/** Follows every feed from the first day, as a reader of it does: by what is new since the last time, removals included. */
export class FeedWitness {
  readonly #feeds = new Map<number, Followed>()

  /** The items of a feed as its changes told them, by key. */
  followed(feed: number): ReadonlyMap<string, string> {
    return this.#feeds.get(feed)?.items ?? new Map()
  }

  async look({ read }: Db): Promise<void> {
    for (const { id } of await read.selectFrom('feeds').select('id').execute()) {
      const feed = this.#feeds.get(id) ?? { seq: 0, items: new Map() }
      this.#feeds.set(id, feed)
      const since = read.selectFrom('feed_items').select(['seq', 'item', 'payload']).where('feed_id', '=', id)
      for (const { seq, item, payload } of await since.where('seq', '>', feed.seq).orderBy('seq').execute()) {
        if (payload === null) feed.items.delete(item)
        else feed.items.set(item, payload)
        feed.seq = seq
      }
    }
  }
}
