import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Cell } from './cells.ts'
import { forgetPlaces, placeAt, type Rows, readPlace, rowTops, scrollFor, writePlace } from './wall-place.ts'

const plate = (entry: string): Cell => ({
  kind: 'plate',
  key: entry,
  entry,
  name: '',
  latin: '',
  sync: 'server',
  favourite: false,
})
const gap = (from: number): Cell => ({ kind: 'gap', key: `gap ${from}`, from, to: from })
const rowsOf = (cells: readonly Cell[], columns: number, heights: readonly number[]): Rows => ({
  cells,
  columns,
  tops: rowTops(heights, 12),
})

const anyWall = fc
  .record({ kinds: fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), columns: fc.integer({ min: 1, max: 6 }) })
  .chain(({ kinds, columns }) => {
    const cells = kinds.map((isPlate, i) => (isPlate ? plate(`e${i}`) : gap(i)))
    const rows = Math.ceil(cells.length / columns)
    return fc
      .array(fc.integer({ min: 50, max: 400 }), { minLength: rows, maxLength: rows })
      .map((heights) => rowsOf(cells, columns, heights))
  })

describe('a place on the wall', () => {
  it('is found again exactly while the wall is the same', () => {
    fc.assert(
      fc.property(anyWall, fc.nat(30_000), (rows, scrollTop) => {
        const place = placeAt(rows, scrollTop)
        expect(place ? scrollFor(rows, place) : 0).toBe(place ? scrollTop : 0)
        expect(place === undefined).toBe(scrollTop <= 1)
      }),
    )
  })

  it('follows its entry when plates come before it, and other columns', () => {
    const cells = Array.from({ length: 40 }, (_, i) => plate(`e${i}`))
    const before = rowsOf(
      cells,
      2,
      Array.from({ length: 20 }, () => 88),
    )
    const place = placeAt(before, 730)
    expect(place).toEqual({ entry: 'e14', index: 14, dy: 30 })
    const after = rowsOf(
      [plate('new'), ...cells],
      3,
      Array.from({ length: 14 }, () => 88),
    )
    expect(place && scrollFor(after, place)).toBe(530)
  })

  it('stays about where it was when its entry is gone, and within the wall', () => {
    const rows = rowsOf([plate('a'), plate('b'), plate('c')], 1, [88, 88, 88])
    expect(scrollFor(rows, { entry: 'gone', index: 1, dy: 5 })).toBe(105)
    expect(scrollFor(rows, { entry: 'gone', index: 70, dy: 0 })).toBe(200)
    expect(scrollFor(rowsOf([], 2, []), { index: 0, dy: 0 })).toBe(0)
  })
})

describe('remembered places', () => {
  const kept = new Map<string, string>()
  beforeEach(() => {
    kept.clear()
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    })
  })

  it('are one for each wall, forgotten one by one or all, and the oldest when there are many', () => {
    for (let i = 0; i < 30; i++) writePlace(`?year=${i}`, { index: i, dy: 0 })
    expect(readPlace('?year=29')).toEqual({ index: 29, dy: 0 })
    expect(readPlace('?year=9')).toBeUndefined()
    expect(readPlace('?year=10')).toBeDefined()
    writePlace('?year=29', undefined)
    expect(readPlace('?year=29')).toBeUndefined()
    forgetPlaces()
    expect([...kept]).toEqual([])
  })

  it('are none where storage is forbidden or holds something else', () => {
    kept.set('biologidex.places', 'nonsense')
    expect(readPlace('')).toBeUndefined()
    vi.stubGlobal('sessionStorage', undefined)
    expect(readPlace('')).toBeUndefined()
    expect(() => writePlace('', { index: 1, dy: 0 })).not.toThrow()
    expect(forgetPlaces).not.toThrow()
  })
})
