import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cell, cellsOf, gapsBetween, type PlateCell } from './cells.ts'
import { type Facts, placeOf, type Standing } from './facts.ts'
import { NameRanks, ordered, SORTS, type Sort } from './order.ts'
import { animal, entry, factsOf, uuid } from './test-facts.ts'

const NONE: Standing = { needing: new Set(), picturesHere: false }
const ranks = new NameRanks(['en'])
const cellsFor = (facts: readonly Facts[], sort: Sort, standing = NONE, gaps = true, reverse = false): Cell[] =>
  cellsOf(ordered(facts, sort, reverse, ranks), { sort, reverse, standing, gaps })
const plates = (cells: readonly Cell[]): PlateCell[] => cells.filter((cell) => cell.kind === 'plate')
const outline = (cells: readonly Cell[]): string[] =>
  cells.map((cell) => (cell.kind === 'gap' ? `${cell.from}-${cell.to}` : cell.name || '?'))

const moose = animal(1, 42, 'Alces alces', 'Moose')
const fox = animal(2, 44, 'Vulpes vulpes', 'Red fox')
const owl = animal(3, 50, 'Asio otus', 'Long-eared owl')
const newt = animal(4, undefined, 'Triturus cristatus')

describe('gaps between two numbers', () => {
  it('are single outlines for one or two, one quiet stack from three on, nothing for neighbours', () => {
    expect(gapsBetween(41, 42)).toEqual([])
    expect(gapsBetween(42, 44).map(({ from, to }) => [from, to])).toEqual([[43, 43]])
    expect(gapsBetween(42, 45).map(({ from, to }) => [from, to])).toEqual([
      [43, 43],
      [44, 44],
    ])
    expect(gapsBetween(42, 46).map(({ from, to }) => [from, to])).toEqual([[43, 45]])
  })

  it('cover exactly the numbers in between, whatever they are', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(40), (low, distance) => {
        const covered = gapsBetween(low, low + distance).flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, at) => from + at),
        )
        expect(covered).toEqual(Array.from({ length: Math.max(0, distance - 1) }, (_, at) => low + 1 + at))
      }),
    )
  })
})

describe('the wall by number', () => {
  it('shows one plate per animal with its sightings, gaps between, unnumbered and unnamed after', () => {
    const entries = [
      entry({ animal: owl.id }),
      entry(),
      entry({ animal: newt.id }),
      entry({ animal: moose.id }),
      entry({ animal: moose.id }),
      entry({ animal: fox.id }),
    ]
    const cells = cellsFor(factsOf(entries, [moose, fox, owl, newt]), 'number', NONE)
    expect(outline(cells)).toEqual(['Moose', '43-43', 'Red fox', '45-49', 'Long-eared owl', 'Triturus cristatus', '?'])
    expect(plates(cells).map(({ sightings }) => sightings)).toEqual([2, 1, 1, 1, undefined])
  })

  it('opens the newest sighting and shows its picture, or the newest that has one', () => {
    const image = { id: uuid(77), state: 'ready' as const, thumbhash: 'abc' }
    const old = entry({ animal: moose.id, observed: { at: '2020-01-01' }, images: [image] })
    const latest = entry({ animal: moose.id, observed: { at: '2026-09-14' } })
    const [plate] = plates(cellsFor(factsOf([latest, old], [moose]), 'number', NONE))
    expect(plate?.entry).toBe(latest.id)
    expect(plate?.picture).toMatchObject({ entry: old.id, image: image.id })
  })

  it('shows the most urgent mark of its sightings', () => {
    const [here, clash] = [entry({ animal: moose.id, pending: true }), entry({ animal: moose.id })]
    const facts = factsOf([entry({ animal: moose.id }), here, clash], [moose])
    expect(plates(cellsFor(facts, 'number', NONE))[0]?.sync).toBe('here')
    expect(plates(cellsFor(facts, 'number', { ...NONE, needing: new Set([clash.id]) }))[0]?.sync).toBe('needs')
  })

  it('counts what was typed by name among the animal of that name', () => {
    const typed = entry({ typedAnimal: { scientificName: 'alces alces' }, pending: true })
    const [plate, ...rest] = cellsFor(factsOf([typed, entry({ animal: moose.id })], [moose]), 'number', NONE)
    expect(rest).toEqual([])
    expect(plate).toMatchObject({ name: 'Moose', number: 42, sightings: 2, sync: 'here' })
  })

  it('keeps two unnamed sightings apart, and says what they were called', () => {
    const said = entry({ identifications: [{ id: uuid(9), at: 1, by: 'mara', text: 'some beetle' }] })
    const cells = plates(cellsFor(factsOf([said, entry()], []), 'number', NONE))
    expect(cells.map(({ name }) => name)).toEqual(['', 'some beetle'])
    expect(new Set(cells.map(({ key }) => key)).size).toBe(2)
  })

  it('goes down from the highest number as well, with what has none still last', () => {
    const facts = factsOf(
      [moose, fox, owl, newt].map(({ id }) => entry({ animal: id })),
      [moose, fox, owl, newt],
    )
    const down = outline(cellsFor(facts, 'number', NONE, true, true))
    expect(down).toEqual(['Long-eared owl', '45-49', 'Red fox', '43-43', 'Moose', 'Triturus cristatus'])
  })

  it('leaves the gaps out where only some plates are shown', () => {
    const cells = cellsFor(
      factsOf([entry({ animal: moose.id }), entry({ animal: owl.id })], [moose, owl]),
      'number',
      NONE,
      false,
    )
    expect(outline(cells)).toEqual(['Moose', 'Long-eared owl'])
  })

  it('puts a merged number in its new place', () => {
    const one = entry({ animal: moose.id })
    expect(plates(cellsFor(factsOf([one], [moose]), 'number', NONE))[0]?.number).toBe(42)
    expect(plates(cellsFor(factsOf([one], [{ ...moose, number: 7 }]), 'number', NONE))[0]?.number).toBe(7)
  })
})

