import type { Busy } from './busy.ts'

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/**
 * The life of a program that may be dropped at any moment, as a crash or a power cut drops it. What it had begun then never
 * comes to an end for it: no answer, no error, no `finally`, so that it cannot tidy up what a real one would leave.
 */
export class Life {
  readonly ended: Promise<void>
  #over = false
  #end: () => void = () => undefined
  readonly #under = new Set<Promise<unknown>>()
  readonly #busy: Busy | undefined

  /** @param busy where its work is counted, if that takes real time */
  constructor(busy?: Busy) {
    this.#busy = busy
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  get over(): boolean {
    return this.#over
  }

  end(): void {
    this.#over = true
    this.#end()
  }

  /** Runs something outside of the program on its behalf: begun work goes on, but the program hears of it only while it lives. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#over) return never()
    const running = this.#busy ? this.#busy.track('work of the server', work()) : work()
    this.#under.add(running)
    try {
      const result = await running
      if (!this.#over) return result
    } catch (error) {
      if (!this.#over) throw error
    } finally {
      this.#under.delete(running)
    }
    return never()
  }

  /** Resolves when nothing runs on its behalf any more. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.allSettled(this.#under)
  }

  /**
   * Every method of `target` as the program may call it.
   * @param call how a call is made
   */
  given<T extends object>(target: T, call: (work: () => Promise<unknown>) => Promise<unknown>): T {
    return new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => this.run(() => call(async () => Reflect.apply(member, object, args) as unknown))
      },
    })
  }
}
