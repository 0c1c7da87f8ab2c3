import { expect, test } from 'vitest'
import { nameKey, scientificName } from './names.ts'

test.each([
  ['Alces alces', 'Alces alces'],
  ['  alces   alces ', 'Alces alces'],
  ['ALCES ALCES', 'Alces alces'],
  ['Alces Alces', 'Alces alces'],
  ['ALCES ALCES (Linnaeus, 1758)', 'Alces alces'],
  ['Alces alces (Linnaeus, 1758)', 'Alces alces'],
  ['Alces alces Linnaeus', 'Alces alces'],
  ['Passer (Passer) domesticus', 'Passer domesticus'],
  ['Motacilla alba subsp. yarrellii', 'Motacilla alba yarrellii'],
  ['Canis lupus familiaris', 'Canis lupus familiaris'],
  ['Polygonia c-album', 'Polygonia c-album'],
  ['Bombus', 'Bombus'],
])('%s is written %s', (typed, written) => {
  expect(scientificName(typed)).toBe(written)
  expect(nameKey(typed)).toBe(written.toLowerCase())
})

test.each(['', '   ', '42', '<script>', '?', 'a'])('%j is no scientific name', (typed) => {
  expect(scientificName(typed)).toBeUndefined()
})
