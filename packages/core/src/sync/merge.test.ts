import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VISIBILITIES } from '../entries/entry.ts'
import type { Json } from '../json.ts'
import { mergeField, mergeList, subjectOfClash } from './merge.ts'

const value = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>

test('O4: what the device saw is changed, what it wanted already is left, all else keeps both sides', () => {
  fc.assert(
    fc.property(value, value, value, (current, was, to) => {
      const merged = mergeField('note', current, was, to)
      if (merged.kind === 'taken') expect(merged.value).toEqual(to)
      if (merged.kind === 'conflict') {
        expect(merged.lost).toEqual(to)
        expect(merged.stands).toEqual(current)
      }
    }),
  )
  expect(mergeField('note', 'a', 'a', 'b').kind).toBe('taken')
  expect(mergeField('note', 'b', 'a', 'b').kind).toBe('same')
  expect(mergeField('note', 'c', 'a', 'b')).toEqual({ kind: 'conflict', stands: 'c', lost: 'b' })
  expect(mergeField('note', undefined, null, 'b').kind).toBe('taken')
  expect(mergeField('favourite', false, undefined, true).kind).toBe('taken')
  expect(mergeField('place', { lat: 1, lon: 2 }, { lon: 2, lat: 1 }, null).kind).toBe('taken')
})

test('O4: doing it twice is doing it once', () => {
  fc.assert(
    fc.property(value, value, value, (current, was, to) => {
      const merged = mergeField('note', current, was, to)
      if (merged.kind === 'taken') expect(mergeField('note', merged.value, was, to).kind).toBe('same')
    }),
  )
})

test('O4: of two visibilities the narrower stands', () => {
  const any = fc.constantFrom(...VISIBILITIES)
  fc.assert(
    fc.property(any, any, any, (current, was, to) => {
      const merged = mergeField('visibility', current, was, to)
      expect(merged.kind).not.toBe('conflict')
      const result = merged.kind === 'taken' ? merged.value : current
      if (current !== was)
        expect(VISIBILITIES.indexOf(result as never)).toBe(Math.min(VISIBILITIES.indexOf(current), VISIBILITIES.indexOf(to)))
    }),
  )
})

test('O4: lists change by adding and removing, and twice is once', () => {
  const list = [{ id: 'a' }, { id: 'b' }]
  expect(mergeList(list, [{ id: 'c' }], ['a'])).toEqual([{ id: 'b' }, { id: 'c' }])
  const once = mergeList(list, [{ id: 'c' }], ['a'])
  expect(mergeList(once, [{ id: 'c' }], ['a'])).toEqual(once)
  expect(mergeList(list)).toEqual(list)
})

test('a clash says what it is about: an entry, one of its pictures, an outing, or the account', () => {
  const about = (field: string) => subjectOfClash({ entry: 'e', field })
  expect(about('note')).toEqual({ type: 'entry', id: 'e', field: 'note' })
  expect(about('image/i/alt')).toEqual({ type: 'image', id: 'i', field: 'alt' })
  expect(about('outing/e/name')).toEqual({ type: 'outing', id: 'e', field: 'name' })
  expect(about('bio')).toEqual({ type: 'setting', id: 'e', field: 'bio' })
})

test('O4: unset has many forms, and all of them are one value', () => {
  const unset = fc.constantFrom<Json | undefined>(undefined, null, false, '')
  fc.assert(
    fc.property(unset, unset, unset, (current, was, to) => {
      expect(mergeField('captive', current, was, to ?? null).kind).toBe('same')
      expect(mergeField('captive', current, was, true)).toEqual({ kind: 'taken', value: true })
      expect(mergeField('captive', true, true, to ?? null)).toEqual({ kind: 'taken', value: to ?? null })
    }),
  )
})
