import { isLocalDate } from '@biologidex/core/entries/observed'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatTime, isSameDay, joinParts, partsOf } from './dates.ts'

const now = { at: '2026-11-22T20:15', zone: 60 }
const date = fc
  .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .chain((day) => fc.constantFrom(4, 7, 10, 16).map((length) => ({ at: day.toISOString().slice(0, length), zone: 120 })))

it('gives back the same date when nothing was changed, zone and all', () => {
  fc.assert(
    fc.property(date, (observed) => {
      expect(joinParts(partsOf(observed, now), observed)).toEqual(observed)
    }),
  )
})

it('fills in this moment where the date is silent, for whoever makes it more precise', () => {
  expect(partsOf({ at: '2020-03' }, now)).toEqual({ precision: 'month', year: '2020', month: '03', day: '22', time: '20:15' })
  expect(partsOf(undefined, now)).toMatchObject({ precision: 'day', year: '2026', month: '11', day: '22' })
})

it('forgets the zone with another moment', () => {
  expect(joinParts({ ...partsOf(now, now), time: '20:16' }, now)).toEqual({ at: '2026-11-22T20:16' })
  expect(joinParts({ ...partsOf(now, now), precision: 'day' }, now)).toEqual({ at: '2026-11-22' })
})

it.each([
  ['2026', '02', '31', '10:00'],
  ['', '02', '3', '10:00'],
  ['2026', '13', '1', '10:00'],
  ['2026', '1', '1', ''],
  ['20a6', '1', '1', '10:00'],
])('refuses %s-%s-%s %s', (year, month, day, time) => {
  expect(joinParts({ precision: 'minute', year, month, day, time }, undefined)).toBeUndefined()
})

it('takes days and months of one digit', () => {
  const joined = joinParts({ precision: 'day', year: '2026', month: '2', day: '3', time: '' }, undefined)
  expect(joined).toEqual({ at: '2026-02-03' })
  expect(isLocalDate(joined?.at ?? '')).toBe(true)
})

it('tells a day by the watch', () => {
  expect(isSameDay({ at: '2026-11-22' }, now)).toBe(true)
  expect(isSameDay({ at: '2026-11' }, now)).toBe(false)
  expect(formatTime({ at: '2026-11-22T07:05' }, ['de'])).toBe('07:05')
  expect(formatTime({ at: '2026-11-22' }, ['de'])).toBeUndefined()
})
