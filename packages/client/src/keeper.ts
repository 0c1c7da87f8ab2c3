import { dexOf } from '@biologidex/core/sync/wire'
import type { FeedDelta } from './delta.ts'
import type { FeedBook } from './feeds.ts'
import type { PictureCache } from './picture-cache.ts'
import type { BlobCache, FeedState, LocalStore } from './ports.ts'
import type { Records } from './records.ts'
import { isCached } from './room.ts'
import { type ShownPictures, shownAfter, shownBy, shownOver } from './shown-pictures.ts'

export interface KeeperParts {
  readonly store: LocalStore
  readonly blobs: BlobCache
  readonly cache: PictureCache
}

/** Lets nothing of a dex stay on the device that its feed does not show any more (P4, P5, E18, E50). */
export class Keeper {
  readonly #parts: KeeperParts

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** Pictures that entries stop showing go before the change itself is kept. */
  async leaving(feed: string, { items, removed }: FeedDelta): Promise<void> {
    const dex = dexOf(feed)
    if (dex === undefined || items.length + removed.length === 0) return
    let shown: ShownPictures | undefined
    // Looked at only when pictures of that dex are here.
    const get = (entry: string) => (shown ??= shownAfter(items, removed)).get(entry)
    await this.#parts.cache.withdraw(dex, { get })
  }

  /** Deletes another's dex with all that hangs on it; `gone`: for good, what the person chose for it too. */
  async forget(feed: string, gone: boolean, book: FeedBook, records: Records): Promise<void> {
    const dex = dexOf(feed)
    // The feed goes last: while its cursor is here, a server that was not heard out says it again (P5).
    const { cache } = this.#parts
    if (dex !== undefined) await (gone ? cache.forget(dex) : cache.drop(dex))
    await records.forget(feed)
    await book.drop(feed)
  }

  /** Of a dex's pictures only those stay that it shows. */
  async tidy({ feed, generation, withdrawn }: FeedState): Promise<void> {
    const dex = dexOf(feed)
    const { cache, store } = this.#parts
    if (dex === undefined) return
    // What single items cover showed its pictures until these came: no other entry of the dex has changed.
    if (withdrawn === 'single') await cache.withdraw(dex, shownOver(await store.readOver(feed, generation)))
    else await cache.keepOnly(dex, await shownBy(await store.readFeed(feed, generation)))
  }

  /** Drops what a crash, or an older program, left of pictures that nothing here shows. */
  async dropStrays(): Promise<void> {
    const { blobs, cache } = this.#parts
    await cache.dropStrays()
    const copies = (await blobs.keys()).filter(isCached)
    if (copies.length > 0) await blobs.delete(copies)
  }

  /** Another tab changed these feeds: what is under way for their dexes may be withdrawn already. */
  doubt(feeds: readonly string[]): void {
    this.#parts.cache.doubt(new Set(feeds.flatMap((feed) => dexOf(feed) ?? [])))
  }
}
