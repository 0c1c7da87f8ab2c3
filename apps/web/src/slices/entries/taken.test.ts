import { expect, it } from 'vitest'
import { observedNow, takenJustNow } from './taken.ts'

const now = new Date(2026, 8, 14, 7, 10, 31)
const years = 3 * 365 * 86_400_000

it('reads the device’s clock to the minute, with its zone', () => {
  expect(observedNow(now)).toEqual({ at: '2026-09-14T07:10', zone: -now.getTimezoneOffset() || 0 })
})

it('lets the photo’s own date decide', () => {
  expect(takenJustNow({ observed: { at: '2026-09-14T07:08' } }, 'library', 0, now)).toBe(true)
  expect(takenJustNow({ observed: { at: '2023-09-14T07:08' } }, 'camera', now.getTime(), now)).toBe(false)
})

it('without a date believes only a camera’s new file', () => {
  expect(takenJustNow({}, 'camera', now.getTime() - 60_000, now)).toBe(true)
  expect(takenJustNow({}, 'camera', now.getTime() - years, now)).toBe(false)
  expect(takenJustNow({}, 'library', now.getTime(), now)).toBe(false)
})
