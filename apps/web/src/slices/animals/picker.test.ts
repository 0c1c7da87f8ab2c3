import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { describe, expect, it } from 'vitest'
import { namesOf, refOf } from './choice.ts'
import { Picker, pickable } from './picker.ts'
import { keptAnimals } from './recents.ts'

const animal = (id: string, scientificName: string, names?: string[], more: Partial<AnimalItem> = {}): AnimalItem => ({
  type: 'animal',
  id,
  scientificName,
  ...(names ? { names: { en: names } } : {}),
  rev: 1,
  ...more,
})
const FOX = animal('fox', 'Vulpes vulpes', ['Red fox', 'Fox'])
const WREN = animal('wren', 'Troglodytes troglodytes', ['Wren'], { synonyms: ['Nannus troglodytes'] })
const known = new Map([FOX, WREN].map((item) => [item.id, item]))
const find = (id: string) => known.get(id)
const entry = (id: string, created: number, more: Partial<EntryOnScreen>): EntryOnScreen => ({
  type: 'entry',
  id,
  publicId: id,
  visibility: 'friends',
  created,
  updated: created,
  pending: false,
  ...more,
})

describe('Picker', () => {
  const picker = new Picker([FOX, WREN], 'en')
  it('finds by common and scientific name, and adds nothing new under a known one', () => {
    expect(picker.offer('red FOX', 5)).toEqual({ found: [FOX] })
    expect(picker.offer(' vulpes  vulpes ', 5)).toEqual({ found: [FOX] })
    expect(picker.offer('Nannus troglodytes', 5).typed).toBeUndefined()
  })
  it('offers an unknown name as a new animal or as a name for now', () => {
    expect(picker.offer('vulpes lagopus (Linnaeus, 1758)', 5)).toEqual({
      found: [],
      typed: { kind: 'typed', scientificName: 'Vulpes lagopus' },
      text: { kind: 'text', text: 'vulpes lagopus (Linnaeus, 1758)' },
    })
  })
  it('keeps as a name what cannot be a scientific one', () => {
    expect(picker.offer('7-spotted thing', 5)).toEqual({ found: [], text: { kind: 'text', text: '7-spotted thing' } })
  })
  it('still offers the text while only a part of a name is found', () => {
    expect(picker.offer('wre', 5)).toMatchObject({ found: [WREN], text: { text: 'wre' } })
  })
  it('offers nothing for nothing, and no more than the wire takes', () => {
    expect(picker.offer('   ', 5)).toEqual({ found: [] })
    expect(picker.offer('9'.repeat(500), 5).text?.text).toHaveLength(200)
  })
})

it('lets one pick an animal of one’s own that the catalogue does not show', () => {
  const all = pickable(new Map([['wren', WREN]]), [entry('a', 1, { animal: 'fox' }), entry('b', 1, {})], find)
  expect(all.map(({ id }) => id)).toEqual(['wren', 'fox'])
})

it('lets one find an animal that the catalogue has no name for by what one called it oneself', () => {
  const shy = animal('shy', 'Unheard ofus', ['Shy one'])
  const catalogue = new Map([FOX, { ...shy, names: {} }].map((item) => [item.id, item]))
  const called = { ...FOX, names: { en: ['Rusty'] } }
  const own = (id: string) => (id === 'shy' ? shy : called)
  const all = pickable(catalogue, [entry('a', 1, { animal: 'shy' }), entry('b', 1, { animal: 'fox' })], own)
  expect(all).toEqual([FOX, shy])
})

describe('keptAnimals', () => {
  const entries = [
    entry('a', 1, { animal: 'fox' }),
    entry('b', 3, { animal: 'wren' }),
    entry('c', 5, { animal: 'fox' }),
    entry('d', 4, { typedAnimal: { scientificName: 'Vulpes lagopus' } }),
    entry('e', 9, {}),
    entry('f', 8, { animal: 'not here yet' }),
  ]
  it('gives each animal once, the latest first, those still on their way too', () => {
    const kept = [...keptAnimals(entries, find)]
    expect(kept.map(([key, { latest, times }]) => `${key} ${latest.id} ${times}`)).toEqual([
      'animal/fox c 2',
      'typed/vulpes lagopus d 1',
      'animal/wren b 1',
    ])
  })
  it('does not depend on the order of entries', () => {
    expect([...keptAnimals(entries.toReversed(), find).keys()]).toEqual([...keptAnimals(entries, find).keys()])
  })
})

describe('choices', () => {
  it('shows a name and the Latin beside it', () => {
    expect(namesOf({ kind: 'known', animal: FOX }, 'de')).toEqual({ name: 'Red fox', latin: 'Vulpes vulpes' })
    expect(namesOf({ kind: 'typed', scientificName: 'Vulpes lagopus' }, 'en')).toEqual({ latin: 'Vulpes lagopus' })
    expect(namesOf({ kind: 'unsure' }, 'en')).toEqual({})
  })
  it('names no animal where there is none', () => {
    expect([refOf({ kind: 'unsure' }, 'en'), refOf({ kind: 'text', text: 'bird' }, 'en')]).toEqual([null, null])
    expect(refOf({ kind: 'typed', scientificName: 'A b', commonName: ' ' }, 'en')).toEqual({ scientificName: 'A b' })
  })
})
