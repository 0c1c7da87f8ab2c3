import type { Db } from '@biologidex/server/db/db'

/** Rows that it reads at a time. */
const STRETCH = 7

interface Followed {
  seq: number
  readonly items: Map<string, string>
}

/** Follows every feed from the first day, as a reader of it does: by what is new since the last time, removals included. */
export class FeedWitness {
  readonly #feeds = new Map<string, Followed>()

  /** The items of a feed as its changes told them, by key. */
  followed(kind: string): ReadonlyMap<string, string> {
    return this.#feeds.get(kind)?.items ?? new Map()
  }

  async look({ read, hot }: Db): Promise<void> {
    for (const { id, kind, head } of await read.selectFrom('feeds').select(['id', 'kind', 'head']).execute()) {
      const feed = this.#feeds.get(kind) ?? { seq: 0, items: new Map() }
      this.#feeds.set(kind, feed)
      while (feed.seq < head) {
        const stretch = await hot.feedStretch(id, feed.seq, head, STRETCH, 0)
        const items = JSON.parse(`[${stretch.items}]`) as { type: string; id: string }[]
        for (const item of items) feed.items.set(`${item.type}/${item.id}`, JSON.stringify(item))
        for (const key of stretch.removed) feed.items.delete(key)
        feed.seq = stretch.last ?? head
      }
    }
  }
}
