import type { AnimalItem } from '@biologidex/core/animals/animal'
import { identification } from '@biologidex/core/entries/entry'
import { ENTRY_FIELDS, IMAGE_FIELDS, mutation } from '@biologidex/core/sync/mutation'
import { type EntryOnScreen, overlay } from '@biologidex/core/sync/overlay'
import { describe, expect, it } from 'vitest'
import type { AnimalChoice } from '../animals/choice.ts'
import { type Capture, captureDrafts, deleteDraft, ownName, reidentifyDraft, restoreDraft } from './drafts.ts'

const ENTRY = '11111111-1111-4111-8111-111111111111'
const IMAGE = '22222222-2222-4222-8222-222222222222'
const SAID = '33333333-3333-4333-8333-333333333333'
const FOX: AnimalItem = {
  type: 'animal',
  id: '44444444-4444-4444-8444-444444444444',
  scientificName: 'Vulpes vulpes',
  names: { en: ['Red fox'] },
  rev: 1,
}
const saying = { id: SAID, at: 1_000, by: 'Mara', language: 'en' }
const fox: AnimalChoice = { kind: 'known', animal: FOX }

const capture = (change: Partial<Capture> = {}): Capture => ({
  entry: ENTRY,
  image: IMAGE,
  photo: { bytes: new Uint8Array([1, 2, 3]), type: 'image/jpeg', sha256: 'a'.repeat(64) },
  previews: { wall: new Uint8Array([9]) },
  choice: fox,
  observed: { at: '2026-09-14T07:10', zone: -480 },
  place: { lat: 63.1, lon: -147.5 },
  visibility: 'friends',
  note: '',
  privateNote: '',
  ...change,
})
const entry = (change: Partial<EntryOnScreen> = {}): EntryOnScreen => ({
  type: 'entry',
  id: ENTRY,
  publicId: ENTRY,
  visibility: 'friends',
  created: 1,
  updated: 1,
  pending: false,
  ...change,
})

describe('captureDrafts', () => {
  it('makes drafts that the wire takes, field by field', () => {
    const { drafts } = captureDrafts(capture({ note: 'by the gate', privateNote: 'den' }), saying)
    drafts.forEach((draft, i) => {
      const parsed = mutation.parse({ ...draft, n: i + 1 })
      for (const [field, change] of Object.entries(parsed.set ?? {})) {
        if (!('to' in change)) continue
        const fields: Record<string, { parse: (value: unknown) => unknown }> =
          draft.type === 'entry' ? ENTRY_FIELDS : IMAGE_FIELDS
        expect([field, fields[field]?.parse(change.to)]).toEqual([field, change.to])
      }
    })
    const said = drafts[0]?.set?.identifications
    expect(said && 'add' in said && identification.array().parse(said.add)).toEqual([
      { id: SAID, at: 1_000, by: 'Mara', animal: FOX.id },
    ])
  })

  it('shows on screen at once what was captured', () => {
    const { drafts } = captureDrafts(capture(), saying)
    const shown = overlay(
      undefined,
      ENTRY,
      drafts.map((draft, i) => ({ ...draft, n: i + 1, at: 5 })),
    )
    expect(shown).toMatchObject({ animal: FOX.id, observed: { at: '2026-09-14T07:10' }, pending: true, visibility: 'friends' })
    expect(shown?.images).toMatchObject([{ id: IMAGE, state: 'waiting', original: { sha256: 'a'.repeat(64), size: 3 } }])
  })

  it('hands the original over untouched, with its image and previews', () => {
    const { photos } = captureDrafts(capture(), saying)
    expect(photos).toMatchObject([{ image: IMAGE, entry: ENTRY, mediaType: 'image/jpeg', sha256: 'a'.repeat(64) }])
    expect(photos[0]?.original).toEqual(new Uint8Array([1, 2, 3]))
    expect(photos[0]?.previews.wall).toEqual(new Uint8Array([9]))
  })

  it('leaves out what is not known, and blank notes', () => {
    const { drafts } = captureDrafts(
      capture({ choice: { kind: 'unsure' }, observed: undefined, place: undefined, note: '  ' }),
      saying,
    )
    expect(Object.keys(drafts[0]?.set ?? {})).toEqual(['visibility'])
  })

  it('names a new animal by its scientific name, with the common name in its language', () => {
    const choice: AnimalChoice = { kind: 'typed', scientificName: 'Vulpes lagopus', commonName: ' Arctic fox ' }
    expect(captureDrafts(capture({ choice }), saying).drafts[0]?.set).toMatchObject({
      animal: { to: { scientificName: 'Vulpes lagopus', commonName: 'Arctic fox', language: 'en' } },
      identifications: { add: [{ text: 'Vulpes lagopus' }] },
    })
  })

  it('keeps a name of the person’s own as an identification without an animal', () => {
    const { set } = captureDrafts(capture({ choice: { kind: 'text', text: 'small brown bird' } }), saying).drafts[0] ?? {}
    expect(set).not.toHaveProperty('animal')
    expect(set).toMatchObject({ identifications: { add: [{ text: 'small brown bird' }] } })
  })
})

describe('reidentifyDraft', () => {
  it('says from what to what, and adds to the history', () => {
    const draft = reidentifyDraft(entry({ animal: SAID }), fox, saying)
    expect(draft?.set).toEqual({
      animal: { was: { id: SAID }, to: { id: FOX.id } },
      identifications: { add: [{ id: SAID, at: 1_000, by: 'Mara', animal: FOX.id }] },
    })
  })
  it('takes the animal away where only a name of their own is left', () => {
    const draft = reidentifyDraft(entry({ animal: FOX.id }), { kind: 'text', text: 'a dog?' }, saying)
    expect(draft?.set?.animal).toEqual({ was: { id: FOX.id }, to: null })
  })
  it('names an animal that is still on its way up as it was typed', () => {
    const typedAnimal = { scientificName: 'Vulpes lagopus' }
    expect(reidentifyDraft(entry({ typedAnimal }), fox, saying)?.set?.animal).toEqual({ was: typedAnimal, to: { id: FOX.id } })
  })
  it.each<[string, EntryOnScreen, AnimalChoice]>([
    ['the same animal', entry({ animal: FOX.id }), fox],
    ['not sure, of an entry without an animal', entry(), { kind: 'unsure' }],
    ['the same typed name', entry({ typedAnimal: { scientificName: 'A b' } }), { kind: 'typed', scientificName: 'A b' }],
    [
      'the same own name',
      entry({ identifications: [{ id: SAID, at: 1, by: 'M', text: 'bird' }] }),
      { kind: 'text', text: 'bird' },
    ],
  ])('changes nothing for %s', (_, before, choice) => {
    expect(reidentifyDraft(before, choice, saying)).toBeUndefined()
  })
})

it('shows the last name given to an entry without an animal only', () => {
  const identifications = ['bird', 'wren'].map((text, at) => ({ id: SAID, at, by: 'M', text }))
  expect(ownName(entry({ identifications }))).toBe('wren')
  expect(ownName(entry({ identifications, animal: FOX.id }))).toBeUndefined()
})

it('deletes and restores by id alone', () => {
  expect([deleteDraft(ENTRY), restoreDraft(ENTRY)]).toEqual([
    { type: 'entry', id: ENTRY, op: 'delete' },
    { type: 'entry', id: ENTRY, op: 'restore' },
  ])
})
