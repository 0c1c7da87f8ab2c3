import type { Revision } from '@biologidex/core/entries/entry'
import type { Mutation } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { expect, test } from 'vitest'
import { removedPictures } from './removed-pictures.ts'

const DAY = 86_400_000
const NOW = 100 * DAY
const entryWith = (...ids: string[]): EntryOnScreen => ({
  ...{ type: 'entry', id: 'e', publicId: 'e', visibility: 'private', created: 1, updated: 1, pending: false },
  images: ids.map((id) => ({ id, state: 'ready' as const })),
})
let n = 0
const went = (id: string, at: number): Revision => revision(`image/${id}`, 'sum', null, at)
const came = (id: string, at: number): Revision => revision(`image/${id}`, null, 'sum', at)
function revision(field: string, was: string | null, to: string | null, at: number): Revision {
  n += 1
  return { n, at, device: 'phone', changes: [{ field, was, to }] }
}
const pending = (id: string, op: Mutation['op']): Mutation => ({ n: 1, type: 'image', id, op, at: NOW - 1 })
const ids = (...given: Parameters<typeof removedPictures>) => removedPictures(...given).map(({ id }) => id)

test('what the history says was removed last is listed, the latest first; what came back is not', () => {
  const history = [went('b', NOW - DAY), came('a', NOW - 2 * DAY), went('a', NOW - 3 * DAY), went('c', NOW - 4 * DAY)]
  expect(ids(entryWith('a', 'd'), [], history, NOW)).toEqual(['b', 'c'])
})

test('what is removed or brought back on this device alone counts already', () => {
  const history = [went('b', NOW - DAY)]
  expect(ids(entryWith(), [pending('c', 'delete')], history, NOW)).toEqual(['c', 'b'])
  expect(ids(entryWith(), [pending('b', 'restore')], history, NOW)).toEqual([])
  expect(ids(entryWith('c'), [pending('c', 'delete'), pending('c', 'restore')], [], NOW)).toEqual([])
})

test('after 30 days a picture is gone, and a description taken away is no picture', () => {
  const history = [revision('image/x/alt', 'a wren', null, NOW), went('old', NOW - 31 * DAY), went('young', NOW - 29 * DAY)]
  expect(ids(entryWith(), [], history, NOW)).toEqual(['young'])
})