describe('the wall by date and by name', () => {
  const early = entry({ animal: fox.id, observed: { at: '2026' } })
  const late = entry({ animal: moose.id, observed: { at: '2026-09-14T07:10' } })
  const unnamed = entry({ observed: { at: '2026-09-14' } })
  const facts = factsOf([early, late, unnamed], [moose, fox])

  it('has one plate per entry, the newest first', () => {
    expect(plates(cellsFor(facts, 'date', NONE)).map(({ entry: id }) => id)).toEqual([late.id, unnamed.id, early.id])
  })

  it('by name: folded, unnamed last', () => {
    expect(outline(cellsFor(facts, 'name', NONE))).toEqual(['Moose', 'Red fox', '?'])
  })

  it('loses and repeats nothing in any order, and never wavers', () => {
    const animals = [moose, fox, owl, newt]
    const choice = fc.constantFrom<string | undefined>(...animals.map(({ id }) => id), undefined)
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 30 }), fc.constantFrom(...SORTS), fc.boolean(), (chosen, sort, reverse) => {
        const entries = chosen.map((id) => entry({ created: 5, ...(id ? { animal: id } : {}) }))
        const cells = cellsFor(factsOf(entries, animals), sort, NONE, true, reverse)
        const shown = plates(cells).reduce((sum, { sightings }) => sum + (sightings ?? 1), 0)
        expect(shown).toBe(entries.length)
        expect(new Set(cells.map(({ key }) => key)).size).toBe(cells.length)
        expect(cellsFor(factsOf([...entries].reverse(), animals), sort, NONE, true, reverse)).toEqual(cells)
      }),
    )
  })
})

describe('facts', () => {
  it('are worked out once for an entry, and anew when its animal changes', () => {
    const one = entry({ animal: moose.id })
    const [first] = factsOf([one], [moose])
    expect(factsOf([one], [{ ...moose }])[0]).toBe(first)
    expect(factsOf([one], [{ ...moose, number: 43 }])[0]).not.toBe(first)
  })
})

describe('where an entry stands', () => {
  it('is here while its picture waits on this device, not while another device has it', () => {
    const waiting = entry({ animal: moose.id, images: [{ id: uuid(5), state: 'waiting' }] })
    expect(placeOf(waiting, { ...NONE, picturesHere: true })).toBe('here')
    expect(placeOf(waiting, NONE)).toBe('server')
  })
})
