import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSearch, stringifySearch } from '../search-text.ts'
import { uuid } from './test-facts.ts'
import { PLAIN, searchOf, viewOf } from './wall-address.ts'

const read = (address: string) => viewOf(parseSearch(address))

describe('the wall’s part of an address', () => {
  it('reads as people would write it', () => {
    expect(read('?class=aves&year=2026&sort=date')).toEqual({
      picks: { class: ['aves'], year: ['2026'] },
      sort: 'date',
      reverse: false,
    })
    expect(read('?year=2025,2026&class=Mammalia&class=aves&favourite=yes&reverse=yes')).toEqual({
      picks: { class: ['aves', 'mammalia'], year: ['2026', '2025'], favourite: ['yes'] },
      sort: 'number',
      reverse: true,
    })
  })

  it('is written with commas, and not at all for the plain wall', () => {
    const view = {
      picks: { year: ['2025', '2026'], class: ['mammalia', 'aves'], animal: [] },
      sort: 'name',
      reverse: false,
    } as const
    expect(stringifySearch(searchOf(view))).toBe('?class=aves,mammalia&year=2026,2025&sort=name')
    expect(stringifySearch(searchOf(PLAIN))).toBe('')
  })

  it('ignores what makes no sense, and keeps the rest', () => {
    const bad =
      '?class=unicorns,aves,__proto__&year=20266,abcd&visibility=everyone&outing=1&sort=colour&reverse=1&uploaded=yes&x=%ZZ'
    expect(read(bad)).toEqual({ picks: { class: ['aves'] }, sort: 'number', reverse: false })
    expect(viewOf({ class: 7, year: ['2026'], sort: null, captive: { yes: true } })).toEqual(PLAIN)
    expect(read(`?outing=${uuid(3)}`).picks).toEqual({ outing: [uuid(3)] })
  })

  it('never throws, whatever stands in an address, and says the same again once written', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('class', 'aves', 'year', '2026', 'sort', 'date', '=', '&', ',', '%', 'yes'),
    )
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (address) => {
          const view = read(address)
          expect(read(stringifySearch(searchOf(view)))).toEqual(view)
        },
      ),
    )
  })
})

describe('plain words in an address', () => {
  it('come back as they went, whatever they are', () => {
    const search = { again: uuid(1), text: 'a b&c=d,é+%', number: '2026', none: undefined }
    expect(parseSearch(stringifySearch(search))).toEqual({ again: uuid(1), text: 'a b&c=d,é+%', number: '2026' })
  })
})
