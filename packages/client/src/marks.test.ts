import { id } from '@biologidex/test-kit/contracts/samples'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Marks, markOf } from './marks.ts'

/** Ids whose marks lie in each other where two of them meet in a text. */
const ids = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map(id),
  fc.integer({ min: 0, max: 1 << 12 }).map((bits) => `1-${bits.toString(2).padStart(12, '0')}`),
)
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete', 'has', 'write'), ids), { maxLength: 300 })

test('E49 marks are a set, whether they lie in a text or not', () => {
  fc.assert(
    fc.property(fc.uniqueArray(ids, { selector: markOf }), steps, (first, all) => {
      const model = new Set(first.map(markOf))
      let marks = new Marks([...model].join(''))
      for (const [kind, which] of all) {
        const mark = markOf(which)
        if (kind === 'add') {
          model.add(mark)
          marks.add(mark)
        } else if (kind === 'delete') expect(marks.delete(mark)).toBe(model.delete(mark))
        else if (kind === 'has') expect(marks.has(mark)).toBe(model.has(mark))
        else marks = new Marks(String(marks))
        expect(marks.size).toBe(model.size)
      }
      expect([...marks].sort()).toEqual([...model].sort())
    }),
  )
})
