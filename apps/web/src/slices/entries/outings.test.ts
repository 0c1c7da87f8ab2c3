import { ENTRY_FIELDS, mutation } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen, OutingOnScreen } from '@biologidex/core/sync/overlay'
import { describe, expect, it } from 'vitest'
import { choiceOfEntry, dateOf, othersOf, outingDrafts, outingEdit, recentOutings, sightingNear } from './outings.ts'

const LAKE = '11111111-1111-4111-8111-111111111111'
const WALK = '22222222-2222-4222-8222-222222222222'
const ENTRY = '33333333-3333-4333-8333-333333333333'
const NOON = Date.parse('2026-09-14T12:00Z')
const HOUR = 3_600_000

const entry = (id: string, more: Partial<EntryOnScreen> = {}): EntryOnScreen => ({
  type: 'entry',
  id,
  publicId: id,
  visibility: 'friends',
  created: 1,
  updated: 1,
  pending: false,
  ...more,
})
const outing = (id: string, more: Partial<OutingOnScreen> = {}): OutingOnScreen => ({
  type: 'outing',
  id,
  created: 1,
  pending: false,
  ...more,
})
const byId = <T extends { id: string }>(...all: T[]): Map<string, T> => new Map(all.map((one) => [one.id, one]))

it('lists outings by their last use, each with what is in it', () => {
  const outings = byId(outing(LAKE, { created: 5 }), outing(WALK, { created: 3 }))
  const entries = byId(entry('a', { outing: WALK, created: 9 }), entry('b', { outing: 'gone', created: 99 }))
  const recent = recentOutings(outings, entries)
  expect(recent.map((one) => [one.outing.id, one.entries.map(({ id }) => id), one.latest])).toEqual([
    [WALK, ['a'], 9],
    [LAKE, [], 5],
  ])
})

it('takes an outing that was deleted for none', () => {
  const outings = byId(outing(LAKE))
  expect(choiceOfEntry({ outing: LAKE }, outings)).toEqual({ kind: 'known', id: LAKE })
  expect(choiceOfEntry({ outing: WALK }, outings)).toEqual({ kind: 'none' })
  expect(choiceOfEntry({}, outings)).toEqual({ kind: 'none' })
})

it('finds the other sightings of an outing, in the order of seeing', () => {
  const one = entry('one', { outing: LAKE, observed: { at: '2026-09-14T07:10' } })
  const two = entry('two', { outing: LAKE, observed: { at: '2026-09-14T06:00' } })
  const three = entry('three', { outing: LAKE, observed: { at: '2026-09-14' } })
  expect(othersOf(one, byId(one, two, three, entry('alone'))).map(({ id }) => id)).toEqual(['three', 'two'])
  expect(dateOf(outing(LAKE, { created: NOON }), [one, two])).toEqual({ at: '2026-09-14' })
  expect(dateOf(outing(LAKE, { created: NOON }), [])).toEqual({ at: '2026-09-14' })
})

describe('sightingNear', () => {
  const seen = (at: string, zone?: number) => entry(ENTRY, { observed: { at, ...(zone === undefined ? {} : { zone }) } })
  it.each<[string, EntryOnScreen, boolean]>([
    ['an hour before', seen('2026-09-14T11:00', 0), true],
    ['an hour after', seen('2026-09-14T13:00', 0), true],
    ['by its own zone', seen('2026-09-14T03:30', -480), true],
    ['the same clock elsewhere', seen('2026-09-14T12:00', -480), false],
    ['four hours before', seen('2026-09-14T08:00', 0), false],
    ['that day, nobody knows when', seen('2026-09-14'), false],
    ['kept an hour ago, without a date', entry(ENTRY, { created: NOON - HOUR }), true],
    ['kept yesterday', entry(ENTRY, { created: NOON - 24 * HOUR }), false],
  ])('of a sighting %s', (_, before, found) => {
    expect(sightingNear(byId(before), { at: '2026-09-14T12:00', zone: 0 }, 0)?.id).toBe(found ? ENTRY : undefined)
    expect(sightingNear(byId(before), undefined, NOON)?.id).toBe(found ? ENTRY : undefined)
  })
  it('is the nearest of several, and nothing for a photo whose time nobody knows', () => {
    const near = entry('near', { created: NOON - HOUR })
    const all = byId(entry('far', { created: NOON - 2 * HOUR }), near)
    expect(sightingNear(all, undefined, NOON)).toBe(near)
    expect(sightingNear(all, { at: '2026-09-14' }, NOON)).toBeUndefined()
  })
})

describe('outingDrafts', () => {
  it('makes a new outing before anything joins it, the earlier sighting too', () => {
    const also = entry(ENTRY)
    const { before, outing: joined } = outingDrafts({ kind: 'new', name: ' Lake ', also }, LAKE)
    expect(joined).toBe(LAKE)
    expect(before).toEqual([
      { type: 'outing', id: LAKE, op: 'create', set: { name: { to: 'Lake' } } },
      { type: 'entry', id: ENTRY, op: 'update', set: { outing: { was: null, to: LAKE } } },
    ])
    before.forEach((draft, i) => mutation.parse({ ...draft, n: i + 1 }))
    expect(ENTRY_FIELDS.outing.parse(joined)).toBe(LAKE)
  })
  it('makes nothing for one that is there, or none', () => {
    expect(outingDrafts({ kind: 'known', id: WALK }, LAKE)).toEqual({ before: [], outing: WALK })
    expect(outingDrafts({ kind: 'none' }, LAKE)).toEqual({ before: [], outing: null })
    expect(outingDrafts({ kind: 'new', name: ' ' }, LAKE).before).toEqual([{ type: 'outing', id: LAKE, op: 'create', set: {} }])
  })
})

it('changes the words of an outing from what was seen', () => {
  const lake = outing(LAKE, { name: 'Lake' })
  expect(outingEdit(lake, { name: 'Lake ', note: ' ' })).toBeUndefined()
  expect(outingEdit(lake, { name: '', note: 'cold' })?.set).toEqual({
    name: { was: 'Lake', to: null },
    note: { was: null, to: 'cold' },
  })
})
