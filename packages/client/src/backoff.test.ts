import { FakeClock, settle } from '@biologidex/test-kit/fake-clock'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BASE, Backoff, CAP, delayOf, retryAfterOf } from './backoff.ts'

const random = { uuid: () => 'none', fraction: () => 0.5 }

test('E21 waits lie anywhere between nothing and a limit that doubles up to five minutes', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, fraction) => {
      const delay = delayOf(attempt, fraction)
      expect(delay).toBeGreaterThanOrEqual(0)
      expect(delay).toBeLessThanOrEqual(Math.min(CAP, BASE * 2 ** attempt))
    }),
  )
  expect([0, 1, 2, 20].map((attempt) => delayOf(attempt, 0.5))).toEqual([500, 1_000, 2_000, 150_000])
})

test('E21 a Retry-After is a floor', () => {
  expect(delayOf(9, 0, 7_000)).toBe(7_000)
  expect(delayOf(0, 0.5, 7_000)).toBe(7_500)
})

test.each([
  ['120', 120_000],
  [' 3 ', 3_000],
  ['0', 0],
  ['99999999999', 86_400_000],
  ['Thu, 01 Jan 1970 00:00:10 GMT', 9_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['Thu, 01 Jan 2099 00:00:00 GMT', 86_400_000],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('E21 Retry-After %s is %s', (header, ms) => expect(retryAfterOf(header, 1_000)).toBe(ms))

test('E21 a wait ends by its time, by a wake, or by the signal, and leaves no timer', async () => {
  const clock = new FakeClock()
  const backoff = new Backoff(clock, random)
  const end = new AbortController()
  let ended = 0
  const wait = () => void backoff.wait(end.signal).then(() => ended++)
  wait()
  await clock.advance(499)
  expect(ended).toBe(0)
  await clock.advance(1)
  expect(ended).toBe(1)
  wait()
  backoff.wake()
  await settle()
  expect(ended).toBe(2)
  wait()
  end.abort()
  await settle()
  expect(ended).toBe(3)
  wait()
  await settle()
  expect([ended, clock.waiting]).toEqual([4, 0])
})

test('E21 after a success waits are short again', async () => {
  const clock = new FakeClock()
  const backoff = new Backoff(clock, random)
  const { signal } = new AbortController()
  for (const ms of [500, 1_000, 2_000]) {
    const wait = backoff.wait(signal)
    await clock.advance(ms)
    await wait
  }
  backoff.reset()
  const wait = backoff.wait(signal)
  await clock.advance(500)
  await wait
  expect(clock.waiting).toBe(0)
})
