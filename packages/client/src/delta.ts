import type { AnimalItem } from '@biologidex/core/animals/animal'

/** What a committed write changed in a feed's shown generation, for views that are open. */
export interface FeedDelta {
  readonly items: readonly unknown[]
  readonly removed: readonly string[]
  readonly animals: readonly AnimalItem[]
}
