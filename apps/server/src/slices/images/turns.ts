interface Turn {
  readonly end: AbortController
  readonly over: Promise<unknown>
}

/** Lets one piece of work at a time run for each key, in this process. */
export class Turns {
  readonly #last = new Map<string, Turn>()

  /**
   * Runs `work` once everything before it is over. What runs or waits is told to end by its signal: whoever comes again
   * for the same thing has lost the connection of the time before, even if it still looks open from here.
   */
  async take<T>(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const before = this.#last.get(key)
    before?.end.abort()
    const end = new AbortController()
    const result = (before?.over ?? Promise.resolve()).then(() => work(end.signal))
    const turn: Turn = { end, over: result.catch(() => undefined) }
    this.#last.set(key, turn)
    try {
      return await result
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key)
    }
  }
}
