import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOwnPath } from './ledger.ts'
import { slug } from './naming.ts'
import { wanted } from './wanted.ts'

const id = (n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`
const SHA = 'a'.repeat(64)
const picture = (n: number) => ({
  id: id(n),
  state: 'ready' as const,
  original: { sha256: SHA, size: 3, type: 'image/jpeg' as const },
})
const entry = (n: number, more: Partial<EntryOnScreen> = {}): EntryOnScreen => ({
  type: 'entry',
  id: id(n),
  publicId: id(n),
  visibility: 'private',
  created: 1,
  updated: 1,
  pending: false,
  ...more,
})
const fox: AnimalItem = {
  type: 'animal',
  id: id(900),
  number: 42,
  scientificName: 'Vulpes vulpes',
  names: { en: ['Red Fox'] },
  rev: 1,
}

const dexOf = (entries: EntryOnScreen[], animal?: AnimalItem) => ({
  ...{ account: id(1), username: 'mara', entries },
  outings: new Map(),
  animal: () => animal,
})

function filesOf(entries: EntryOnScreen[], animal?: AnimalItem): string[] {
  const what = wanted(dexOf(entries, animal))
  return [what.index, ...what.entries.flatMap(({ json, pictures }) => [json, ...pictures])].map(({ path }) => path)
}

describe('what is to lie in the folder', () => {
  it('is named by number, name and id', () => {
    expect(filesOf([entry(7, { animal: fox.id, images: [picture(3)] })], fox)).toEqual([
      'dex.json',
      'entries/0042-red-fox-00000007/entry.json',
      'entries/0042-red-fox-00000007/00000003.jpg',
    ])
    expect(filesOf([entry(7)])).toContain('entries/0000-unnamed-00000007/entry.json')
  })

  it('never leads out of the folder, whatever a name says (hostile names)', () => {
    const bad = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('../../x', '..', '/etc/passwd', 'C:\\x', 'a\0b', '.ssh', 'ﬁ…／'),
    )
    const number = fc.integer({ min: -1_000_000, max: 1_000_000_000 })
    fc.assert(
      fc.property(bad, bad, number, (common, latin, n) => {
        const animal = { ...fox, number: n, scientificName: latin, names: { en: [common] } }
        const said = [{ id: id(5), at: 1, by: common, text: latin }]
        const files = filesOf([entry(7, { animal: fox.id, images: [picture(3)] }), entry(8, { identifications: said })], animal)
        expect(files.filter((path) => !isOwnPath(path))).toEqual([])
      }),
    )
  })

  it('leaves out what has no proper id', () => {
    const bad = { ...entry(7), id: '../../../home' }
    expect(filesOf([bad, entry(8, { images: [{ ...picture(3), id: '..' }] })])).toEqual([
      'dex.json',
      'entries/0000-unnamed-00000008/entry.json',
    ])
  })

  it('tells entries apart whose ids begin alike', () => {
    const twin = '00000007-1111-4000-8000-000000000000'
    const files = filesOf([entry(7), { ...entry(7), id: twin }])
    expect(files).toContain('entries/0000-unnamed-00000007/entry.json')
    expect(files).toContain(`entries/0000-unnamed-${twin}/entry.json`)
  })

  it('is the same for the same dex, in whatever order it comes', () => {
    const all = [entry(1, { note: 'one' }), entry(2), entry(3)]
    const of = (entries: EntryOnScreen[]) => wanted(dexOf(entries))
    expect(of(all.toReversed())).toEqual(of(all))
  })

  it('has every outing, beside its entries and in the list', () => {
    const outing = (n: number, name: string) => ({ type: 'outing' as const, id: id(n), name, note: 'Rain.', created: 1 })
    const [lake, alone] = [outing(20, 'Round the lake'), outing(21, 'Nothing seen')]
    const outings = new Map([alone, lake].map((one) => [one.id, { ...one, pending: true }]))
    const { entries, index } = wanted({ ...dexOf([entry(7, { outing: lake.id })]), outings })
    expect(JSON.parse(entries[0]?.json.text ?? '')).toMatchObject({ outing: lake, entry: { outing: lake.id } })
    expect(JSON.parse(index.text)).toMatchObject({ outings: [lake, alone] })
    expect(index.text).not.toContain('pending')
  })

  it('asks for originals that the server has, damaged and HEIC ones too, and counts those on their way', () => {
    const images = [
      picture(1),
      { ...picture(2), state: 'waiting' as const },
      { ...picture(3), state: 'failed' as const, reason: 'picture_damaged' },
      { ...picture(4), state: 'failed' as const, reason: 'not_a_picture' },
      { ...picture(5), state: 'processing' as const },
    ]
    const [one] = wanted(dexOf([entry(9, { images })])).entries
    expect(one?.pictures.map(({ image }) => image)).toEqual([id(1), id(3), id(5)])
    expect(one?.waiting).toBe(1)
  })
})

it('makes plain names', () => {
  expect(slug('Łódź: Żółw błotny!')).toBe('odz-zo-w-b-otny')
  expect(slug('  Erinaceus   europaeus ')).toBe('erinaceus-europaeus')
  expect(slug('ヒグマ')).toBe('')
  expect(slug('-x'.repeat(60)).length).toBeLessThanOrEqual(40)
})
