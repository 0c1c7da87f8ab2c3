import { expect, test } from 'vitest'
import { calledAs, namesTyped } from './called.ts'

const shy = { type: 'animal' as const, id: 'shy', scientificName: 'Unheard ofus', rev: 1 }
const entry = (id: string, animal: string | undefined, name: string | undefined, created = 1) => ({
  id,
  created,
  ...(animal ? { animal } : {}),
  ...(name ? { called: { en: [name] } } : {}),
})

test('an animal without a name is called what the latest entry of it calls it', () => {
  const entries = [
    entry('a', 'shy', 'first', 1),
    entry('b', 'shy', 'second', 3),
    entry('c', 'shy', undefined, 9),
    entry('d', undefined, 'x', 9),
  ]
  for (const some of [entries, entries.toReversed()]) {
    expect(calledAs(shy, () => namesTyped(some))).toEqual({ ...shy, names: { en: ['second'] } })
  }
  expect(calledAs({ ...shy, names: {} }, () => namesTyped(entries))?.names).toEqual({ en: ['second'] })
  expect(calledAs(shy, () => namesTyped([entry('a', 'other', 'x')]))).toBe(shy)
})

test('of entries whose times are not told, or are one, it is the same one in any order', () => {
  const untold = ['a', 'b', 'c'].map((id) => ({ id, animal: 'shy', called: { en: [id] } }))
  for (const some of [untold, untold.toReversed(), [...untold.slice(1), ...untold.slice(0, 1)]]) {
    expect(namesTyped(some).get('shy')).toEqual({ en: ['c'] })
  }
})

test('a name of the catalogue’s stands, and nothing is looked for then', () => {
  const fox = { ...shy, names: { de: ['Fuchs'] } }
  const never = () => {
    throw new Error('looked for')
  }
  expect(calledAs(fox, never)).toBe(fox)
  expect(calledAs(undefined, never)).toBeUndefined()
})
