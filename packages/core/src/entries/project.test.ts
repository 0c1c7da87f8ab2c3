import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IUCN_CATEGORIES, isVulnerable } from '../animals/animal.ts'
import { canonical } from '../json.ts'
import { sharedEntry, VISIBILITIES } from './entry.ts'
import { asArea, drawArea, PRECISIONS, sameSpot } from './place.ts'
import { AUDIENCES, type EntryRecord, precisionFor, project } from './project.ts'

const ID = '00000000-0000-4000-8000-000000000001'
const IMAGE = '00000000-0000-4000-8000-000000000002'
const SHA = 'a'.repeat(64)
const SETTINGS = { friends: 'area', public: 'hidden' } as const

const truth = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
  accuracy: fc.constant(12),
  altitude: fc.constant(34),
  name: fc.constant('Secret pond'),
  region: fc.constant('Upper Lusatia'),
})

const record = (changes: Partial<EntryRecord> = {}): EntryRecord => ({
  id: ID,
  publicId: ID,
  animal: ID,
  observed: { at: '2026-09-14T07:10', zone: 120 },
  place: { lat: 51.23456, lon: 14.56789, accuracy: 12, altitude: 34, name: 'Secret pond', region: 'Upper Lusatia' },
  area: { lat: 51.3001, lon: 14.5002 },
  outing: ID,
  count: 2,
  captive: true,
  called: null,
  note: 'A note',
  privateNote: 'A private note',
  visibility: 'public',
  favourite: true,
  primaryImage: null,
  customizations: { frame: 'oak' },
  identifications: [{ id: ID, at: 1, by: 'Mara', text: 'a heron' }],
  images: [
    {
      id: IMAGE,
      state: 'ready',
      width: 4,
      height: 3,
      thumbhash: 'th',
      original: { sha256: SHA, size: 9, type: 'image/jpeg' },
      renditions: { wall: { sha256: SHA, size: 5 } },
    },
  ],
  created: 1_700_000_000_000,
  updated: 1_700_000_000_001,
  deleted: false,
  ...changes,
})

test('the owner sees everything, exact', () => {
  const seen = project(record(), 'owner', SETTINGS, 'CR')
  expect(seen?.place).toEqual(record().place)
  expect(seen).toMatchObject({ privateNote: 'A private note', outing: ID, visibility: 'public', created: 1_700_000_000_000 })
  expect(seen?.images?.[0]?.original?.sha256).toBe(SHA)
})

test('others see no private field, whatever the settings (data.md)', () => {
  for (const audience of ['friends', 'public'] as const) {
    const seen = project(record(), audience, { friends: 'exact', public: 'exact' })
    const text = JSON.stringify(seen)
    for (const secret of ['A private note', 'outing', 'identifications', 'created', 'updated', 'visibility', 'original']) {
      expect(text).not.toContain(secret)
    }
    expect(sharedEntry.parse(seen)).toEqual(seen)
  }
})

test('an obscured place takes the time of day, the altitude and the fine name with it', () => {
  const seen = project(record(), 'friends', SETTINGS)
  expect(seen?.observed).toEqual({ at: '2026-09-14' })
  expect(seen?.place).toEqual({ lat: 51.3001, lon: 14.5002, accuracy: expect.any(Number), region: 'Upper Lusatia' })
  expect(project(record(), 'public', SETTINGS)?.place).toBeUndefined()
})

test('without any place others learn no more of the time than with a hidden one', () => {
  const hidden = project(record(), 'public', SETTINGS)
  const none = project(record({ place: null, area: null }), 'public', SETTINGS)
  expect(canonical(hidden)).toBe(canonical(none))
})

test('who sees an entry at all', () => {
  const seenBy = (changes: Partial<EntryRecord>) =>
    AUDIENCES.filter((audience) => project(record(changes), audience, SETTINGS) !== null).join()
  expect(seenBy({})).toBe('owner,friends,public')
  expect(seenBy({ visibility: 'friends' })).toBe('owner,friends')
  expect(seenBy({ visibility: 'private' })).toBe('owner')
  expect(seenBy({ deleted: true })).toBe('')
  // F5: others wait for an animal and a ready primary picture.
  expect(seenBy({ animal: null })).toBe('owner')
  expect(seenBy({ images: [] })).toBe('owner')
  expect(seenBy({ images: [{ id: IMAGE, state: 'processing' }] })).toBe('owner')
})

test('the public never gets more than friends; the vulnerable are never shown exactly', () => {
  const rank = { hidden: 0, area: 1, exact: 2 }
  fc.assert(
    fc.property(
      fc.constantFrom(...PRECISIONS),
      fc.constantFrom(...PRECISIONS),
      fc.option(fc.constantFrom(...IUCN_CATEGORIES), { nil: undefined }),
      (friends, pub, iucn) => {
        const toFriends = precisionFor('friends', { friends, public: pub }, iucn)
        const toPublic = precisionFor('public', { friends, public: pub }, iucn)
        expect(rank[toPublic]).toBeLessThanOrEqual(rank[toFriends])
        if (isVulnerable(iucn)) expect(toFriends).not.toBe('exact')
        expect(precisionFor('owner', { friends, public: pub }, iucn)).toBe('exact')
      },
    ),
  )
})

test('what is not shown moves nothing: two records that differ in hidden fields only project to the same bytes (W2)', () => {
  const hidden = fc.record({
    place: truth,
    privateNote: fc.option(fc.string()),
    outing: fc.option(fc.uuid({ version: 4 })),
    updated: fc.nat(),
    created: fc.nat(),
    identifications: fc.constantFrom([], [{ id: ID, at: 2, by: 'x' }]),
    observed: fc.constantFrom({ at: '2026-09-14T07:10' }, { at: '2026-09-14T22:00', zone: 60 }, { at: '2026-09-14' }),
  })
  fc.assert(
    fc.property(hidden, hidden, fc.constantFrom(...VISIBILITIES), (a, b, visibility) => {
      const region = record().place?.region
      const same = (changes: typeof a) => record({ ...changes, place: { ...changes.place, region }, visibility })
      for (const audience of ['friends', 'public'] as const) {
        expect(JSON.stringify(project(same(a), audience, SETTINGS))).toBe(JSON.stringify(project(same(b), audience, SETTINGS)))
      }
    }),
  )
})

test('an area point lies in the cell of the true place and tells nothing finer', () => {
  fc.assert(
    fc.property(truth, fc.double({ min: 0, max: 0.999, noNaN: true }), (place, fraction) => {
      const point = drawArea(place, () => fraction)
      expect(Math.abs(point.lat - place.lat)).toBeLessThanOrEqual(0.2001)
      expect(Math.abs(point.lon - place.lon)).toBeLessThanOrEqual(0.2001)
      expect(Math.abs(point.lat)).toBeLessThanOrEqual(90)
      expect(Math.abs(point.lon)).toBeLessThanOrEqual(180)
      const shown = asArea(point, place)
      expect(Object.keys(shown).sort()).toEqual(['accuracy', 'lat', 'lon', 'region'])
      expect(shown.accuracy).toBeGreaterThan(15_000)
    }),
  )
  // The point depends on the cell and the draw alone: two places of one cell can't be told apart.
  expect(drawArea({ lat: 51.21, lon: 14.41 }, () => 0.5)).toEqual(drawArea({ lat: 51.39, lon: 14.59 }, () => 0.5))
  expect(sameSpot({ lat: 1, lon: 2, name: 'a' }, { lat: 1, lon: 2, accuracy: 5 })).toBe(true)
  expect(sameSpot({ lat: 1, lon: 2 }, null)).toBe(false)
})
