import { DEFAULT_SETTINGS, type Settings } from '@biologidex/core/accounts/account'
import { AUDIENCES, precisionFor } from '@biologidex/core/entries/project'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { describe, expect, it } from 'vitest'
import { sightingOf } from './sightings.ts'
import { seenByOthers } from './what-others-see.ts'

const entry = (id: string, more: Partial<EntryOnScreen>): EntryOnScreen => ({
  type: 'entry',
  id,
  publicId: id,
  visibility: 'friends',
  created: Date.UTC(2026, 8, 14),
  updated: 1,
  pending: false,
  ...more,
})

describe('sightingOf', () => {
  const first = entry('c', { animal: 'fox', observed: { at: '2020' } })
  const second = entry('b', { animal: 'fox', observed: { at: '2026-01-02' } })
  const third = entry('a', { animal: 'fox' })
  const all = [third, first, entry('x', { animal: 'wren' }), second, entry('y', {})]
  it('counts by when they were seen, whatever the order they came in', () => {
    expect([first, second, third].map((one) => sightingOf(one, all))).toEqual([1, 2, 3].map((k) => ({ k, n: 3 })))
  })
  it('gives each of two seen at once a place of its own', () => {
    const twins = ['p', 'q'].map((id) => entry(id, { animal: 'owl' }))
    expect(twins.map((one) => sightingOf(one, twins)?.k)).toEqual([1, 2])
  })
  it('knows an animal that is still on its way up by its name', () => {
    const typed = entry('t', { typedAnimal: { scientificName: 'Vulpes lagopus' } })
    expect(sightingOf(typed, [typed, ...all])).toEqual({ k: 1, n: 1 })
  })
  it('counts nothing for what has no name', () => {
    expect(sightingOf(entry('y', {}), all)).toBeUndefined()
  })
})

describe('seenByOthers', () => {
  const exact: Settings = { visibility: 'public', friendsPrecision: 'exact', publicPrecision: 'exact' }
  it('names only who sees the entry', () => {
    expect(seenByOthers({ visibility: 'private' }, exact, 'LC')).toEqual({ guarded: false })
    expect(seenByOthers({ visibility: 'friends' }, DEFAULT_SETTINGS, 'LC')).toEqual({ friends: 'area', guarded: false })
  })
  it('says what the projection does', () => {
    const seen = seenByOthers({ visibility: 'public' }, exact, 'VU')
    const places = { friends: exact.friendsPrecision, public: exact.publicPrecision }
    for (const audience of AUDIENCES) {
      if (audience !== 'owner') expect(seen[audience]).toBe(precisionFor(audience, places, 'VU'))
    }
    expect(seen.guarded).toBe(true)
  })
  it('speaks of risk only where it changes something', () => {
    expect(seenByOthers({ visibility: 'friends' }, DEFAULT_SETTINGS, 'CR').guarded).toBe(false)
  })
})
