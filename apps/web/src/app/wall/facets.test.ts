import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classOf } from './animal-classes.ts'
import { countFacets, FACETS, type Facet, isEmpty, narrow, type Picks, toggled, valueOf } from './facets.ts'
import type { Facts } from './facts.ts'
import { animal, anyFacts, entry, factsOf, SOME_ANIMALS, uuid } from './test-facts.ts'

const anyPicks: fc.Arbitrary<Picks> = fc.record(
  {
    class: fc.subarray(['mammalia', 'aves', 'other', 'insecta']),
    year: fc.subarray(['2024', '2026', '1970']),
    outing: fc.subarray([uuid(900), uuid(901)]),
    visibility: fc.subarray(['private', 'friends', 'public']),
    favourite: fc.subarray(['yes']),
    uploaded: fc.subarray(['no']),
    animal: fc.subarray(['none']),
    captive: fc.subarray(['yes', 'no']),
  },
  { requiredKeys: [] },
)

/** The same question, asked entry by entry as one would explain it. */
function fits({ entry: one, animal: known, dateKey }: Facts, picks: Picks): boolean {
  const named = Boolean(one.animal ?? one.typedAnimal)
  const asked = (facet: Facet, answer: (value: string) => boolean) => {
    const values = picks[facet] ?? []
    return values.length === 0 || values.some(answer)
  }
  return (
    asked('class', (value) => named && (known?.ranks?.class?.toLowerCase() ?? 'other') === value) &&
    asked('year', (value) => dateKey.startsWith(value)) &&
    asked('outing', (value) => one.outing === value) &&
    asked('visibility', (value) => one.visibility === value) &&
    asked('favourite', () => one.favourite === true) &&
    asked('uploaded', () => one.pending || (one.images ?? []).some(({ state }) => state === 'waiting')) &&
    asked('animal', () => !named) &&
    asked('captive', (value) => (one.captive === true) === (value === 'yes'))
  )
}

describe('narrowing the wall', () => {
  it('asks all facets, any value of each, and keeps the order', () => {
    fc.assert(
      fc.property(anyFacts(), anyPicks, (all, picks) => {
        expect(narrow(all, picks)).toEqual(all.filter((facts) => fits(facts, picks)))
      }),
    )
  })

  it('counts for each value what choosing it alone in its facet would leave', () => {
    fc.assert(
      fc.property(anyFacts(), anyPicks, (all, picks) => {
        const counts = countFacets(all, picks)
        for (const facet of FACETS) {
          const values = new Set(all.flatMap((facts) => valueOf(facet, facts) ?? []))
          for (const value of values)
            expect(counts[facet].get(value) ?? 0).toBe(narrow(all, { ...picks, [facet]: [value] }).length)
        }
      }),
    )
  })

  it('adds a value and takes it away again', () => {
    const on = toggled({ class: ['aves'] }, 'class', 'mammalia')
    expect(on).toEqual({ class: ['aves', 'mammalia'] })
    expect(isEmpty(toggled(toggled(on, 'class', 'aves'), 'class', 'mammalia'))).toBe(true)
  })

  it('keeps an entry whose animal’s record has not arrived apart from one without an animal', () => {
    const [arriving, none] = factsOf([entry({ animal: uuid(99) }), entry()], [])
    expect(narrow([arriving, none] as Facts[], { animal: ['none'] })).toEqual([none])
  })
})

describe('the class of an animal', () => {
  it('is that of its ranks, by whatever name, its own where it is one, and otherwise other', () => {
    expect(classOf(SOME_ANIMALS[2])).toBe('aves')
    expect(classOf(animal(9, 9, 'Salmo trutta', 'Trout', { ranks: { class: 'Teleostei' } }))).toBe('actinopterygii')
    expect(classOf(animal(9, 9, 'Symphyla', 'Symphylans', { rank: 'class' }))).toBe('symphyla')
    expect(classOf(animal(9, 9, 'Nova nova'))).toBe('other')
    expect(classOf(undefined)).toBe('other')
  })
})
