import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bothTexts, conflictsOf, currentValue, difference, type Present, resolveDrafts } from './conflicts.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const OUTING = '33333333-3333-4333-8333-333333333333'
const IMAGE = '44444444-4444-4444-8444-444444444444'
const entry: EntryOnScreen = {
  type: 'entry',
  id: ID,
  publicId: ID,
  visibility: 'friends',
  note: 'edited since',
  animal: ID,
  created: 1,
  updated: 1,
  pending: false,
}
const conflict = (change: Partial<ConflictItem> = {}): ConflictItem => ({
  type: 'conflict',
  id: '22222222-2222-4222-8222-222222222222',
  entry: ID,
  field: 'note',
  lost: 'mine',
  stands: 'theirs',
  device: 'Laptop',
  at: 2,
  ...change,
})
const present = (change: Partial<EntryOnScreen> = {}): Present => ({
  entries: new Map([[ID, { ...entry, ...change }]]),
  outings: new Map([[OUTING, { type: 'outing', id: OUTING, name: 'Lake', created: 1, pending: false }]]),
  profile: { displayName: 'Mara' },
})
const now = (of = conflict()) => currentValue(of, present())
const settled = { type: 'conflict', id: conflict().id, op: 'delete' }

describe('resolveDrafts', () => {
  it('only settles when what stands is chosen', () => {
    expect(resolveDrafts(conflict(), now(), 'stands')).toEqual([settled])
  })
  it('changes the entry from what it is now, not from what stood then (O4)', () => {
    expect(resolveDrafts(conflict(), now(), 'lost')).toEqual([
      { type: 'entry', id: ID, op: 'update', set: { note: { was: 'edited since', to: 'mine' } } },
      settled,
    ])
  })
  it('keeps both texts, whole', () => {
    expect(resolveDrafts(conflict(), now(), 'both')[0]?.set).toEqual({
      note: { was: 'edited since', to: 'edited since\n\nmine' },
    })
  })
  it('names the animal as changes do', () => {
    const lost = { scientificName: 'Vulpes lagopus' }
    const clash = conflict({ field: 'animal', lost })
    expect(resolveDrafts(clash, now(clash), 'lost')[0]?.set).toEqual({
      animal: { was: { id: ID }, to: lost },
    })
  })
  it('only settles when the lost value is there by now', () => {
    expect(resolveDrafts(conflict({ lost: 'edited since' }), now(), 'lost')).toEqual([settled])
  })
  it.each([
    ['a picture', `image/${IMAGE}/alt`, 'image', IMAGE, { alt: { was: 'a moose', to: 'mine' } }],
    ['an outing', `outing/${OUTING}/name`, 'outing', OUTING, { name: { was: 'Lake', to: 'mine' } }],
    ['the profile', 'displayName', 'setting', ID, { displayName: { was: 'Mara', to: 'mine' } }],
  ])('changes %s where the clash is about that', (_, field, type, id, set) => {
    const clash = conflict({ field })
    const current = currentValue(clash, present({ images: [{ id: IMAGE, state: 'ready', alt: 'a moose' }] }))
    expect(resolveDrafts(clash, current, 'lost')).toEqual([{ type, id, op: 'update', set }, settled])
  })
  it('only settles when what clashed is no longer here', () => {
    const clash = conflict({ field: `image/${IMAGE}/alt` })
    expect(now(clash)).toBeUndefined()
    expect(resolveDrafts(clash, now(clash), 'lost')).toEqual([settled])
  })
})

it('offers both of two texts only', () => {
  expect(bothTexts(conflict(), 'theirs')).toBe('theirs\n\nmine')
  expect(bothTexts(conflict(), null)).toBeUndefined()
  expect(bothTexts(conflict({ field: 'visibility', lost: 'public' }), 'private')).toBeUndefined()
  expect(bothTexts(conflict({ field: `outing/${OUTING}/name` }), 'Lake')).toBeUndefined()
  expect(bothTexts(conflict({ field: `outing/${OUTING}/note` }), 'cold')).toBe('cold\n\nmine')
  expect(bothTexts(conflict(), 'x'.repeat(10_000))).toBeUndefined()
})

it('finds the clashes of one entry, the oldest first', () => {
  const late = conflict({ id: 'late', at: 9 })
  const other = conflict({ id: 'other', entry: 'other' })
  const all = new Map([late, other, conflict()].map((item) => [item.id, item]))
  expect(conflictsOf(all, ID).map(({ at }) => at)).toEqual([2, 9])
})

describe('difference', () => {
  it('underlines what differs, by whole words', () => {
    const [a, b] = difference('Lay still. Only the ears moved.', 'Lay still. A second one moved.')
    expect(a).toEqual({ before: 'Lay still. ', middle: 'Only the ears ', after: 'moved.' })
    expect(b).toEqual({ before: 'Lay still. ', middle: 'A second one ', after: 'moved.' })
  })
  it('loses nothing of either text', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'ä', ' ', '\n', '  ')).map((parts) => parts.join(''))
    fc.assert(
      fc.property(words, words, (x, y) => {
        const [a, b] = difference(x, y)
        expect(a.before + a.middle + a.after).toBe(x)
        expect(b.before + b.middle + b.after).toBe(y)
        expect(a.before).toBe(b.before)
        expect(a.after).toBe(b.after)
      }),
    )
  })
})
