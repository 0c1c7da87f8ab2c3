import { afterEach, expect, it, vi } from 'vitest'
import { askKeeping, askToKeep, nearlyFull } from './storage.ts'

afterEach(() => void vi.unstubAllGlobals())

it('tells that there is little room before it hurts, and only then', () => {
  expect(nearlyFull({ usage: 89, quota: 100 })).toBeUndefined()
  expect(nearlyFull({ usage: 95, quota: 100 })).toBe(5)
  expect(nearlyFull({ usage: 120, quota: 100 })).toBe(0)
  for (const silent of [{}, { quota: 100 }, { usage: 5 }, { usage: 5, quota: 0 }]) expect(nearlyFull(silent)).toBeUndefined()
})

it('asks the browser once to keep what is here, and takes a no for an answer', async () => {
  const persist = vi.fn(async () => false)
  const storage = { persist, persisted: async () => false, estimate: async () => ({ usage: 99, quota: 100 }) }
  vi.stubGlobal('navigator', { storage })
  await askToKeep()
  await askToKeep()
  expect(persist).toHaveBeenCalledTimes(1)
  expect(await askKeeping()).toEqual({ kept: false, free: 1 })
})

it('says nothing where the browser does not', async () => {
  vi.stubGlobal('navigator', {})
  await askToKeep()
  expect(await askKeeping()).toEqual({})
})
