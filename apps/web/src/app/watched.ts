interface Watchable {
  subscribe(listener: () => void): () => void
}

export interface WatchedOptions<T, S> {
  readonly take: (source: T, version: number) => S
  /** Least time from the snapshot shown to the next, in milliseconds: what changes more often is taken at its end. */
  readonly pace?: (shown: S) => number
}

/** Turns something that only says "I changed" into snapshots that can be compared, as React wants them. */
export class Watched<T extends Watchable, S> {
  readonly #source: T
  readonly #options: WatchedOptions<T, S>
  #version = 0
  #snapshot: S
  #taken = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #watching = 0
  #unsubscribe: (() => void) | undefined
  readonly #listeners = new Set<() => void>()

  constructor(source: T, options: WatchedOptions<T, S>) {
    this.#source = source
    this.#options = options
    this.#snapshot = options.take(source, 0)
  }

  get = (): S => this.#snapshot

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#watching++ === 0) this.#watch()
    return () => {
      this.#listeners.delete(listener)
      if (--this.#watching === 0) this.#unwatch()
    }
  }

  #watch(): void {
    // Nobody listened until now: what changed in between is not in the snapshot.
    this.#retake()
    this.#unsubscribe = this.#source.subscribe(() => this.#changed())
  }

  #unwatch(): void {
    this.#unsubscribe?.()
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #changed(): void {
    const due = this.#taken + (this.#options.pace?.(this.#snapshot) ?? 0) - performance.now()
    clearTimeout(this.#timer)
    this.#timer = due > 0 ? setTimeout(() => this.#tell(), due) : undefined
    if (due <= 0) this.#tell()
  }

  #tell(): void {
    this.#timer = undefined
    this.#retake()
    for (const listener of [...this.#listeners]) listener()
  }

  #retake(): void {
    this.#taken = performance.now()
    this.#snapshot = this.#options.take(this.#source, ++this.#version)
  }
}
