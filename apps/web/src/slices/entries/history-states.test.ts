import type { Draft } from '@biologidex/client/face'
import type { Revision, RevisionChange } from '@biologidex/core/entries/entry'
import type { Json } from '@biologidex/core/json'
import { mutation } from '@biologidex/core/sync/mutation'
import { type EntryOnScreen, overlay } from '@biologidex/core/sync/overlay'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDraft } from './edits.ts'
import { goBackDrafts, undoDrafts } from './history-states.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const IMAGE = '22222222-2222-4222-8222-222222222222'
const FOX = '33333333-3333-4333-8333-333333333333'
const HARE = '44444444-4444-4444-8444-444444444444'
const DAY = 86_400_000

const base: EntryOnScreen = {
  type: 'entry',
  id: ID,
  publicId: ID,
  visibility: 'friends',
  created: 1,
  updated: 1,
  pending: false,
}
const saying = { id: '55555555-5555-4555-8555-555555555555', at: 100 * DAY, by: 'Mara', language: 'en' }
const revision = (n: number, ...changes: RevisionChange[]): Revision => ({ n, at: 99 * DAY, device: 'phone', changes })
const shown = (entry: EntryOnScreen, drafts: readonly Draft[]): EntryOnScreen => {
  const after = overlay(
    entry,
    ID,
    drafts.map((draft, i) => mutation.parse({ ...draft, n: i + 1 })),
  )
  if (!after) throw new Error('going back hid the entry')
  return after
}

describe('goBackDrafts', () => {
  it('restores each field as it was, from what it is now', () => {
    const entry = { ...base, note: 'third', captive: true as const, place: { lat: 1, lon: 2 } }
    const later = [
      revision(3, { field: 'note', was: 'second', to: 'third' }, { field: 'place', was: null, to: { lat: 1, lon: 2 } }),
      revision(2, { field: 'note', was: 'first', to: 'second' }, { field: 'captive', was: false, to: true }),
    ]
    expect(goBackDrafts(entry, later, saying)).toEqual([
      {
        type: 'entry',
        id: ID,
        op: 'update',
        set: {
          note: { was: 'third', to: 'first' },
          place: { was: { lat: 1, lon: 2 }, to: null },
          captive: { was: true, to: null },
        },
      },
    ])
    expect(goBackDrafts(entry, [], saying)).toEqual([])
  })

  it('goes back over a deletion and a revival, to who saw it before', () => {
    const entry = { ...base, visibility: 'private' as const, note: 'x' }
    const later = [
      revision(4, { field: 'note', was: null, to: 'x' }),
      revision(3, { field: 'visibility', was: 'public', to: 'private' }, { op: 'revive' }),
      revision(2, { op: 'delete' }),
    ]
    expect(goBackDrafts(entry, later, saying)[0]?.set).toEqual({
      note: { was: 'x', to: null },
      visibility: { was: 'private', to: 'public' },
    })
  })

  it('says the animal of then anew, and takes nothing that was said back', () => {
    const first = { id: 'a', at: 1, by: 'Mara', animal: FOX }
    const second = { id: 'b', at: 2, by: 'Kai', animal: HARE }
    const entry = { ...base, animal: HARE, identifications: [first, second] }
    const later = [
      revision(2, { field: 'identifications', was: [first], to: [first, second] }, { field: 'animal', was: FOX, to: HARE }),
    ]
    const drafts = goBackDrafts(entry, later, saying)
    expect(drafts[0]?.set).toEqual({
      animal: { was: { id: HARE }, to: { id: FOX } },
      identifications: { add: [{ id: saying.id, at: saying.at, by: 'Mara', animal: FOX }] },
    })
    const after = shown(entry, drafts)
    expect([after.animal, after.identifications?.length]).toEqual([FOX, 3])
    expect(shown(after, undoDrafts(drafts))).toMatchObject({ animal: HARE, identifications: [first, second] })
  })

  it('goes back to a name of the person’s own, which no animal has', () => {
    const own = { id: 'a', at: 1, by: 'Mara', text: 'small brown bird' }
    const named = { id: 'b', at: 2, by: 'Mara', animal: FOX }
    const entry = { ...base, animal: FOX, identifications: [own, named] }
    const later = [
      revision(2, { field: 'identifications', was: [own], to: [own, named] }, { field: 'animal', was: null, to: FOX }),
    ]
    expect(goBackDrafts(entry, later, saying)[0]?.set).toEqual({
      animal: { was: { id: FOX }, to: null },
      identifications: { add: [{ id: saying.id, at: saying.at, by: 'Mara', text: 'small brown bird' }] },
    })
  })

  it('brings pictures back that went since and can come back; those that came since stay', () => {
    const other = '66666666-6666-4666-8666-666666666666'
    const entry = { ...base, images: [{ id: other, state: 'ready' as const, alt: 'new words', position: 0 }] }
    const gone: RevisionChange = { field: `image/${IMAGE}`, was: 'aa', to: null }
    const later = [
      revision(4, gone),
      revision(3, { field: `image/${other}/alt`, was: 'old words', to: 'new words' }),
      revision(2, { field: `image/${other}`, was: null, to: 'bb' }),
    ]
    expect(goBackDrafts(entry, later, saying)).toEqual([
      { type: 'image', id: IMAGE, op: 'restore' },
      { type: 'image', id: other, op: 'update', set: { alt: { was: 'new words', to: 'old words' } } },
    ])
    const longAgo = [{ ...revision(2, gone), at: 60 * DAY }]
    expect(goBackDrafts(entry, longAgo, saying)).toEqual([])
    expect(undoDrafts(goBackDrafts(entry, later, saying)).at(-1)).toEqual({ type: 'image', id: IMAGE, op: 'delete' })
  })
})

it('any state can be gone back to, and undone, whatever came after it', () => {
  const text = fc.constantFrom('', 'a', 'b', 'c')
  const edit = fc.record(
    {
      note: text,
      privateNote: text,
      count: fc.option(fc.integer({ min: 1, max: 3 })),
      captive: fc.boolean(),
      favourite: fc.boolean(),
      outing: fc.constantFrom(null, FOX),
      place: fc.constantFrom(null, { lat: 1, lon: 2 }),
      visibility: fc.constantFrom('private' as const, 'public' as const),
    },
    { requiredKeys: [] },
  )
  const says = ({ pending: _, updated: __, ...entry }: EntryOnScreen) => JSON.parse(JSON.stringify(entry)) as Json
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.nat(7), (edits, which) => {
      const states: EntryOnScreen[] = [base]
      const revisions: Revision[] = []
      for (const one of edits) {
        const before = states.at(-1) ?? base
        const draft = editDraft(before, one)
        states.push(draft ? shown(before, [draft]) : before)
        const changes = Object.entries(draft?.set ?? {}).flatMap(([field, change]): RevisionChange[] =>
          'to' in change ? [{ field, was: change.was ?? null, to: change.to }] : [],
        )
        revisions.unshift(revision(revisions.length + 1, ...changes))
      }
      const target = which % states.length
      const latest = states.at(-1) ?? base
      const drafts = goBackDrafts(latest, revisions.slice(0, revisions.length - target), saying)
      const back = shown(latest, drafts)
      expect(says(back)).toEqual(says(states[target] ?? base))
      expect(says(shown(back, undoDrafts(drafts)))).toEqual(says(latest))
    }),
  )
})
