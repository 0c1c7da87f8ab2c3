import { isIPv6 } from 'node:net'
import { AppError } from '@biologidex/core/errors'
import type { Config } from '../config.ts'

export type RateName = keyof Config['rates']

interface Bucket {
  tokens: number
  /** When `tokens` was true, in milliseconds of the limiter's clock. */
  at: number
}

/** Buckets remembered per rate. The least recently used goes first: it is the likeliest to be full again. */
const MAX_BUCKETS = 50_000

/** Token buckets in memory (N3): per device for sync, per network address for sign-in. Each server process counts for itself. */
export class RateLimiter {
  readonly #rates: Config['rates']
  readonly #now: () => number
  readonly #max: number
  readonly #buckets = new Map<RateName, Map<string, Bucket>>()

  /** @param now milliseconds of a clock that never goes back */
  constructor(rates: Config['rates'], now: () => number = () => performance.now(), max = MAX_BUCKETS) {
    this.#rates = rates
    this.#now = now
    this.#max = max
  }

  /**
   * Takes one token of `key`'s bucket.
   * @throws AppError rate_limited with `retryAfterSeconds`, a whole number of at least 1
   */
  take(name: RateName, key: string): void {
    const { burst, perSecond } = this.#rates[name]
    const bucket = this.#bucket(name, key, burst)
    const now = this.#now()
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    if (bucket.tokens < 1) {
      const retryAfterSeconds = Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond))
      throw new AppError('rate_limited', { retryAfterSeconds })
    }
    bucket.tokens -= 1
  }

  #bucket(name: RateName, key: string, burst: number): Bucket {
    let buckets = this.#buckets.get(name)
    if (!buckets) {
      buckets = new Map()
      this.#buckets.set(name, buckets)
    }
    const known = buckets.get(key)
    if (known) buckets.delete(key)
    const bucket = known ?? { tokens: burst, at: this.#now() }
    if (buckets.size >= this.#max) {
      const oldest = buckets.keys().next()
      if (!oldest.done) buckets.delete(oldest.value)
    }
    // Put last again: a Map keeps the order of insertion, which makes it the list of least recent use.
    buckets.set(key, bucket)
    return bucket
  }
}

/** What counts as one network: an IPv4 address, or the /64 of an IPv6 address (one subscriber has all of it). */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const [front, back] = [groups(head), groups(tail)]
  const middle = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0')
  const first = [...front, ...middle, ...back].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${first.join(':')}::/64`
}
