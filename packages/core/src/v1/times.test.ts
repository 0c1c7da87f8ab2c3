import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLocalDate } from '../entries/observed.ts'
import { readLastSync, readTime, toCatchDate, toObserved, toTime } from './times.ts'

const HOUR = 3_600_000
const instants = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) })

describe('last_sync', () => {
  test('what the server said is read back to the millisecond, also with its + made a space', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, zone) => {
        expect(readLastSync(toTime(at))).toBe(at)
        const local = new Date(at + zone * 60_000)
        fc.pre(local.getTime() >= 0 && local.getUTCFullYear() < 10_000)
        const two = (value: number) => String(value).padStart(2, '0')
        const offset = `${zone < 0 ? '-' : '+'}${two(Math.floor(Math.abs(zone) / 60))}:${two(Math.abs(zone) % 60)}`
        const written = local.toISOString().replace('Z', offset)
        expect(readLastSync(written)).toBe(at)
        expect(readLastSync(written.replace('+', ' '))).toBe(at)
      }),
    )
  })

  test.each([
    ['2026-09-14T07:10:30.123456+00:00', Date.UTC(2026, 8, 14, 7, 10, 30, 123)],
    ['2026-09-14T07:10:30,5Z', Date.UTC(2026, 8, 14, 7, 10, 30, 500)],
    ['2026-09-14t07:10z', Date.UTC(2026, 8, 14, 7, 10)],
    ['2026-09-14T07:10:30+0200', Date.UTC(2026, 8, 14, 5, 10, 30)],
    ['2026-09-14T07:10:30-03', Date.UTC(2026, 8, 14, 10, 10, 30)],
    ['0001-01-01T00:00:00Z', new Date('0001-01-01T00:00:00Z').getTime()],
  ])('%s is read', (text, at) => expect(readLastSync(text)).toBe(at))

  test('without an offset it may be of any place: it is read as the earliest', () => {
    expect(readLastSync('2026-09-14T07:10:00')).toBe(Date.UTC(2026, 8, 14, 7, 10) - 14 * HOUR)
    expect(readLastSync('2026-09-14')).toBe(Date.UTC(2026, 8, 14) - 14 * HOUR)
  })

  test.each(['', 'garbage', '1757833800', '2026-02-30T00:00:00Z', '2026-13-01', '2026-09-14T24:10Z', '2026-09-14T07:60Z'])(
    '%j is no time',
    (text) => expect(readLastSync(text)).toBeUndefined(),
  )
  test.each([
    '2026-09-14 07:10:00Z',
    '2026-9-1',
    '2026-09-14T07:10:00+15:00',
    '2026-09-14T07:10:00+02:75',
    ' 2026-09-14',
    'NaN',
  ])('%j is no time either', (text) => expect(readLastSync(text)).toBeUndefined())
})

describe('catch_date', () => {
  test('any time that is read makes an observation date, which is written and read back as the same', () => {
    fc.assert(
      fc.property(instants, fc.boolean(), (at, day) => {
        const text = day ? toTime(at).slice(0, 10) : toTime(at)
        const time = readTime(text)
        const observed = toObserved(time ?? { at: 0, zone: 0, local: '' })
        expect(isLocalDate(observed.at)).toBe(true)
        expect(readTime(toCatchDate(observed))?.at).toBe(day ? Date.parse(text) : Math.floor(at / 60_000) * 60_000)
      }),
    )
  })

  test.each([
    [{ at: '2026' }, '2026-01-01T00:00:00+00:00'],
    [{ at: '2026-09' }, '2026-09-01T00:00:00+00:00'],
    [{ at: '2026-09-14' }, '2026-09-14T00:00:00+00:00'],
    [{ at: '2026-09-14T07:10', zone: -210 }, '2026-09-14T07:10:00-03:30'],
  ])('%j is written as %s', (observed, text) => expect(toCatchDate(observed)).toBe(text))
})
