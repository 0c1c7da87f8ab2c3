import { LINES } from '@biologidex/core/sync/wire'
import { pieces } from '@biologidex/test-kit/fake-transport'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Line } from './lines.ts'
import { isKnownItem, keyOf, readLines } from './lines.ts'
import { NetworkFailure, type TransportResponse } from './ports.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const response = (body: AsyncIterable<Uint8Array>, type = LINES): TransportResponse => ({
  status: 200,
  header: (name) => (name === 'content-type' ? type : undefined),
  body,
})

/** What a reader gets, and how it ended. */
async function read(from: TransportResponse, longest?: number): Promise<{ lines: Line[]; error: unknown }> {
  const lines: Line[] = []
  try {
    for await (const line of readLines(from, longest)) lines.push(line)
    return { lines, error: undefined }
  } catch (error) {
    return { lines, error }
  }
}

const readText = (text: string, longest?: number) => read(response(pieces(text, 1_000)), longest)

const chunk = (items: unknown[], more: object = {}) =>
  `${JSON.stringify({ chunk: { feed: 'dex/a', cursor: 'c', seq: 1, items: items.length, ...more } })}\n${JSON.stringify(items)}\n`
const HELLO = `${JSON.stringify({ hello: { account: 'a', feeds: [{ feed: 'dex/a', mode: 'changes', total: 2 }] } })}\n`
const END = '{"end":{"digest":"d"}}\n'
const ANSWER = `${HELLO}${chunk([{ type: 'entry', id: 'ä€🦊' }])}${chunk([])}${END}`

test('E32 an answer is the same however its bytes are split', async () => {
  const whole = (await readText(ANSWER)).lines
  expect(whole.map((line) => line.kind)).toEqual(['hello', 'chunk', 'chunk', 'end'])
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(encode(ANSWER).length), { maxLength: 12 }), async (cuts) => {
      const bytes = encode(ANSWER)
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      async function* split() {
        for (let i = 1; i < at.length; i += 1) yield bytes.subarray(at[i - 1], at[i])
      }
      expect(await read(response(split()))).toEqual({ lines: whole, error: undefined })
    }),
  )
})

test('E32 cut anywhere, it gives the lines that were whole and says that it was cut', async () => {
  const whole = (await readText(ANSWER)).lines
  const bytes = encode(ANSWER)
  for (let cut = 0; cut < bytes.length; cut += 1) {
    const quiet = await read(response(pieces(bytes.subarray(0, cut), 7)))
    const loud = await read(response(pieces(bytes, 7, cut)))
    expect(quiet.error).toBeInstanceOf(NetworkFailure)
    expect(loud.error).toBeInstanceOf(NetworkFailure)
    expect(quiet.lines).toEqual(whole.slice(0, quiet.lines.length))
    expect(loud.lines).toEqual(quiet.lines)
  }
})

test('the text of a chunk is the line as it came', async () => {
  const items = '[ {"type":"entry",  "id":"1","later":{"b":1,"a":2}} ]'
  const text = `{"chunk":{"feed":"f","cursor":"c","seq":1,"items":1}}\n${items}\n${END}`
  expect((await readText(text)).lines[0]).toMatchObject({ kind: 'chunk', text: items, items: [{ id: '1' }] })
})

test('what follows the end is not read', async () => {
  expect((await readText(`${END}<html>`)).error).toBeUndefined()
  expect((await readText('{"unchanged":true}\nmore')).lines).toEqual([{ kind: 'unchanged' }])
})

