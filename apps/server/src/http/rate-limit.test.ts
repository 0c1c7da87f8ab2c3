import { AppError } from '@biologidex/core/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { networkOf, RateLimiter } from './rate-limit.ts'

const rates = (burst: number, perSecond: number) => ({ ...readConfig({}).rates, pull: { burst, perSecond } })

/** Takes a token; answers how long to wait, or 0 when it was given. */
function attempt(limiter: RateLimiter, key = 'one'): number {
  try {
    limiter.take('pull', key)
    return 0
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'rate_limited') throw error
    return (error.details as { retryAfterSeconds: number }).retryAfterSeconds
  }
}

describe('RateLimiter', () => {
  it('gives a burst, then one for each interval, and never saves up more than a burst', () => {
    let now = 0
    const limiter = new RateLimiter(rates(2, 1), () => now)
    expect([attempt(limiter), attempt(limiter), attempt(limiter)]).toEqual([0, 0, 1])
    now += 1000
    expect([attempt(limiter), attempt(limiter)]).toEqual([0, 1])
    now += 3_600_000
    expect([attempt(limiter), attempt(limiter), attempt(limiter)]).toEqual([0, 0, 1])
  })

  it('keeps keys and rates apart', () => {
    const limiter = new RateLimiter({ ...rates(1, 1), push: { burst: 1, perSecond: 1 } }, () => 0)
    expect([attempt(limiter, 'a'), attempt(limiter, 'b'), attempt(limiter, 'a')]).toEqual([0, 0, 1])
    expect(() => limiter.take('push', 'a')).not.toThrow()
  })

  it('never lets more through than the burst and what time has brought, and means its Retry-After', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 })
    const burst = fc.integer({ min: 1, max: 10 })
    const perSecond = fc.double({ min: 0.05, max: 20, noNaN: true })
    fc.assert(
      fc.property(burst, perSecond, steps, (most, speed, waits) => {
        let now = 0
        let taken = 0
        const limiter = new RateLimiter(rates(most, speed), () => now)
        for (const wait of waits) {
          now += wait
          const seconds = attempt(limiter)
          if (seconds === 0) taken += 1
          else {
            expect(Number.isInteger(seconds) && seconds >= 1).toBe(true)
            now += seconds * 1000
            expect(attempt(limiter)).toBe(0)
            taken += 1
          }
          expect(taken).toBeLessThanOrEqual(most + (now / 1000) * speed + 1e-6)
        }
      }),
    )
  })

  it('stays within its memory, and forgets who has been away the longest', () => {
    const limiter = new RateLimiter(rates(1, 0.001), () => 0, 3)
    for (const key of ['a', 'b', 'c']) attempt(limiter, key)
    attempt(limiter, 'a')
    attempt(limiter, 'd')
    expect(attempt(limiter, 'a')).toBeGreaterThan(0)
    expect(attempt(limiter, 'b')).toBe(0)
  })
})

describe('networkOf', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
