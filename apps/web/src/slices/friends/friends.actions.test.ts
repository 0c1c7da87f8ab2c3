import { CODE_LENGTH, CODE_LETTERS } from '@biologidex/core/friends/friend'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askByCode, codeOf, spacedCode } from './friends.actions.ts'

const code = fc.string({ unit: fc.constantFrom(...CODE_LETTERS), minLength: CODE_LENGTH, maxLength: CODE_LENGTH })
const between = fc.constantFrom('', ' ', '-', '–', '\t', '  ')

describe('a friend code as it is typed', () => {
  it('is known in any case and spacing', () => {
    fc.assert(
      fc.property(code, fc.array(between, { minLength: CODE_LENGTH, maxLength: CODE_LENGTH }), (wanted, gaps) => {
        const typed = [...wanted].map((letter, i) => `${letter.toLowerCase()}${gaps[i]}`).join('')
        expect(codeOf(typed)).toBe(wanted)
        expect(codeOf(spacedCode(wanted))).toBe(wanted)
      }),
    )
  })

  it('is none with other letters, too few or too many', () => {
    for (const typed of ['', 'ABCD234', 'ABCD23456', 'ABCD234O', 'ABCD 2341', 'not a code'])
      expect(codeOf(typed)).toBeUndefined()
  })

  it('asks under an id of its own: whom, the server finds out', () => {
    const [one, other] = [askByCode('ABCD2345'), askByCode('ABCD2345')]
    expect(one).toMatchObject({ type: 'friend', op: 'create', set: { code: { to: 'ABCD2345' } } })
    expect(one.id).not.toBe(other.id)
  })
})