test.each([
  ['a page', '<html><body>Sign in to the hotel</body></html>'],
  ['a page of lines', '<html>\n<body>\n'],
  ['JSON of somebody else', '{"status":"ok"}\n'],
  ['an array', '[]\n'],
  ['a text', '"x"\n'],
  ['nothing', ''],
  ['an empty line', '\n'],
  ['a hello that is none', '{"hello":{"account":1,"feeds":[]}}\n'],
  ['a hello with a mode nobody knows', '{"hello":{"account":"a","feeds":[{"feed":"f","mode":"maybe","total":1}]}}\n'],
  ['results that are none', '{"results":[{"n":1,"status":"perhaps"}]}\n'],
  ['rejected without a reason', '{"results":[{"n":1,"status":"rejected"}]}\n'],
  ['results of no number', '{"results":[{"n":-1,"status":"done"}]}\n'],
  ['a seq that is none', '{"results":[{"n":1,"status":"done","seq":"1"}]}\n'],
  ['an end without digest', '{"end":{}}\n'],
  ['a chunk without items', `{"chunk":{"feed":"f","cursor":"c","seq":1,"items":1}}\n${END}`],
])('E31 %s is no answer', async (_, text) => {
  const { lines, error } = await readText(text)
  expect(error).toBeInstanceOf(NetworkFailure)
  expect(lines).toEqual([])
})

test('E31 a page with 200, another content type, or none, is no answer', async () => {
  for (const type of ['text/html', 'application/json', '']) {
    expect((await read(response(pieces(ANSWER, 100), type))).error).toBeInstanceOf(NetworkFailure)
  }
  const bare: TransportResponse = { status: 200, header: () => undefined, body: pieces(ANSWER, 100) }
  expect((await read(bare)).error).toBeInstanceOf(NetworkFailure)
  expect((await read(response(pieces(ANSWER, 100), `${LINES}; charset=utf-8`))).error).toBeUndefined()
})

test('E31 bytes that are no text are no answer', async () => {
  const { error } = await read(response(pieces(new Uint8Array([0x7b, 0xff, 0xfe, 10]), 2)))
  expect(error).toBeInstanceOf(NetworkFailure)
})

test('P7 a line without end is given up, not gathered', async () => {
  let taken = 0
  async function* endless() {
    for (;;) {
      taken += 1
      yield encode('{"chunk":"'.padEnd(1_000, 'x'))
    }
  }
  expect((await read(response(endless()), 10_000)).error).toBeInstanceOf(NetworkFailure)
  expect(taken).toBeLessThan(15)
})

test.each([
  ['fewer items than said', chunk([1], { items: 2 }), 'dex/a'],
  ['no array', '{"chunk":{"feed":"dex/a","cursor":"c","seq":1,"items":1}}\n[}\n', 'dex/a'],
  ['no cursor', chunk([], { cursor: '' }), 'dex/a'],
  ['a cursor that is none', chunk([], { cursor: 5 }), 'dex/a'],
  ['no position', chunk([], { seq: -1 }), 'dex/a'],
  ['removals that are no keys', chunk([], { removed: [1] }), 'dex/a'],
  ['animals that are none', chunk([], { animals: [{ id: 'x' }] }), 'dex/a'],
  ['animals in no list', chunk([], { animals: {} }), 'dex/a'],
  ['half whole', chunk([], { whole: false }), 'dex/a'],
  ['no feed', chunk([], { feed: 1 }), ''],
  ['nothing at all', '{"chunk":null}\n[]\n', ''],
])('E33 a chunk with %s is told apart, and the next one is read', async (_, bad, feed) => {
  const { lines, error } = await readText(`${bad}${chunk([])}${END}`)
  expect(error).toBeUndefined()
  expect(lines.map((line) => line.kind)).toEqual(['bad_chunk', 'chunk', 'end'])
  expect(lines[0]).toEqual({ kind: 'bad_chunk', feed })
})

test('E34 items are known by their kind', () => {
  expect(isKnownItem({ type: 'entry', id: 'x' })).toBe(true)
  for (const item of [null, [], 'entry', { type: 'entry' }, { id: 'x' }, { type: 'page', id: 'x' }]) {
    expect(isKnownItem(item)).toBe(false)
  }
  expect(keyOf({ type: 'page', id: 'x' })).toBe('page/x')
  expect(keyOf({ type: 'page' })).toBeUndefined()
})
