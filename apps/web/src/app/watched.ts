interface Watchable {
  subscribe(listener: () => void): () => void
}

/** Turns something that only says "I changed" into snapshots that can be compared, as React wants them. */
export class Watched<T extends Watchable, S> {
  readonly #source: T
  readonly #take: (source: T, version: number) => S
  #version = 0
  #snapshot: S
  #watching = 0
  #unsubscribe: (() => void) | undefined
  readonly #listeners = new Set<() => void>()

  constructor(source: T, take: (source: T, version: number) => S) {
    this.#source = source
    this.#take = take
    this.#snapshot = take(source, 0)
  }

  get = (): S => this.#snapshot

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#watching++ === 0) this.#watch()
    return () => {
      this.#listeners.delete(listener)
      if (--this.#watching === 0) this.#unsubscribe?.()
    }
  }

  #watch(): void {
    const retake = () => {
      this.#snapshot = this.#take(this.#source, ++this.#version)
    }
    // Nobody listened until now: what changed in between is not in the snapshot.
    retake()
    this.#unsubscribe = this.#source.subscribe(() => {
      retake()
      for (const listener of [...this.#listeners]) listener()
    })
  }
}
