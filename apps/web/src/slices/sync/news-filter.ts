/** How long after its sending one's own work comes back changed (numbered, its picture ready), in milliseconds. */
const ECHO = 30_000

/**
 * Tells news from the echo of one's own work: what was just sent comes back with its number and its picture, and nobody
 * needs to be told that.
 */
export class NewsFilter {
  #own = 0
  #at = Number.NEGATIVE_INFINITY

  /** Something is only here and will go up. */
  sending(count: number, now: number): void {
    if (count === 0) return
    this.#own = now - this.#at > ECHO ? count : Math.max(this.#own, count)
    this.#at = now
  }

  /** True when a sync that changed so many entries is worth a word. */
  isNews(changed: number, now: number): boolean {
    return changed > (now - this.#at > ECHO ? 0 : this.#own)
  }
}
