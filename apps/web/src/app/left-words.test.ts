import { memoryBlobs } from '@biologidex/client/adapters/memory'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { InBox } from './draft-box.ts'
import { forgetLeftWords, type LeftWord, leaveWords, readLeftWords } from './left-words.ts'

const asks = new Set<unknown>()
const word = (text: string): LeftWord => ({ page: 'Wren', form: 'Change this entry', field: 'Note', text })
const NOWHERE = Promise.resolve(undefined)

/** A box of drafts that outlives whoever opens it. */
function boxOf() {
  const box = memoryBlobs()
  const way: InBox = (work) => work(box)
  return { box, way: Promise.resolve(way) }
}

const textsOf = async (...args: Parameters<typeof readLeftWords>) =>
  (await readLeftWords(...args))?.words.map(({ text }) => text)

beforeEach(() => {
  vi.stubGlobal('addEventListener', (_: string, listener: unknown) => asks.add(listener))
  vi.stubGlobal('removeEventListener', (_: string, listener: unknown) => asks.delete(listener))
})
afterEach(() => {
  forgetLeftWords()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('seals what was typed, and keeps none of it in memory then', async () => {
  const { box, way } = boxOf()
  leaveWords('mara', [word('a')], way)
  expect(asks.size).toBe(1)
  expect(await textsOf('mara', way)).toEqual(['a'])
  expect(await box.keys()).toEqual([expect.stringMatching(/^left\//)])
  expect(asks.size).toBe(0)
  expect(await readLeftWords('mara', NOWHERE)).toBeUndefined()
})

it('gives what several tabs and sessions left in the order of its time, until it is dropped', async () => {
  const { box, way } = boxOf()
  const now = vi.spyOn(Date, 'now')
  for (const at of [3, 1, 2]) {
    now.mockReturnValue(at)
    leaveWords('mara', [word(String(at))], way)
    await readLeftWords('mara', way)
  }
  await box.put('capture/words', Uint8Array.of(1))
  const left = await readLeftWords('mara', way)
  expect(left?.words.map(({ text }) => text)).toEqual(['1', '2', '3'])
  await left?.drop()
  expect(await box.keys()).toEqual(['capture/words'])
  expect(await readLeftWords('mara', way)).toBeUndefined()
})

it('remembers what cannot be sealed: the browser asks before the page goes, and nobody else is given it', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const full: InBox = () => Promise.reject(new Error('The device is full.'))
  leaveWords('mara', [word('a')], NOWHERE)
  leaveWords('mara', [word('b')], Promise.resolve(full))
  expect(await readLeftWords('jonas', NOWHERE)).toBeUndefined()
  expect(await textsOf('mara', NOWHERE)).toEqual(['a', 'b'])
  expect(asks.size).toBe(1)
  forgetLeftWords()
  expect(await readLeftWords('mara', NOWHERE)).toBeUndefined()
  expect(asks.size).toBe(0)
})

it('gives what can be read beside what cannot', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const { box, way } = boxOf()
  leaveWords('mara', [word('a')], way)
  await readLeftWords('mara', way)
  await box.put('left/damaged', Uint8Array.of(1))
  const get = box.get.bind(box)
  vi.spyOn(box, 'get').mockImplementation((key) =>
    key === 'left/damaged' ? Promise.reject(new Error('It does not open.')) : get(key),
  )
  expect(await textsOf('mara', way)).toEqual(['a'])
})
