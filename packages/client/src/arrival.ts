import type { FeedBook } from './feeds.ts'
import type { Clock } from './ports.ts'

/** The longest that pictures wait for text, in milliseconds. */
const LONGEST_MS = 2_000

/**
 * The first arrival of dexes on this device. A browser has one disk and one thread for it: pictures that came meanwhile would more than
 * double the time until all text is stored, and hardly be seen sooner. So they wait for it, once and not for long.
 */
export class Arrival {
  readonly #book: FeedBook
  readonly #clock: Clock
  readonly #over = Promise.withResolvers<void>()
  #waited = false
  #isOver = false

  constructor(book: FeedBook, clock: Clock) {
    this.#book = book
    this.#clock = clock
    book.listenAll(() => {
      if (this.#waited && !this.#isComing()) this.#end()
    })
  }

  /** Resolves at once, unless text is arriving for the first time. */
  async over(): Promise<void> {
    if (this.#isOver || !this.#isComing()) return
    if (!this.#waited) this.#clock.after(LONGEST_MS, () => this.#end())
    this.#waited = true
    await this.#over.promise
  }

  #isComing(): boolean {
    for (const { complete } of this.#book.states()) if (!complete) return true
    return false
  }

  #end(): void {
    this.#isOver = true
    this.#over.resolve()
  }
}
