import { mergeField } from '@biologidex/core/sync/merge'
import { ENTRY_FIELDS } from '@biologidex/core/sync/mutation'
import { type EntryOnScreen, overlay } from '@biologidex/core/sync/overlay'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Edit, editDraft } from './edits.ts'

const base: EntryOnScreen = {
  type: 'entry',
  id: '11111111-1111-4111-8111-111111111111',
  publicId: '11111111-1111-4111-8111-111111111111',
  visibility: 'friends',
  created: 1,
  updated: 1,
  pending: false,
}
const text = fc.oneof(fc.constantFrom('', ' ', 'a', 'b'), fc.string())
const observed = fc.constantFrom({ at: '2026' }, { at: '2026-09-14' }, { at: '2026-09-14', zone: 0 })
const place = fc.constantFrom({ lat: 1, lon: 2 }, { lat: 1, lon: 2, name: 'x' })
const edits: fc.Arbitrary<Edit> = fc.record(
  {
    note: text,
    privateNote: text,
    count: fc.option(fc.integer({ min: 1, max: 9 })),
    captive: fc.boolean(),
    favourite: fc.boolean(),
    observed: fc.option(observed),
    place: fc.option(place),
    visibility: fc.constantFrom('private', 'friends', 'public'),
  },
  { requiredKeys: [] },
)

it('carries exactly the fields that differ', () => {
  const entry: EntryOnScreen = { ...base, note: 'old', place: { lat: 1, lon: 2 }, favourite: true }
  expect(editDraft(entry, { note: 'new ', place: { lat: 1, lon: 2 }, favourite: false, captive: false })?.set).toEqual({
    note: { was: 'old', to: 'new' },
    favourite: { was: true, to: null },
  })
})

it('is nothing when nothing differs, whatever way nothing is written', () => {
  expect(editDraft(base, { note: ' ', captive: false, count: null, place: null, visibility: 'friends' })).toBeUndefined()
})

it('takes a place away as one field', () => {
  const entry: EntryOnScreen = { ...base, place: { lat: 1, lon: 2, name: 'gate' } }
  expect(editDraft(entry, { place: null })?.set).toEqual({ place: { was: entry.place, to: null } })
})

it('leads from any entry to any edit, and a server that saw the same takes each field', () => {
  fc.assert(
    fc.property(edits, edits, (before, edit) => {
      const first = editDraft(base, before)
      const entry = first ? overlay(base, base.id, [{ ...first, n: 1 }]) : base
      if (!entry) throw new Error('an update hid the entry')
      const draft = editDraft(entry, edit)
      for (const [field, change] of Object.entries(draft?.set ?? {})) {
        if (!('to' in change)) throw new Error(`${field} is no list`)
        expect(
          Object.entries(ENTRY_FIELDS)
            .find(([name]) => name === field)?.[1]
            .safeParse(change.to).success,
        ).toBe(true)
        const current = Object.entries(entry).find(([name]) => name === field)?.[1]
        expect(mergeField(field, current, change.was, change.to).kind).toBe('taken')
      }
      const after = draft ? overlay(entry, base.id, [{ ...draft, n: 2 }]) : entry
      expect(after && editDraft(after, edit)).toBeUndefined()
    }),
  )
})
