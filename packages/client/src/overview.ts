import { dexFeed, dexOf } from '@biologidex/core/sync/wire'
import { Bell } from './bell.ts'
import type { DexSummary } from './face.ts'
import type { FeedBook } from './feeds.ts'
import type { Outbox } from './outbox.ts'
import type { FeedState } from './ports.ts'
import type { Records } from './records.ts'

export interface OverviewParts {
  readonly account: string
  readonly book: FeedBook
  readonly outbox: Outbox
  readonly records: Records
}

/** The dexes on this device, from what is kept beside their feeds: nothing of their entries is read for it (E49). */
export class Overview {
  readonly #parts: OverviewParts
  readonly #bell = new Bell()
  #dexes: readonly DexSummary[] | undefined

  constructor(parts: OverviewParts) {
    this.#parts = parts
    parts.book.listenAll(() => this.refresh())
  }

  all(): readonly DexSummary[] {
    this.#dexes ??= this.#make()
    return this.#dexes
  }

  listen(listener: () => void): () => void {
    return this.#bell.listen(listener)
  }

  /** Feeds, records or the outbox are other ones now. */
  refresh(): void {
    this.#dexes = undefined
    this.#bell.ring()
  }

  close(): void {
    this.#bell.clear()
  }

  #make(): DexSummary[] {
    const { account, book } = this.#parts
    const own = dexFeed(account)
    const states = [...book.states()].filter(({ feed }) => dexOf(feed) !== undefined && feed !== own)
    const mine = book.state(own)
    return [...(mine ? [mine] : []), ...states].map((state) => this.#summary(state, state.feed === own))
  }

  #summary({ feed, complete, summary }: FeedState, own: boolean): DexSummary {
    const record = this.#parts.records.of(feed)
    const entries = (summary?.entries ?? 0) + (own ? this.#made() : 0)
    return {
      account: dexOf(feed) ?? '',
      entries: Math.max(0, entries),
      // What is new in the own dex its person made, here or elsewhere.
      news: own ? 0 : (summary?.news ?? 0),
      ...(summary?.latest ? { latest: summary.latest } : {}),
      complete,
      ...(record?.lastSuccess === undefined ? {} : { lastSuccess: record.lastSuccess }),
      ...(record?.lastError ? { lastError: record.lastError } : {}),
    }
  }

  /** Entries that the outbox adds to the own dex, less those that it takes away. */
  #made(): number {
    let made = 0
    for (const { type, op, setAside } of this.#parts.outbox.changes) {
      if (type !== 'entry') continue
      if (op === 'create') made += 1
      else if (op === 'delete' && !setAside) made -= 1
      else if (op === 'restore' && !setAside) made += 1
    }
    return made
  }
}
