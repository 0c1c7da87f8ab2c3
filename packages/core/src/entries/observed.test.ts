import { expect, test } from 'vitest'
import { isLocalDate, observed, precisionOf, toDay } from './observed.ts'

test.each([
  ['2026', 'year'],
  ['2026-09', 'month'],
  ['2026-09-14', 'day'],
  ['2024-02-29', 'day'],
  ['2026-09-14T23:59', 'minute'],
] as const)('%s is precise to the %s', (at, precision) => {
  expect(isLocalDate(at)).toBe(true)
  expect(precisionOf(at)).toBe(precision)
})

test.each([
  '',
  '26',
  '2026-13',
  '2026-02-30',
  '2025-02-29',
  '2026-09-14T24:00',
  '2026-09-14T10:60',
  '2026-09-14 10:00',
  '2026-09-14T10:00Z',
])('%j is no local date', (at) => {
  expect(observed.safeParse({ at }).success).toBe(false)
})

test('a day keeps neither the time nor the offset, which tells where', () => {
  expect(toDay({ at: '2026-09-14T07:10', zone: -480 })).toEqual({ at: '2026-09-14' })
  expect(toDay({ at: '2026', zone: 60 })).toEqual({ at: '2026' })
})
