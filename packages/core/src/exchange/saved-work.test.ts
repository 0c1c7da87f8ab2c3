import { expect, test } from 'vitest'
import { MUTATION_TYPES, type Mutation, type MutationType } from '../sync/mutation.ts'
import { soundWork, WORK_FORMAT } from './saved-work.ts'

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
const said = Object.entries(picture).filter(([field]) => field !== 'image' && field !== 'file')
const image = Object.fromEntries(said.map(([field, to]) => [field, { to }]))

/** What each type of change can be; a new type has to say it here, and in `FIELDS`. */
const EVERY: Readonly<Record<MutationType, readonly object[]>> = {
  entry: [
    { op: 'create', set: { note: { to: 'a' }, visibility: { to: 'friends' } } },
    { set: { note: { was: null, to: 'a' } } },
    { set: { identifications: { add: [{ id: ID, at: 1, by: 'mara', text: 'beetle' }], remove: [ID] } } },
    { op: 'delete', set: undefined },
    { op: 'restore', set: undefined },
  ],
  image: [{ op: 'create', set: image }, { set: { alt: { to: null } } }, { op: 'delete', set: undefined }],
  outing: [{ op: 'create', set: { name: { to: 'By the lake' } } }],
  setting: [{ set: { displayName: { to: 'Mara' } } }],
  conflict: [{ op: 'delete', set: undefined }],
  friend: [
    { op: 'create', set: { code: { to: 'abcd-efgh' } } },
    { op: 'create', set: undefined },
    { set: { state: { to: 'friends' } } },
    { op: 'delete', set: { code: { to: 'ABCDEFGH' } } },
    { op: 'delete', set: undefined },
  ],
  block: [
    { op: 'create', set: undefined },
    { op: 'delete', set: undefined },
  ],
}

test.each(MUTATION_TYPES)('takes what the outbox holds of %s', (type) => {
  const changes = EVERY[type].map((more) => JSON.parse(JSON.stringify(change({ type, ...more }))) as Mutation)
  expect(soundWork(work({ changes, pictures: [picture] }))).toMatchObject({
    changes,
    pictures: [picture],
    left: { unknown: 0, unfit: 0, pictures: 0 },
  })
})

test('O9 members that this version does not know stay, but for what an outbox says of a change’s fate', () => {
  const made = change({ mood: 'glad', set: { note: { was: null, to: 'a', typed: 3 } } })
  const saved = { ...made, result: { n: 1, status: 'done' }, setAside: { code: 'x', message: 'y' } }
  expect(soundWork(work({ changes: [saved], later: true }))?.changes).toEqual([made])
})

test.each<[string, 'unknown' | 'unfit', unknown]>([
  ['an unknown type', 'unknown', change({ type: 'friendship' })],
  ['an unknown deed', 'unknown', change({ op: 'lend' })],
  ['an unknown field', 'unknown', change({ set: { mood: { to: 'x' } } })],
  ['a member that every object has', 'unknown', change({ set: { constructor: { to: 'x' } } })],
  ['a list where a value belongs', 'unknown', change({ set: { note: { add: ['x'] } } })],
  ['a value and a list at once', 'unfit', change({ set: { note: { to: 'x', add: [{}] } } })],
  ['a note that is no text', 'unfit', change({ set: { note: { to: { html: '<b>' } } } })],
  ['a note beyond the limit', 'unfit', change({ set: { note: { to: 'x'.repeat(100_000) } } })],
  ['a place beyond the poles', 'unfit', change({ set: { place: { to: { lat: 91, lon: 0 } } } })],
  ['a code that is none', 'unfit', change({ type: 'friend', op: 'create', set: { code: { to: 'x' } } })],
  ['a picture made of nothing', 'unfit', change({ type: 'image', op: 'create', set: {} })],
  ['an id that is none', 'unfit', change({ id: 'x' })],
  ['nothing at all', 'unfit', null],
])('leaves out %s, says so, and takes the rest', (_, why, bad) => {
  const good = [change(), change({ n: 2 })]
  expect(soundWork(work({ changes: [good[0], bad, good[1]] }))).toMatchObject({
    changes: good,
    left: { unknown: 0, unfit: 0, [why]: 1 },
  })
})

test.each<[string, unknown]>([
  ['a file outside its folder', { ...picture, file: '../../etc/passwd' }],
  ['a picture too large', { ...picture, size: 10 ** 9 }],
  ['a picture of a kind that is none', { ...picture, mediaType: 'image/svg+xml' }],
  ['nothing', null],
])('leaves out %s, says so, and takes the rest', (_, bad) => {
  expect(soundWork(work({ pictures: [bad, picture] }))).toMatchObject({ pictures: [picture], left: { pictures: 1 } })
})

test.each<[string, unknown]>([
  ['another format', work({ format: 'zip' })],
  ['a later version', work({ version: 2 })],
  ['no account', work({ account: 'mara' })],
  ['changes that are none', work({ changes: {} })],
  ['nothing at all', null],
])('refuses %s', (_, value) => {
  expect(soundWork(value)).toBeUndefined()
})
