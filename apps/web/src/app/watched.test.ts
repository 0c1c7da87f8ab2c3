import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Watched } from './watched.ts'

class Counter {
  count = 0
  readonly #listeners = new Set<() => void>()
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
  add(): void {
    this.count += 1
    for (const listener of this.#listeners) listener()
  }
  get listened(): boolean {
    return this.#listeners.size > 0
  }
}

const PACE = 1_000
const watch = (source: Counter) => new Watched(source, { take: ({ count }) => count, pace: (shown) => (shown > 0 ? PACE : 0) })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('tells the first change at once, those that follow close upon it together, and forgets none', () => {
  const source = new Counter()
  const watched = watch(source)
  const told = vi.fn()
  watched.subscribe(told)
  source.add()
  expect([watched.get(), told.mock.calls.length]).toEqual([1, 1])
  source.add()
  source.add()
  expect([watched.get(), told.mock.calls.length]).toEqual([1, 1])
  vi.advanceTimersByTime(PACE)
  expect([watched.get(), told.mock.calls.length]).toEqual([3, 2])
  vi.advanceTimersByTime(PACE)
  source.add()
  expect([watched.get(), told.mock.calls.length]).toEqual([4, 3])
})

it('takes what changed while nobody listened, and leaves no timer when nobody does', () => {
  const source = new Counter()
  const watched = watch(source)
  watched.subscribe(() => undefined)()
  source.add()
  const told = vi.fn()
  const unsubscribe = watched.subscribe(told)
  expect(watched.get()).toBe(1)
  source.add()
  unsubscribe()
  vi.advanceTimersByTime(PACE)
  expect([watched.get(), told.mock.calls.length, source.listened]).toEqual([1, 0, false])
  watched.subscribe(told)
  expect(watched.get()).toBe(2)
})
