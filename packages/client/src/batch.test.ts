import { LIMITS } from '@biologidex/core/limits'
import { dependsOn } from '@biologidex/core/sync/mutation'
import { id, noted } from '@biologidex/test-kit/engine-rig'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextBatch, toWire } from './batch.ts'
import type { StoredMutation } from './ports.ts'

const change = (n: number, entry: number, note = 'x'): StoredMutation => ({ ...noted(entry, note), n })
const picture = (n: number, image: number, entry: number): StoredMutation => ({
  n,
  type: 'image',
  id: id(image),
  op: 'create',
  set: { entry: { to: id(entry) } },
})

/** True when no thing has changes on both sides. */
function apart(before: readonly StoredMutation[], after: readonly StoredMutation[]): boolean {
  const keys = new Set(before.flatMap(dependsOn))
  return !after.flatMap(dependsOn).some((key) => keys.has(key))
}

test('E4 batches follow one another without loss, in order, and split an entry only where they must', () => {
  const row = fc.tuple(fc.nat(5), fc.option(fc.nat(3)))
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (rows, limit) => {
      const all = rows.map(([entry, image], index) =>
        image === null ? change(index + 1, entry) : picture(index + 1, 100 + image, entry),
      )
      let rest: readonly StoredMutation[] = all
      const sent: StoredMutation[] = []
      while (rest.length > 0) {
        const batch = nextBatch(rest, limit)
        expect(batch.length).toBeGreaterThan(0)
        expect(batch.length).toBeLessThanOrEqual(limit)
        const after = rest.slice(batch.length)
        if (!apart(batch, after)) {
          // There was no better place: every shorter cut splits something too.
          for (let cut = 1; cut < batch.length; cut += 1) {
            expect(apart(rest.slice(0, cut), rest.slice(cut))).toBe(false)
          }
        }
        sent.push(...batch)
        rest = after
      }
      expect(sent).toEqual(all)
    }),
  )
})

test('E4 a push stays below the limit in bytes, even of text that takes three for each character', () => {
  const all = Array.from({ length: 500 }, (_, index) => change(index + 1, index, '猫'.repeat(LIMITS.noteChars)))
  const batch = nextBatch(all, LIMITS.mutationsPerPush)
  expect(new TextEncoder().encode(JSON.stringify(batch.map(toWire))).length).toBeLessThan(LIMITS.pushBytes)
  expect(batch.length).toBeGreaterThan(50)
})

test('E4 a change that is too large alone goes alone', () => {
  const all = [change(1, 1, 'x'.repeat(5_000_000)), change(2, 2)]
  expect(nextBatch(all, 500)).toHaveLength(1)
})
