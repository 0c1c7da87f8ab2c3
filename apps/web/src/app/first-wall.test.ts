import { memoryStorage } from '@biologidex/test-kit/memory-storage'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { changeFirstWall } from './first-wall.ts'
import { forgetAll, rememberLeaving, rememberPlace } from './remembered.ts'

beforeEach(() => {
  vi.stubGlobal('localStorage', memoryStorage())
  vi.stubGlobal('sessionStorage', memoryStorage())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test('nothing is written of somebody who signs out, or has, though it was asked for before', async () => {
  const next = vi.fn(() => undefined)
  rememberPlace('mara')
  await changeFirstWall('mara', next)
  expect(next).toHaveBeenCalledTimes(1)
  await changeFirstWall('jonas', next)
  const asked = changeFirstWall('mara', next)
  rememberLeaving('mara')
  await asked
  forgetAll()
  await changeFirstWall('mara', next)
  expect(next).toHaveBeenCalledTimes(1)
})
