import type { DexView } from '@biologidex/client/face'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchedDex } from './watched-dex.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A dex that arrives: each call brings one more entry. */
function arriving() {
  let entries: ReadonlyMap<string, object> = new Map()
  let changed = () => {}
  const subscribe = (listener: () => void) => {
    changed = listener
    return () => {}
  }
  const view = {
    account: 'a',
    complete: false,
    subscribe,
    get entries() {
      return entries
    },
  } as unknown as DexView
  const bring = () => {
    entries = new Map([...entries, [String(entries.size), {}]])
    changed()
  }
  return { view, bring }
}

it('draws the first entries that arrive at once, though the empty dex was drawn just now, and the next ones together', () => {
  const { view, bring } = arriving()
  const told = vi.fn()
  watchedDex(view).subscribe(told)
  bring()
  expect(told).toHaveBeenCalledTimes(1)
  bring()
  bring()
  expect(told).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1_000)
  expect(told).toHaveBeenCalledTimes(2)
})
