import type { OwnEntry } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { created, entry, id, noted } from '@biologidex/test-kit/engine-rig'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredMutation } from './ports.ts'
import { Screen, settledConflicts } from './screen.ts'

const base = (...entries: OwnEntry[]) =>
  new Map(entries.map((each): [string, EntryOnScreen] => [each.id, { ...each, pending: false }]))
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
      const shown = new Screen().entries(base(...synced.map((n) => entry(n))), changes)
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
  expect(screen.entries(base(open), [hidden]).get(id(1))).toMatchObject({ visibility: 'public', pending: false })
  const made: StoredMutation = { ...created(2, 'kept'), n: 2, setAside: aside }
  expect(screen.entries(base(), [made]).get(id(2))).toMatchObject({ note: 'kept', pending: true })
  const gone: StoredMutation = { n: 3, type: 'entry', id: id(1), op: 'delete', setAside: aside }
  expect(screen.entries(base(open), [gone]).has(id(1))).toBe(true)
})

test('E8 changes of a picture show on its entry, whether it is new or synced', () => {
  const screen = new Screen()
  const fields = { entry: { to: id(1) }, sha256: { to: 'a' }, size: { to: 3 }, mediaType: { to: 'image/jpeg' } }
  const made: StoredMutation = { n: 1, type: 'image', id: id(7), op: 'create', set: fields }
  const moved: StoredMutation = { n: 2, type: 'image', id: id(7), op: 'update', set: { alt: { to: 'a moose' } } }
  expect(screen.entries(base(entry(1)), [made, moved]).get(id(1))?.images).toMatchObject([{ id: id(7), alt: 'a moose' }])
  const synced = base({ ...entry(1), images: [{ id: id(7), state: 'ready' }] }, entry(2))
  expect(screen.entries(synced, [moved, { ...moved, n: 3 }]).get(id(1))?.images).toMatchObject([{ id: id(7), alt: 'a moose' }])
  const lost: StoredMutation = { n: 4, type: 'image', id: id(8), op: 'delete' }
  expect(screen.entries(synced, [lost])).toEqual(synced)
})

test('E8 what neither side changed keeps its identity', () => {
  const screen = new Screen()
  const under = base(entry(1), entry(2), entry(3))
  const changes: StoredMutation[] = [{ ...noted(1, 'x'), n: 1 }]
  const first = screen.entries(under, changes)
  const second = screen.entries(under, [...changes, { ...noted(2, 'y'), n: 2 }])
  expect(second).not.toBe(first)
  expect(second.get(id(1))).toBe(first.get(id(1)))
  expect(second.get(id(3))).toBe(under.get(id(3)))
  expect(second.get(id(2))).not.toBe(first.get(id(2)))
  const third = screen.entries(under, [])
  expect(third.get(id(1))).toBe(under.get(id(1)))
})

test('E8 conflicts that were settled here are named, unless their settling was set aside', () => {
  const settle: StoredMutation = { n: 1, type: 'conflict', id: id(1), op: 'delete' }
  expect(settledConflicts([settle, { ...settle, n: 2, id: id(2), setAside: aside }, { ...noted(1, 'x'), n: 3 }])).toEqual([
    id(1),
  ])
  expect(new Screen().entries(base(entry(1)), [settle]).size).toBe(1)
})
