import { LIMITS } from '@biologidex/core/limits'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as state from './shots-state.ts'

const shot = (n: number): state.Shot => ({
  source: 'library',
  modified: 0,
  url: `blob:${n}`,
  read: { bytes: new Uint8Array(1), type: 'image/jpeg', sha256: String(n) },
  rendered: Promise.resolve({ previews: {} }),
  apart: false,
})
const withShots = (...numbers: number[]): state.ShotsState =>
  numbers.reduce((before, n) => state.added(before, shot(n)), state.NO_SHOTS)
const names = ({ shots }: state.ShotsState): string[] => shots.map(({ read }) => read.sha256)
const apart = ({ shots }: state.ShotsState): string[] => shots.filter((one) => one.apart).map(({ read }) => read.sha256)

test('what comes is put behind what is there, once', () => {
  expect(names(state.added(state.added(withShots(1, 2), shot(3)), shot(1)))).toEqual(['1', '2', '3'])
})

test('what comes while others are being kept comes next, with those that were set apart', () => {
  const chosen = state.toggled(withShots(1, 2, 3), shot(2))
  const keeping = state.keepBegun(chosen, [shot(1), shot(3)])
  const more = state.oneRead(state.added(state.awaited(keeping, 1), shot(4)))
  expect([names(more), apart(more)]).toEqual([
    ['1', '2', '3', '4'],
    ['2', '4'],
  ])
  const next = state.keepDone(more)
  expect([names(next), apart(next), state.hasMore(next)]).toEqual([['2', '4'], [], true])
})

test('what comes while others are being kept is there still when they could not be', () => {
  const failed = state.keepFailed(state.added(state.keepBegun(withShots(1), [shot(1)]), shot(2)))
  expect([names(failed), apart(failed), failed.keeping]).toEqual([['1', '2'], ['2'], undefined])
})

test('there is more while a file is still being read, and none once all is kept', () => {
  const keeping = state.keepBegun(withShots(1, 2), [shot(1), shot(2)])
  expect(state.hasMore(keeping)).toBe(false)
  expect(state.hasMore(state.awaited(keeping, 1))).toBe(true)
  expect(state.hasMore(state.oneRead(state.awaited(keeping, 1)))).toBe(false)
  expect(names(state.keepDone(keeping))).toEqual([])
})

test('one that is being kept is neither left out nor set apart', () => {
  const keeping = state.keepBegun(withShots(1, 2), [shot(1), shot(2)])
  expect(state.without(keeping, shot(2))).toBe(keeping)
  expect(state.toggled(keeping, shot(2))).toBe(keeping)
})

test('an entry’s room counts what is on its way, and not what is being kept already', () => {
  const most = LIMITS.imagesPerEntry
  const full = withShots(...Array.from({ length: most - 1 }, (_, n) => n))
  expect(state.roomIn(full)).toBe(1)
  expect(state.roomIn(state.awaited(full, 1))).toBe(0)
  expect(state.roomIn(state.keepBegun(full, full.shots))).toBe(most)
})

test('any that is left out comes back to its place, as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(), fc.boolean(), (count, which, isApart) => {
      const all = withShots(...Array.from({ length: count }, (_, n) => n))
      const one = shot(which % count)
      const before = isApart ? state.toggled(all, one) : all
      const left = state.without(before, one)
      expect(names(left)).toEqual(names(before).filter((name) => name !== one.read.sha256))
      expect(state.broughtBack(left)).toEqual(before)
    }),
  )
})

test('one that no server would take goes, and says why; one that cannot be shown stays', () => {
  const gone = state.judged(withShots(1, 2), shot(1), 'picture_too_many_pixels')
  expect([names(gone), gone.wrong]).toEqual([['2'], expect.stringMatching(/./)])
  expect(state.judged(withShots(1), shot(1), 'picture_damaged').shots[0]?.code).toBe('picture_damaged')
})
