import type { OwnEntry } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { created, entry, id, noted } from '@biologidex/test-kit/engine-rig'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredMutation } from './ports.ts'
import { type EntryMaps, outingsOnScreen, profileOnScreen, Screen, settledConflicts } from './screen.ts'

const base = (...entries: OwnEntry[]) =>
  new Map(entries.map((each): [string, EntryOnScreen] => [each.id, { ...each, pending: false }]))
/** What a screen shows alive, of a feed without a trash. */
const alive = (screen: Screen, entries: EntryMaps['entries'], changes: readonly StoredMutation[]) =>
  screen.show({ entries, trash: new Map() }, changes).entries
const aside = { code: 'internal', message: 'no' }

test('E8 no pending change is ever lost from the screen: the last word on each entry shows', () => {
  const op = fc.record({ entry: fc.nat(3), kind: fc.constantFrom('create', 'note', 'count', 'delete'), result: fc.boolean() })
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(3)), fc.array(op, { maxLength: 25 }), (synced, ops) => {
      const model = new Map<number, { note?: string; count?: number }>(synced.map((n) => [n, { note: `note ${n}` }]))
      const changes: StoredMutation[] = []
      for (const [index, { entry: n, kind, result }] of ops.entries()) {
        const more = { n: index + 1, ...(result ? { result: { n: index + 1, status: 'done' as const, seq: 99 } } : {}) }
        const known = model.get(n)
        if (kind === 'create' && !known && !changes.some((change) => change.id === id(n))) {
          model.set(n, { note: 'made' })
          changes.push({ ...created(n, 'made'), ...more })
        } else if (kind === 'delete' && known) {
          model.delete(n)
          changes.push({ type: 'entry', id: id(n), op: 'delete', ...more })
        } else if (kind === 'note' && known) {
          known.note = `typed ${index}`
          changes.push({ ...noted(n, known.note), ...more })
        } else if (kind === 'count' && known) {
          known.count = index + 1
          changes.push({ type: 'entry', id: id(n), op: 'update', set: { count: { to: index + 1 } }, ...more })
        }
      }
      const shown = alive(new Screen(), base(...synced.map((n) => entry(n))), changes)
      expect([...shown.keys()].sort()).toEqual([...model.keys()].map(id).sort())
      for (const [n, says] of model) expect(shown.get(id(n))).toMatchObject(says)
    }),
  )
})

test('E8 a change that was set aside shows only while its entry is on no server', () => {
  const screen = new Screen()
  const set = { visibility: { was: 'public', to: 'private' } }
  const hidden: StoredMutation = { n: 1, type: 'entry', id: id(1), op: 'update', set, setAside: aside }
  const open = { ...entry(1), visibility: 'public' as const }
  expect(alive(screen, base(open), [hidden]).get(id(1))).toMatchObject({ visibility: 'public', pending: false })
  const made: StoredMutation = { ...created(2, 'kept'), n: 2, setAside: aside }
  expect(alive(screen, base(), [made]).get(id(2))).toMatchObject({ note: 'kept', pending: true })
  const gone: StoredMutation = { n: 3, type: 'entry', id: id(1), op: 'delete', setAside: aside }
  expect(alive(screen, base(open), [gone]).has(id(1))).toBe(true)
})

test('E8 changes of a picture show on its entry, whether it is new or synced', () => {
  const screen = new Screen()
  const fields = { entry: { to: id(1) }, sha256: { to: 'a' }, size: { to: 3 }, mediaType: { to: 'image/jpeg' } }
  const made: StoredMutation = { n: 1, type: 'image', id: id(7), op: 'create', set: fields }
  const moved: StoredMutation = { n: 2, type: 'image', id: id(7), op: 'update', set: { alt: { to: 'a moose' } } }
  expect(alive(screen, base(entry(1)), [made, moved]).get(id(1))?.images).toMatchObject([{ id: id(7), alt: 'a moose' }])
  const synced = base({ ...entry(1), images: [{ id: id(7), state: 'ready' }] }, entry(2))
  expect(alive(screen, synced, [moved, { ...moved, n: 3 }]).get(id(1))?.images).toMatchObject([{ id: id(7), alt: 'a moose' }])
  const lost: StoredMutation = { n: 4, type: 'image', id: id(8), op: 'delete' }
  expect(alive(screen, synced, [lost])).toEqual(synced)
})

