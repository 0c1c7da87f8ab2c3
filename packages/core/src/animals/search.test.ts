import { expect, test } from 'vitest'
import type { AnimalItem } from './animal.ts'
import { commonName, mergeAnimal } from './animal.ts'
import { AnimalIndex, fold } from './search.ts'

const animal = (id: string, scientificName: string, en: string[], de: string[] = []): AnimalItem => ({
  type: 'animal',
  id,
  scientificName,
  names: { en, de },
  rev: 1,
})
const fox = animal('fox', 'Vulpes vulpes', ['Red fox', 'Fox'], ['Rotfuchs'])
const arctic = animal('arctic', 'Vulpes lagopus', ['Arctic fox'], ['Polarfuchs'])
const robin = animal('robin', 'Erithacus rubecula', ['European robin', 'Robin'], ['Rotkehlchen'])
const tit = animal('tit', 'Parus major', ['Great tit'], ['Kohlmeise'])
const horse = animal('horse', 'Equus przewalskii', ["Przewalski's horse"], ['Przewalskipferd'])
const all = [fox, arctic, robin, tit, horse]
const found = (typed: string, language = 'en') => new AnimalIndex(all, language).find(typed, 5).map((each) => each.id)

test('finds by usual, other and scientific name, in any case and accent', () => {
  expect(found('rob')).toEqual(['robin'])
  expect(found('ERITH')).toEqual(['robin'])
  expect(found('przewalskis')).toEqual(['horse'])
  expect(found('vulpes')).toEqual(['fox', 'arctic'])
  expect(found('major')).toEqual(['tit'])
  expect(found('')).toEqual([])
  expect(found('zebra')).toEqual([])
})

test('finds by names of another language, and ranks the reader’s own language first', () => {
  expect(found('rot')).toEqual(['fox', 'robin'])
  expect(found('fuchs', 'de')).toEqual(['fox', 'arctic'])
  expect(found('chs', 'de')).toEqual([])
  expect(found('polarf', 'de')).toEqual(['arctic'])
})

test('among equals the one met more often comes first', () => {
  const index = new AnimalIndex(all, 'en')
  expect(index.find('vulp', 2, (id) => (id === 'arctic' ? 3 : 0)).map((each) => each.id)).toEqual(['arctic', 'fox'])
})

test('a name says last what the animal is: whole words before beginnings, and the animal itself before what it feeds', () => {
  const moth = animal('moth', 'Macrothylacia rubi', ['Fox moth'])
  const rabbitfish = animal('fish', 'Siganus vulpinus', ['Foxface rabbitfish'])
  const thresher = animal('shark', 'Alopias vulpinus', ['Common thresher', 'Fox shark'])
  const index = new AnimalIndex([moth, rabbitfish, thresher, arctic, fox], 'en')
  expect(index.find('fox', 9).map(({ id }) => id)).toEqual(['fox', 'arctic', 'moth', 'shark', 'fish'])
})

test('letters that are no accents are folded too', () => {
  expect(['Łoś', 'Ørret', 'Æsping', 'Straße', 'plain'].map(fold)).toEqual(['los', 'orret', 'aesping', 'strasse', 'plain'])
})

test('a known number is never unlearned, and the newer record wins', () => {
  const numbered = { ...fox, number: 7 }
  const renamed = { ...fox, rev: 2, scientificName: 'Vulpes nova' }
  expect(mergeAnimal(numbered, renamed)).toEqual({ ...renamed, number: 7 })
  expect(mergeAnimal(renamed, numbered)).toEqual({ ...renamed, number: 7 })
  expect(mergeAnimal(undefined, fox)).toBe(fox)
  expect(mergeAnimal(undefined, undefined)).toBeUndefined()
})

test('the common name falls back to English, then to any', () => {
  expect(commonName(fox, 'de')).toBe('Rotfuchs')
  expect(commonName(fox, 'fr')).toBe('Red fox')
  expect(commonName({ ...fox, names: { fr: ['Renard'] } }, 'de')).toBe('Renard')
  expect(commonName({ ...fox, names: undefined }, 'de')).toBeUndefined()
})
