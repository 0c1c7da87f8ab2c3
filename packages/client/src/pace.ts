import type { Clock } from './ports.ts'

/** Times that go at once, and milliseconds between those that come after: a little less than a server allows a device (N3). */
const BURST = 20
const EVERY = 1_100

/** Lets something happen at once as long as it is rare, and spaced out when it is not; what comes meanwhile is one with what waits. */
export class Pace {
  readonly #clock: Clock
  #spare = BURST
  #counted: number
  #cancel: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#counted = clock.now()
  }

  run(work: () => void): void {
    if (this.#cancel) return
    const now = this.#clock.now()
    // A clock that was set back gives nothing, and takes nothing.
    const since = Math.max(0, now - this.#counted)
    this.#spare = Math.min(BURST, this.#spare + since / EVERY)
    this.#counted = now
    if (this.#spare >= 1) {
      this.#spare -= 1
      return work()
    }
    this.#cancel = this.#clock.after((1 - this.#spare) * EVERY, () => {
      this.#cancel = undefined
      this.#spare = 0
      this.#counted = this.#clock.now()
      work()
    })
  }

  /** What waits does not happen any more. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