test('E8 what neither side changed keeps its identity', () => {
  const screen = new Screen()
  const under = base(entry(1), entry(2), entry(3))
  const changes: StoredMutation[] = [{ ...noted(1, 'x'), n: 1 }]
  const first = alive(screen, under, changes)
  const second = alive(screen, under, [...changes, { ...noted(2, 'y'), n: 2 }])
  expect(second).not.toBe(first)
  expect(second.get(id(1))).toBe(first.get(id(1)))
  expect(second.get(id(3))).toBe(under.get(id(3)))
  expect(second.get(id(2))).not.toBe(first.get(id(2)))
  const third = alive(screen, under, [])
  expect(third.get(id(1))).toBe(under.get(id(1)))
})

test('E8 conflicts that were settled here are named, unless their settling was set aside', () => {
  const settle: StoredMutation = { n: 1, type: 'conflict', id: id(1), op: 'delete' }
  expect(settledConflicts([settle, { ...settle, n: 2, id: id(2), setAside: aside }, { ...noted(1, 'x'), n: 3 }])).toEqual([
    id(1),
  ])
  expect(alive(new Screen(), base(entry(1)), [settle]).size).toBe(1)
})

test('E8 the own profile shows pending settings, but none that was set aside', () => {
  const profile = { type: 'profile' as const, id: id(1), username: 'mara', displayName: 'Mara' }
  const rename = (n: number, to: string): StoredMutation => {
    return { n, type: 'setting', id: id(1), op: 'update', set: { displayName: { to } } }
  }
  expect(profileOnScreen(profile, [rename(1, 'M.'), { ...rename(2, 'Refused'), setAside: aside }])?.displayName).toBe('M.')
  expect(profileOnScreen(profile, [{ n: 2, ...created(2, 'an entry') }])).toBe(profile)
  expect(profileOnScreen(undefined, [rename(1, 'M.')])).toBeUndefined()
})

test('E8 what is deleted here is in the trash at once, and out of it at once when it is brought back', () => {
  const screen = new Screen()
  const gone: StoredMutation = { n: 1, type: 'entry', id: id(1), op: 'delete', at: 5 }
  const deleted = screen.show({ entries: base(entry(1), entry(2)), trash: new Map() }, [gone])
  expect([...deleted.entries.keys()]).toEqual([id(2)])
  expect(deleted.trash.get(id(1))).toMatchObject({ deleted: 5, pending: true, entry: { note: 'note 1' } })
  const trash = new Map([[id(1), { id: id(1), entry: { ...entry(1), pending: false }, deleted: 5, pending: false }]])
  const back: StoredMutation = { n: 2, type: 'entry', id: id(1), op: 'restore' }
  const restored = screen.show({ entries: base(), trash }, [back])
  expect(restored.entries.get(id(1))).toMatchObject({ note: 'note 1', pending: true })
  expect(restored.trash.size).toBe(0)
  expect(screen.changesOf(id(1))).toEqual([back])
  // Set aside, it claims nothing: the entry is where the server has it.
  const refused = screen.show({ entries: base(), trash }, [{ ...back, setAside: aside }])
  expect([refused.entries.size, refused.trash.size]).toEqual([0, 1])
  expect(screen.changesOf(id(1))).toEqual([])
})

test('E8 outings show as entries do', () => {
  const lake = { type: 'outing' as const, id: id(1), name: 'Lake', created: 1, pending: false }
  const under = new Map([[id(1), lake]])
  const made: StoredMutation = { n: 1, type: 'outing', id: id(2), op: 'create', set: { name: { to: 'Pond' } }, at: 3 }
  const named: StoredMutation = { n: 2, type: 'outing', id: id(1), op: 'update', set: { name: { was: 'Lake', to: 'Loch' } } }
  const shown = outingsOnScreen(under, [made, named])
  expect([...shown.values()].map(({ name, pending }) => [name, pending])).toEqual([
    ['Loch', true],
    ['Pond', true],
  ])
  const gone: StoredMutation = { n: 3, type: 'outing', id: id(1), op: 'delete' }
  expect(outingsOnScreen(under, [gone]).size).toBe(0)
  expect(outingsOnScreen(under, [{ ...gone, setAside: aside }]).get(id(1))).toEqual(lake)
  expect(outingsOnScreen(under, [{ ...made, setAside: aside }]).get(id(2))).toMatchObject({ name: 'Pond' })
})
