import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import fc from 'fast-check'
import { FactBook, type Facts } from './facts.ts'

// Entries and animals for the tests of the wall.

export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export const animal = (
  id: number,
  number: number | undefined,
  latin: string,
  common?: string,
  more: Partial<AnimalItem> = {},
): AnimalItem => ({
  type: 'animal',
  id: uuid(id),
  ...(number === undefined ? {} : { number }),
  scientificName: latin,
  ...(common ? { names: { en: [common], de: [`de ${common}`] } } : {}),
  rev: 1,
  ...more,
})

let made = 0
export const entry = (parts: Partial<EntryOnScreen> = {}): EntryOnScreen => {
  made += 1
  const id = uuid(1000 + made)
  return { type: 'entry', id, publicId: id, visibility: 'friends', created: made, updated: made, pending: false, ...parts }
}

const book = new FactBook('en')
export function factsOf(entries: readonly EntryOnScreen[], animals: readonly AnimalItem[]): readonly Facts[] {
  const byId = new Map(animals.map((one) => [one.id, one]))
  return book.of({ entries: new Map(entries.map((one) => [one.id, one])), animal: (id) => byId.get(id) })
}

export const SOME_ANIMALS = [
  animal(1, 42, 'Alces alces', 'Moose', { ranks: { class: 'Mammalia' } }),
  animal(2, 44, 'Vulpes vulpes', 'Red fox', { ranks: { class: 'Mammalia' } }),
  animal(3, 50, 'Asio otus', 'Long-eared owl', { ranks: { class: 'Aves' } }),
  animal(4, undefined, 'Triturus cristatus', undefined, { ranks: { class: 'Amphibia' } }),
  animal(5, 7, 'Ignota ignota', 'Éclair beetle'),
]

/** Entries of every kind that the wall tells apart, as facts. */
export const anyFacts = (maxLength = 25): fc.Arbitrary<readonly Facts[]> => {
  const one = fc.record(
    {
      animal: fc.constantFrom(...SOME_ANIMALS.map(({ id }) => id)),
      typedAnimal: fc.constantFrom({ scientificName: 'alces alces' }, { scientificName: 'Nova nova', commonName: 'New one' }),
      observed: fc.constantFrom({ at: '2024' }, { at: '2026-09' }, { at: '2026-09-14' }, { at: '2026-09-14T07:10' }),
      visibility: fc.constantFrom('private', 'friends', 'public'),
      favourite: fc.constant(true),
      captive: fc.constant(true),
      outing: fc.constantFrom(uuid(900), uuid(901)),
      pending: fc.boolean(),
      images: fc.constantFrom([{ id: uuid(5), state: 'waiting' }], [{ id: uuid(6), state: 'ready' }]),
      created: fc.nat(3),
      updated: fc.nat(3),
      note: fc.constantFrom('By the pond', 'Café, très loin', '42 of them'),
      place: fc.constantFrom({ lat: 1, lon: 1, name: 'Ålesund harbour' }),
    } satisfies { [K in keyof EntryOnScreen]?: fc.Arbitrary<unknown> },
    { requiredKeys: [] },
  )
  return fc.array(one, { maxLength }).map((all) =>
    factsOf(
      // As on the wire: an entry has an animal or a typed one, never both.
      all.map(({ typedAnimal, ...parts }) =>
        entry({ ...parts, ...(parts.animal || !typedAnimal ? {} : { typedAnimal }) } as Partial<EntryOnScreen>),
      ),
      SOME_ANIMALS,
    ),
  )
}
