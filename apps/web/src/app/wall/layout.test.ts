import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from './cells.ts'
import { layoutFor, type Move, moveFrom, rowHeights, screenful } from './layout.ts'
import { linesOf } from './text-fit.ts'

const plate = (key: string, name = 'Moose', latin = 'Alces alces'): Cell => ({
  kind: 'plate',
  key,
  entry: key,
  name,
  latin,
  sync: 'server',
  favourite: false,
})
const gap = (at: number): Cell => ({ kind: 'gap', key: `gap ${at}`, from: at, to: at })

describe('the layout of the wall', () => {
  it('has two columns on a phone, four beside rail and entry, and one where letters are very large', () => {
    expect(layoutFor(390, 390, 16).columns).toBe(2)
    expect(layoutFor(752, 1440, 16).columns).toBe(4)
    expect(layoutFor(320, 320, 32).columns).toBe(1)
  })

  it('always fits: columns, gaps and margins are never wider than the wall', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 4000 }), fc.integer({ min: 10, max: 40 }), (width, rem) => {
        const { columns, columnWidth, gap: between, side } = layoutFor(width, width, rem)
        expect(columns * columnWidth + (columns - 1) * between + 2 * side).toBeLessThanOrEqual(Math.max(width, 2 * side))
        expect(columnWidth).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('knows how many cells a screen shows at most: as many as it has room for, those cut by its edge included', () => {
    const [phone, desktop] = [layoutFor(390, 390, 16), layoutFor(752, 1440, 16)]
    expect(screenful(phone, 600)).toBe(6)
    expect(screenful(desktop, 800)).toBe(16)
    expect(screenful(phone, 0)).toBe(0)
    const [row = 0] = rowHeights([plate('a')], 1, phone)
    expect(screenful(phone, 2 * (row + phone.gap))).toBe(4)
    expect(screenful(phone, 2 * (row + phone.gap) + 1)).toBe(6)
  })

  it('gives each row the height of its longest label, and rows that are not there yet the plainest', () => {
    const layout = layoutFor(390, 390, 16)
    const cells = [plate('a'), plate('b'), plate('c', 'West European hedgehog', 'Erinaceus europaeus'), gap(3)]
    const [first, second, third] = rowHeights(cells, 6, layout)
    expect(second).toBeGreaterThan(first ?? 0)
    expect(third).toBe(first)
    expect(rowHeights(cells, 6, layout)).toHaveLength(3)
  })
})

describe('lines of a name', () => {
  it('breaks at spaces and after hyphens, as the drawn names do', () => {
    expect(linesOf('Ring-tailed lemur', 'name', 9.6)).toBe(1)
    expect(linesOf('Ring-tailed lemur', 'name', 8.1)).toBe(2)
    expect(linesOf('Phascolarctos cinereus', 'latin', 8.7)).toBe(2)
    expect(linesOf('Alces alces', 'latin', 8.7)).toBe(1)
  })

  it('breaks a word that is longer than the line, and never says more than the most', () => {
    expect(linesOf('Parastratiosphecomyia', 'name', 5)).toBe(2)
    expect(linesOf('a '.repeat(200), 'name', 5)).toBe(2)
    expect(linesOf('獅子'.repeat(8), 'name', 9)).toBe(2)
  })

  it('takes one line at least, more for less room, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 30 }), (text, room) => {
        const lines = linesOf(text, 'name', room, 9)
        expect(lines).toBeGreaterThanOrEqual(1)
        expect(linesOf(text, 'name', room + 5, 9)).toBeLessThanOrEqual(lines)
      }),
    )
  })
})

describe('moving by keys', () => {
  const cells = [plate('0'), plate('1'), gap(2), plate('3'), gap(4), plate('5'), plate('6')]
  const from = (at: number, move: Move) => moveFrom(cells, at, move, 2)

  it('steps over gaps, and stays where there is nothing more', () => {
    expect(from(1, 'ArrowRight')).toBe(3)
    expect(from(3, 'ArrowLeft')).toBe(1)
    expect(from(0, 'ArrowLeft')).toBe(0)
    expect(from(6, 'ArrowRight')).toBe(6)
    expect(from(1, 'ArrowDown')).toBe(3)
    expect(from(0, 'ArrowDown')).toBe(6)
    expect(from(5, 'ArrowDown')).toBe(5)
  })

  it('reaches both ends', () => {
    expect(from(3, 'Home')).toBe(0)
    expect(from(3, 'End')).toBe(6)
    expect(from(0, 'PageDown')).toBe(6)
    expect(from(6, 'PageUp')).toBe(0)
  })

  it('always ends on a plate', () => {
    const wall = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 })
    const moves = fc.constantFrom<Move>('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown')
    fc.assert(
      fc.property(wall, fc.nat(), moves, fc.integer({ min: 1, max: 7 }), (kinds, start, move, columns) => {
        const some: Cell[] = kinds.map((isPlate, at) => (isPlate ? plate(String(at)) : gap(at)))
        const at = start % some.length
        if (some[at]?.kind !== 'plate') return
        expect(some[moveFrom(some, at, move, columns)]?.kind).toBe('plate')
      }),
    )
  })
})
