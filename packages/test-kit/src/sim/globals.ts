import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { Chance } from './chance.ts'
import type { VirtualClock } from './virtual-clock.ts'

type Callback = (...args: unknown[]) => void

/** A timer on the virtual clock, with what Node's timers have. */
class Timer {
  readonly #clock: VirtualClock
  readonly #ring: () => void
  readonly #every: number | undefined
  #cancel: () => void

  constructor(clock: VirtualClock, ring: () => void, ms: number, repeats: boolean) {
    this.#clock = clock
    this.#ring = ring
    this.#every = repeats ? Math.max(1, ms) : undefined
    this.#cancel = clock.after(ms, () => this.#due())
  }

  #due(): void {
    if (this.#every !== undefined) this.#cancel = this.#clock.after(this.#every, () => this.#due())
    this.#ring()
  }

  stop(): void {
    this.#cancel()
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  hasRef(): boolean {
    return true
  }
}

/**
 * Puts a virtual clock in the place of this process's timers, and seeded draws in the place of its random ones, so that the
 * server under test keeps the simulation's time and a seed takes the same course again. Node's own parts keep theirs.
 * @returns puts everything back
 */
export function takeOverGlobals(clock: VirtualClock, chance: Chance): () => void {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis
  const { now } = Date
  const { random } = Math
  const { randomUUID, randomBytes } = crypto

  const start =
    (repeats: boolean) =>
    (callback: Callback, ms?: number, ...args: unknown[]) =>
      new Timer(clock, () => callback(...args), ms ?? 0, repeats)
  const stop = (timer: unknown): void => {
    if (timer instanceof Timer) timer.stop()
  }
  Object.assign(globalThis, {
    setTimeout: start(false),
    setInterval: start(true),
    clearTimeout: stop,
    clearInterval: stop,
  })
  Date.now = () => clock.now()
  Math.random = () => chance.fraction()
  Object.assign(crypto, { randomUUID: () => chance.uuid(), randomBytes: (size: number) => chance.bytes(size) })
  syncBuiltinESMExports()

  return () => {
    Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval })
    Date.now = now
    Math.random = random
    Object.assign(crypto, { randomUUID, randomBytes })
    syncBuiltinESMExports()
  }
}
