import { expect, test } from 'vitest'
import { savedWork, WORK_FORMAT } from './saved-work.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const picture = { image: ID, entry: ID, sha256: 'ab'.repeat(32), size: 5, mediaType: 'image/jpeg', file: `photos/${ID}.jpg` }
const work = (more: object = {}) => ({
  format: WORK_FORMAT,
  version: 1,
  account: ID,
  username: 'mara',
  saved: '2026-11-22T10:00:00.000Z',
  changes: [],
  pictures: [],
  ...more,
})
const change = (more: object = {}) => ({
  n: 1,
  type: 'entry',
  id: ID,
  op: 'update',
  set: { note: { was: null, to: 'a' } },
  ...more,
})
const accepts = (value: unknown): boolean => savedWork.safeParse(value).success

test('takes what the outbox holds', () => {
  const { image, file: _, ...said } = picture
  const set = Object.fromEntries(Object.entries(said).map(([field, to]) => [field, { to }]))
  const changes = [
    change({ op: 'create' }),
    change({ type: 'image', id: image, op: 'create', set }),
    change({ set: { identifications: { add: [{ id: ID, at: 1, by: 'mara', text: 'beetle' }] } } }),
    change({ type: 'outing', op: 'create', set: { name: { to: 'By the lake' } } }),
    change({ type: 'setting', set: { displayName: { to: 'Mara' } } }),
    change({ type: 'conflict', op: 'delete', set: undefined }),
  ]
  expect(accepts(work({ changes, pictures: [picture] }))).toBe(true)
})

test.each<[string, unknown]>([
  ['another format', work({ format: 'zip' })],
  ['a later version', work({ version: 2 })],
  ['an unknown type', work({ changes: [change({ type: 'friendship' })] })],
  ['an unknown field', work({ changes: [change({ set: { mood: { to: 'x' } } })] })],
  ['a member that every object has', work({ changes: [change({ set: { constructor: { to: 'x' } } })] })],
  ['a note that is no text', work({ changes: [change({ set: { note: { to: { html: '<b>' } } } })] })],
  ['a place beyond the poles', work({ changes: [change({ set: { place: { to: { lat: 91, lon: 0 } } } })] })],
  ['a list where a value belongs', work({ changes: [change({ set: { note: { add: ['x'] } } })] })],
  ['a picture made of nothing', work({ changes: [change({ type: 'image', op: 'create', set: {} })] })],
  ['an id that is none', work({ changes: [change({ id: 'x' })] })],
  ['a file outside its folder', work({ pictures: [{ ...picture, file: '../../etc/passwd' }] })],
  ['a picture too large', work({ pictures: [{ ...picture, size: 10 ** 9 }] })],
  ['a picture of a kind that is none', work({ pictures: [{ ...picture, mediaType: 'image/svg+xml' }] })],
  ['nothing at all', null],
])('refuses %s', (_, value) => {
  expect(accepts(value)).toBe(false)
})
