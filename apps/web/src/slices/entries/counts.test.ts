import { expect, it } from 'vitest'
import { stepCount } from './counts.ts'

it.each([
  ['', 1, '1'],
  ['1', 1, '2'],
  ['2', -1, '1'],
  ['1', -1, ''],
  ['', -1, ''],
  ['1000000', 1, '1000000'],
  ['two', 1, 'two'],
] as const)('counts on from %j by %d to %j', (text, by, next) => {
  expect(stepCount(text, by)).toBe(next)
})
