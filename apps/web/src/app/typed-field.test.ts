import { expect, it } from 'vitest'
import { isForWords } from './typed-field.ts'

const field = (type: string, autocomplete = 'off', within?: string) =>
  isForWords({ type, autocomplete, closest: (selector) => (selector === within ? {} : null) })

it('takes what is written into any field of a form', () => {
  for (const type of ['text', 'textarea', 'search', 'date', 'time', 'number']) expect(field(type), type).toBe(true)
  expect(field('text', 'nickname')).toBe(true)
})

it('takes no password, nor one that is shown as text', () => {
  expect(field('password')).toBe(false)
  for (const autocomplete of ['current-password', 'new-password']) expect(field('text', autocomplete)).toBe(false)
})

it('takes nothing that is ticked or chosen, and no search on the wall', () => {
  for (const type of ['checkbox', 'radio', 'file']) expect(field(type), type).toBe(false)
  expect(field('search', 'off', 'search')).toBe(false)
})
