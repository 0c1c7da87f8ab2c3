import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Facts } from './facts.ts'
import { NameRanks, ordered, SORTS } from './order.ts'
import { animal, anyFacts, entry, factsOf } from './test-facts.ts'

const ranks = () => new NameRanks(['en'])
const ids = (all: readonly Facts[]): string[] => all.map(({ entry: { id } }) => id)

/** What decides, in its direction; written anew, the slow way. */
const collator = new Intl.Collator('en', { numeric: true })
const decides = {
  number: (a: Facts, b: Facts) => (a.dateKey < b.dateKey ? 1 : a.dateKey > b.dateKey ? -1 : 0),
  date: (a: Facts, b: Facts) => (a.dateKey < b.dateKey ? 1 : a.dateKey > b.dateKey ? -1 : 0),
  name: (a: Facts, b: Facts) => collator.compare(a.name, b.name),
  changed: (a: Facts, b: Facts) =>
    a.entry.pending === b.entry.pending ? b.entry.updated - a.entry.updated : a.entry.pending ? -1 : 1,
}

describe('the order of entries', () => {
  it('is that of what decides, for any entries, in both directions; the nameless are last by name', () => {
    fc.assert(
      fc.property(anyFacts(), fc.constantFrom(...SORTS), fc.boolean(), (all, sort, reverse) => {
        const made = ordered(all, sort, reverse, ranks())
        expect(ids(made).sort()).toEqual(ids(all).sort())
        const turn = reverse && sort !== 'number' ? -1 : 1
        const shown = sort === 'name' ? made.filter(({ name }) => name !== '') : made
        for (const [i, facts] of shown.entries()) {
          const before = shown[i - 1]
          if (before) expect(turn * decides[sort](before, facts)).toBeLessThanOrEqual(0)
        }
        if (sort === 'name') expect(made.slice(shown.length).every(({ name }) => name === '')).toBe(true)
      }),
    )
  })

  it('does not hang on the order in which entries come', () => {
    fc.assert(
      fc.property(anyFacts(), fc.constantFrom(...SORTS), fc.boolean(), (all, sort, reverse) => {
        const turned = ordered([...all].reverse(), sort, reverse, ranks())
        expect(ids(turned)).toEqual(ids(ordered(all, sort, reverse, ranks())))
      }),
    )
  })

  it('takes names as the reader’s language does, also those that come later', () => {
    const names = ['Zebra', 'Ärmel', 'apple', 'Beetle 10', 'Beetle 9']
    const animals = names.map((name, i) => animal(i + 1, i + 1, `Genus ${'abcde'[i]}`, name))
    const german = new NameRanks(['de'])
    const entries = animals.map(({ id }) => entry({ animal: id }))
    const sorted = (count: number) =>
      ordered(factsOf(entries.slice(0, count), animals), 'name', false, german).map(({ name }) => name)
    expect(sorted(2)).toEqual(['Ärmel', 'Zebra'])
    expect(sorted(5)).toEqual(['apple', 'Ärmel', 'Beetle 9', 'Beetle 10', 'Zebra'])
  })
})
