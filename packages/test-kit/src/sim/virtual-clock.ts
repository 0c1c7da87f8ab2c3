interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** A clock that stands until it is moved: every wait of the simulation, on devices, network and server, is one of its timers. */
export class VirtualClock {
  #now: number
  #order = 0
  readonly #timers = new Set<Timer>()

  /** @param now UTC milliseconds at which it starts */
  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  /** Calls back once after `ms`; returns a cancel. */
  after(ms: number, callback: () => void): () => void {
    this.#order += 1
    const timer = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#order, callback }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Moves to the next timer due by `until` and lets it ring; false, standing at `until`, when there is none. */
  step(until: number): boolean {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    if (!first || first.at > until) {
      this.#now = Math.max(this.#now, until)
      return false
    }
    this.#timers.delete(first)
    this.#now = Math.max(this.#now, first.at)
    first.callback()
    return true
  }
}
