import { noted } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'
import { nextBatch } from './batch.ts'
import { type BatchFault, Hunt } from './hunt.ts'
import type { StoredMutation } from './ports.ts'

const changes = (count: number): StoredMutation[] =>
  Array.from({ length: count }, (_, index) => ({ ...noted(index, 'x'), n: index + 1 }))

/** Sends until nothing is left or nothing changes; answers what was set aside, and in how many requests. */
function run(all: readonly StoredMutation[], fails: (n: number) => boolean, why: BatchFault = 'internal') {
  const hunt = new Hunt()
  const aside = new Set<number>()
  let unsent = [...all]
  let requests = 0
  for (; requests < 3_000 && unsent.length > 0; requests += 1) {
    const candidates = hunt.candidates(unsent)
    const batch = nextBatch(candidates, hunt.limit)
    const gone = new Set<number>()
    if (batch.some(({ n }) => fails(n))) {
      for (const n of hunt.failed(batch, why, candidates.length > batch.length).aside.keys()) gone.add(n)
    } else {
      for (const n of hunt.succeeded().keys()) gone.add(n)
      unsent = unsent.filter((change) => !batch.includes(change))
    }
    for (const n of gone) aside.add(n)
    unsent = unsent.filter(({ n }) => !gone.has(n))
  }
  return { aside: [...aside].sort((a, b) => a - b), left: unsent.length, requests }
}

test('E13 one change that always fails is found among five hundred and set aside; the others go', () => {
  const { aside, left, requests } = run(changes(500), (n) => n === 317)
  expect({ aside, left }).toEqual({ aside: [317], left: 0 })
  expect(requests).toBeLessThan(80)
})

test('E13 so are several, and two that are neighbours', () => {
  expect(run(changes(100), (n) => [3, 50, 51, 99].includes(n))).toMatchObject({ aside: [3, 50, 51, 99], left: 0 })
})

test('E13 the last one left is set aside when nothing else can be tried', () => {
  expect(run(changes(1), () => true)).toMatchObject({ aside: [1], left: 0, requests: 3 })
})

test('E13 a server that fails at everything makes nothing look impossible', () => {
  expect(run(changes(40), () => true)).toMatchObject({ aside: [], left: 40 })
})

test('E12 a request that is not understood for a reason other than a change sets none aside', () => {
  expect(run(changes(40), () => true, 'invalid_input')).toMatchObject({ aside: [], left: 40 })
})

test('E12 what is too large alone is set aside, however many there are', () => {
  expect(run(changes(8), () => true, 'too_large')).toMatchObject({ aside: [1, 2, 3, 4, 5, 6, 7, 8], left: 0 })
})

test.each(['too_large', 'invalid_input'] as const)('E12 %s takes one answer for each step', (why) => {
  const { aside, left, requests } = run(changes(64), (n) => n === 7, why)
  expect({ aside, left }).toEqual({ aside: [7], left: 0 })
  expect(requests).toBeLessThan(25)
})

test('E13 failures are counted for the same batch only', () => {
  const hunt = new Hunt()
  const [a, b] = [changes(4), changes(5)]
  expect(hunt.failed(a, 'internal', false).fresh).toBe(false)
  expect(hunt.failed(b, 'internal', false).fresh).toBe(false)
  expect(hunt.failed(a, 'internal', false).fresh).toBe(false)
  expect(hunt.failed(a, 'internal', false).fresh).toBe(false)
  expect(hunt.failed(a, 'internal', false).fresh).toBe(true)
  expect(hunt.limit).toBe(2)
})

test('E13 what rests on a suspect waits with it', () => {
  const hunt = new Hunt()
  const [first, second] = changes(2)
  if (!first || !second) throw new Error('two changes')
  const later = { ...first, n: 3 }
  for (let strike = 0; strike < 3; strike += 1) hunt.failed([first], 'internal', true)
  expect(hunt.candidates([first, second, later])).toEqual([second])
  expect([...hunt.succeeded()]).toEqual([[1, 'internal']])
})
