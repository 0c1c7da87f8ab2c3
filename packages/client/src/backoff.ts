import type { Clock, Random } from './ports.ts'

/** First longest wait, and the longest ever, in milliseconds (C6). */
export const BASE = 1_000
export const CAP = 300_000

/**
 * How long to wait before try number `attempt` + 1 (C6): anything up to the exponential limit, so that a thousand clients
 * of a server that comes back don't come back together. A Retry-After is a floor under it.
 * @param fraction a draw from [0, 1)
 * @param retryAfter milliseconds that the server asked for
 */
export function delayOf(attempt: number, fraction: number, retryAfter?: number): number {
  const limit = Math.min(CAP, BASE * 2 ** Math.min(attempt, 30))
  return retryAfter === undefined ? fraction * limit : retryAfter + fraction * BASE
}

/** Milliseconds that a Retry-After header asks for, given as seconds or as a date; undefined when it says neither. */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  const text = header?.trim()
  if (!text) return undefined
  if (/^\d+$/.test(text)) return Math.min(Number(text), 86_400) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), 86_400_000)
}

/** Waits of one retry loop: one at a time, without a limit in number, cancellable (C6). */
export class Backoff {
  readonly #clock: Clock
  readonly #random: Random
  #attempt = 0
  #wake: (() => void) | undefined

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** What was tried went well: the next failure waits briefly again. */
  reset(): void {
    this.#attempt = 0
  }

  /** Ends the wait under way, if any: the network is back. */
  wake(): void {
    this.#wake?.()
  }

  /** Waits for its time, for `wake`, or for the signal; never rejects. */
  wait(signal: AbortSignal, retryAfter?: number): Promise<void> {
    const ms = delayOf(this.#attempt++, this.#random.fraction(), retryAfter)
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const done = () => {
        cancel()
        signal.removeEventListener('abort', done)
        this.#wake = undefined
        resolve()
      }
      const cancel = this.#clock.after(ms, done)
      this.#wake = done
      signal.addEventListener('abort', done, { once: true })
    })
  }
}
