import { id } from '@biologidex/test-kit/contracts/samples'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Tally } from './tally.ts'

type Step = { readonly kind: 'put' | 'remove' | 'look' | 'write'; readonly n: number; readonly at: string | undefined }

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('put' as const, 'put' as const, 'remove' as const, 'look' as const, 'write' as const),
    n: fc.integer({ min: 0, max: 6 }),
    at: fc.constantFrom(undefined, '2025', '2025-06', '2026-01-02', '2026-01-02T10:00'),
  }),
  { maxLength: 30 },
)

/** The same, by keeping everything. */
class Model {
  readonly entries = new Map<string, string | undefined>()
  news = new Set<string>()
  looked = false

  take({ kind, n, at }: Step): void {
    if (kind === 'put') {
      this.entries.set(id(n), at)
      this.news.add(id(n))
    } else if (kind === 'remove') {
      this.entries.delete(id(n))
      this.news.delete(id(n))
    } else if (kind === 'look') {
      this.looked = true
      this.news = new Set()
    }
  }

  get latest(): string | undefined {
    return [...this.entries.values()]
      .filter((at) => at !== undefined)
      .sort()
      .at(-1)
  }
}

function carryOut(tally: Tally, { kind, n, at }: Step): Tally {
  if (kind === 'put') tally.put(id(n), at)
  else if (kind === 'remove') tally.remove(id(n))
  else if (kind === 'look') tally.look()
  else return Tally.read(tally.text('here'))?.tally ?? new Tally()
  return tally
}

test('E49 whatever comes and goes, a count says what counting all would, or that it is not sure of the latest', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Model()
      let tally = new Tally()
      let wasSure = true
      for (const step of all) {
        model.take(step)
        // What is not sure is counted anew before it is kept (counts.ts).
        if (step.kind !== 'write' || wasSure) tally = carryOut(tally, step)
        const { entries, news, latest, uncertain } = tally.summary
        wasSure = uncertain === undefined
        expect(entries).toBe(model.entries.size)
        expect(news).toBe(model.looked ? model.news.size : model.entries.size)
        if (!uncertain) expect(latest).toBe(model.latest)
      }
    }),
  )
})

test('E49 what follows an older count takes over what was new in it, and what it did not have is new', () => {
  const old = new Tally()
  for (const n of [1, 2, 3]) old.put(id(n), undefined)
  old.look()
  old.put(id(2), undefined)
  const fresh = new Tally()
  for (const n of [2, 3, 4]) fresh.put(id(n), undefined)
  fresh.follow(old)
  expect(fresh.summary).toEqual({ entries: 3, news: 2 })
})

test.each(['', 'a\nb', 'one\ntwo\nthree\nfour\nfive\nsix'])('a text that is none is none: %j', (text) => {
  expect(Tally.read(text)).toBeUndefined()
})
