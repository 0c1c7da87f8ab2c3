import { expect, test } from 'vitest'
import type { OwnEntry } from '../entries/entry.ts'
import { dependsOn, type Mutation } from './mutation.ts'
import { overlay, overlayEntry, overlayOuting } from './overlay.ts'

const base: OwnEntry = { type: 'entry', id: 'e', publicId: 'p', note: 'old', visibility: 'friends', created: 1, updated: 1 }
const change = (op: Mutation['op'], set?: Mutation['set'], rest: Partial<Mutation> = {}): Mutation => ({
  n: 1,
  type: 'entry',
  id: 'e',
  op,
  ...(set ? { set } : {}),
  ...rest,
})

test('O7: without changes the base is shown as it is', () => {
  expect(overlay(base, 'e', [])).toEqual({ ...base, pending: false })
  expect(overlay(undefined, 'e', [])).toBeUndefined()
})

test('O7: changes lie over the base, in order; null and false clear', () => {
  const shown = overlay(base, 'e', [
    change('update', { note: { was: 'old', to: 'new' }, favourite: { to: true } }),
    change('update', { note: { was: 'new', to: null }, favourite: { was: true, to: false } }),
  ])
  expect(shown).toMatchObject({ pending: true, visibility: 'friends' })
  expect(shown?.note).toBeUndefined()
  expect(shown?.favourite).toBeUndefined()
})

test('O7: what was made here is shown before the server knows it, typed name and picture included', () => {
  const shown = overlay(undefined, 'e', [
    change('create', { animal: { to: { scientificName: 'Alces alces', commonName: 'Moose' } } }, { at: 5 }),
    change(
      'create',
      { entry: { to: 'e' }, sha256: { to: 'x' }, size: { to: 3 }, mediaType: { to: 'image/png' }, position: { to: 2 } },
      { type: 'image', id: 'i' },
    ),
    change(
      'create',
      { entry: { to: 'e' }, sha256: { to: 'y' }, size: { to: 3 }, mediaType: { to: 'image/png' } },
      { type: 'image', id: 'j' },
    ),
    change('update', { position: { to: 3 }, alt: { to: 'A moose' } }, { type: 'image', id: 'j' }),
  ])
  expect(shown).toMatchObject({
    pending: true,
    created: 5,
    typedAnimal: { scientificName: 'Alces alces', commonName: 'Moose' },
  })
  expect(shown?.images?.map((image) => [image.id, image.state, image.alt])).toEqual([
    ['i', 'waiting', undefined],
    ['j', 'waiting', 'A moose'],
  ])
})

test('O7: deleting hides, restoring brings back what lay under it', () => {
  expect(overlay(base, 'e', [change('delete')])).toBeUndefined()
  expect(overlay(base, 'e', [change('delete'), change('restore')])?.note).toBe('old')
  expect(overlay(undefined, 'e', [change('restore')])).toBeUndefined()
  const pictured = overlay({ ...base, images: [{ id: 'i', state: 'ready' }] }, 'e', [
    change('delete', undefined, { type: 'image', id: 'i' }),
  ])
  expect(pictured?.images).toEqual([])
})

test('identifications change by adding and removing; an animal known by id replaces a typed one', () => {
  const shown = overlay(base, 'e', [
    change('update', {
      identifications: { add: [{ id: 'x', at: 1, by: 'me' }] },
      animal: { to: { scientificName: 'Alces alces' } },
    }),
    change('update', {
      identifications: { add: [{ id: 'y', at: 2, by: 'me' }], remove: ['x'] },
      animal: { to: { id: 'moose' } },
    }),
  ])
  expect(shown?.identifications?.map((each) => each.id)).toEqual(['y'])
  expect(shown?.animal).toBe('moose')
  expect(shown?.typedAnimal).toBeUndefined()
})

test('what an animal is called goes with it', () => {
  const called = { ...base, animal: 'shy', called: { en: ['Shy one'] } }
  expect(overlay(called, 'e', [change('update', { note: { to: 'new' } })])?.called).toEqual(called.called)
  expect(overlay(called, 'e', [change('update', { animal: { to: { id: 'moose' } } })])?.called).toBeUndefined()
})

test('O6: an image rests on its entry', () => {
  expect(dependsOn(change('create', { entry: { to: 'e' } }, { type: 'image', id: 'i' }))).toEqual(['image/i', 'entry/e'])
  expect(dependsOn(change('update'))).toEqual(['entry/e'])
})

const trash = { entry: base, deleted: 9 }

test('O5: what is deleted here lies in the trash at once, as it stood then; bringing it back takes it out', () => {
  const edit = change('update', { note: { was: 'old', to: 'new' } })
  const deleted = overlayEntry({ entry: base }, 'e', [edit, change('delete', undefined, { at: 7 })])
  expect(deleted).toMatchObject({ trash: { id: 'e', deleted: 7, pending: true, entry: { note: 'new' } } })
  expect(deleted.entry).toBeUndefined()
  expect(overlayEntry({ trash }, 'e', [])).toEqual({
    trash: { id: 'e', deleted: 9, pending: false, entry: { ...base, pending: false } },
  })
  const back = overlayEntry({ trash }, 'e', [change('restore')])
  expect(back).toEqual({ entry: { ...base, pending: true } })
  expect(overlayEntry({ trash }, 'e', [change('restore'), change('delete', undefined, { at: 8 })])).toMatchObject({
    trash: { deleted: 8, entry: { note: 'old' } },
  })
})

test('O5: an edit of what was deleted elsewhere shows it again as private, as the server will have it', () => {
  const set = { note: { was: 'old', to: 'new' }, visibility: { was: 'friends', to: 'public' } }
  expect(overlayEntry({ trash }, 'e', [change('update', set)])).toMatchObject({
    entry: { note: 'new', visibility: 'private', pending: true },
  })
  const wider = change('update', { visibility: { was: 'private', to: 'public' } })
  expect(overlayEntry({ trash }, 'e', [change('update', set), wider]).entry?.visibility).toBe('public')
})

test('O7: an outing is its base with its changes over it; deleted it is not there, touched again it comes back', () => {
  const lake = { type: 'outing' as const, id: 'o', name: 'Lake', created: 1 }
  const about = (op: Mutation['op'], set?: Mutation['set']) => change(op, set, { type: 'outing', id: 'o', at: 5 })
  expect(overlayOuting(lake, 'o', [])).toEqual({ ...lake, pending: false })
  expect(overlayOuting(lake, 'o', [about('update', { name: { was: 'Lake', to: null }, note: { to: 'cold' } })])).toEqual({
    type: 'outing',
    id: 'o',
    note: 'cold',
    created: 1,
    pending: true,
  })
  expect(overlayOuting(lake, 'o', [about('delete')])).toBeUndefined()
  expect(overlayOuting(lake, 'o', [about('delete'), about('restore')])?.name).toBe('Lake')
  expect(overlayOuting(undefined, 'o', [about('create', { name: { to: 'Pond' } })])).toMatchObject({ name: 'Pond', created: 5 })
  expect(overlayOuting(undefined, 'o', [about('update', { name: { to: 'x' } })])).toBeUndefined()
})
