import fc from 'fast-check'
import { expect, test } from 'vitest'
import { payloadsOf } from './others.ts'

const words = fc.array(fc.stringMatching(/^[a-z:0-9-]{1,60}$/), { maxLength: 500 })

test('every word is said once, in payloads that PostgreSQL takes', () => {
  fc.assert(
    fc.property(words, (said) => {
      const payloads = payloadsOf('me', said)
      expect(payloads.flatMap((payload) => payload.split('\n').slice(1))).toEqual(said)
      for (const payload of payloads) {
        expect(payload.startsWith('me\n')).toBe(true)
        expect(Buffer.byteLength(payload)).toBeLessThan(8_000)
      }
    }),
  )
})
