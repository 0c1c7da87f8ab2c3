import fc from 'fast-check'
import { expect, test } from 'vitest'
import { salvage } from './salvage.ts'

const record = (n: number) => ({
  creation_index: n,
  scientific_name: `Genus species${'abcdefghij'[n % 10]}`,
  common_name: n % 3 === 0 ? `Odd "one" {${n}} \\ ${n}` : `Animal ${n}`,
  dex_compatible_url: `https://old.example/media/${n}.png`,
})
const file = (count: number, indent?: string): string =>
  JSON.stringify(
    {
      version: '2.0',
      user_id: 'someone',
      records: Object.fromEntries(Array.from({ length: count }, (_, n) => [n, record(n)])),
    },
    undefined,
    indent,
  )
const whole = (text: string) => [...salvage(text)].filter((one) => 'value' in one)
const spans = (text: string, count: number): [number, number][] =>
  Array.from({ length: count }, (_, n) => {
    const start = text.indexOf('{', text.indexOf(`"${n}":`))
    const inner = JSON.stringify(`https://old.example/media/${n}.png`)
    return [start, text.indexOf('}', text.indexOf(inner) + inner.length) + 1]
  })

test('of a whole file every record is found, with its key', () => {
  for (const indent of [undefined, '\t'])
    expect([...salvage(file(12, indent))]).toEqual(Array.from({ length: 12 }, (_, n) => ({ key: String(n), value: record(n) })))
})

test('a file that ends early gives every record before its end, and says of one that it was cut', () => {
  const text = file(6)
  const places = spans(text, 6)
  for (let end = 0; end <= text.length; end += 7) {
    const found = whole(text.slice(0, end))
    expect(found).toHaveLength(places.filter(([, to]) => to <= end).length)
  }
  const [from, to] = places[3] ?? [0, 0]
  expect([...salvage(text.slice(0, (from + to) / 2))].at(-1)).toEqual({ key: '3' })
})

test('damage costs the records that it is in, and no other', () => {
  for (const indent of [undefined, '  ']) {
    const text = file(8, indent)
    const places = spans(text, 8)
    const junk = fc.oneof(fc.constantFrom('', '{', '}', '"', '\\', '[', ':', ',', '\n', '\ufffd'), fc.string({ maxLength: 5 }))
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 40 }), junk, (at, length, put) => {
        const damaged = text.slice(0, at) + put + text.slice(at + length)
        const hit = places.map(([from, to]) => from < at + length && at < to)
        const found = new Set(whole(damaged).map(({ value }) => JSON.stringify(value)))
        for (const [n, isHit] of hit.entries()) if (!isHit) expect(found).toContain(JSON.stringify(record(n)))
      }),
      { numRuns: 400 },
    )
  }
})

test('what was made to take long does not', () => {
  for (const text of [
    `{"scientific_name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    '{'.repeat(300_000),
    '{"'.repeat(150_000),
    '{"a":'.repeat(80_000),
    '{"\\'.repeat(100_000),
    '"{}'.repeat(100_000),
  ])
    expect(whole(text)).toEqual([])
})
