import type { AnimalItem } from '@biologidex/core/animals/animal'
import { expect, test } from 'vitest'
import { categoryOf } from './category.ts'

const animal = (scientificName: string, category?: 'EN' | 'LC'): AnimalItem => ({
  ...{ type: 'animal', id: scientificName, scientificName, rev: 1 },
  ...(category ? { iucn: { category, source: 'a red list', date: '2025' } } : {}),
})
const catalogue = new Map([animal('Panthera tigris', 'EN'), animal('Vulpes vulpes', 'LC')].map((one) => [one.id, one]))

test.each([
  ['its own', { animal: animal('Vulpes vulpes', 'LC'), latin: 'Vulpes vulpes' }, 'LC'],
  ['that of its species', { animal: animal('Panthera tigris altaica'), latin: 'Panthera tigris altaica' }, 'EN'],
  [
    'its own before that of its species',
    { animal: animal('Panthera tigris altaica', 'LC'), latin: 'Panthera tigris altaica' },
    'LC',
  ],
  ['that of a name on its way up', { latin: 'panthera tigris' }, 'EN'],
  ['that of a part of a species on its way up', { latin: 'Panthera tigris altaica' }, 'EN'],
  ['none for what nobody knows', { animal: animal('Panthera'), latin: 'Panthera' }, undefined],
  ['none without a name', {}, undefined],
])('the category that others’ sight goes by is %s', (_which, naming, category) => {
  expect(categoryOf(naming, catalogue)).toBe(category)
})
