/** What a sync is to bring: everything, or some feeds. */
export interface WantedFeeds {
  readonly all: boolean
  readonly feeds: readonly string[]
}

/** What the next sync is to bring: everything, some feeds, or only what a push answers anyway. Nudges fold together here. */
export class Wanted {
  #all = false
  #feeds = new Set<string>()

  everything(): void {
    this.#all = true
  }

  some(feeds: readonly string[]): void {
    for (const feed of feeds) this.#feeds.add(feed)
  }

  /** Takes it all out. */
  take(): WantedFeeds {
    const taken = { all: this.#all, feeds: [...this.#feeds] }
    this.#all = false
    this.#feeds = new Set()
    return taken
  }
}
