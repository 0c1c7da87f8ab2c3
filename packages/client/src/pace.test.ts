import { FakeClock } from '@biologidex/test-kit/fake-clock'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pace } from './pace.ts'

test('N3 what is asked for often happens no oftener than a server allows, and the last asking is always answered', async () => {
  const waits = fc.array(fc.oneof(fc.nat(50), fc.nat(5_000), fc.constant(40_000)), { minLength: 1, maxLength: 120 })
  await fc.assert(
    fc.asyncProperty(waits, async (between) => {
      const clock = new FakeClock()
      const pace = new Pace(clock)
      const done: number[] = []
      for (const wait of between) {
        await clock.advance(wait)
        pace.run(() => void done.push(clock.now()))
      }
      const asked = clock.now()
      await clock.advance(2_000)
      expect(done.at(-1)).toBeGreaterThanOrEqual(asked)
      for (const [index, at] of done.entries()) {
        const within = done.slice(index).filter((other) => other - at < 60_000).length
        expect(within).toBeLessThanOrEqual(30 + 60)
      }
      expect(done.length).toBeLessThanOrEqual(between.length)
    }),
    { numRuns: 60 },
  )
})

test('N3 what is rare happens at once', async () => {
  const clock = new FakeClock()
  const pace = new Pace(clock)
  for (let n = 0; n < 50; n += 1) {
    let happened = false
    pace.run(() => (happened = true))
    expect(happened).toBe(true)
    await clock.advance(1_500)
  }
})

test('N3 what waits does not happen after the end', async () => {
  const clock = new FakeClock()
  const pace = new Pace(clock)
  let times = 0
  for (let n = 0; n < 100; n += 1) pace.run(() => (times += 1))
  const before = times
  pace.stop()
  await clock.advance(60_000)
  expect(times).toBe(before)
})
