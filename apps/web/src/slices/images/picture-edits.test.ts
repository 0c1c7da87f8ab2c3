import { type ImagePart, primaryOf } from '@biologidex/core/images/image'
import { LIMITS } from '@biologidex/core/limits'
import type { Mutation } from '@biologidex/core/sync/mutation'
import { type EntryOnScreen, overlay } from '@biologidex/core/sync/overlay'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as edits from './picture-edits.ts'

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const image = (n: number, position: number): ImagePart => ({ id: id(n), state: 'ready', position })
const fresh = (n: number): edits.NewPicture => ({
  image: id(n),
  photo: { bytes: new Uint8Array(3), type: 'image/jpeg', sha256: 'f'.repeat(64) },
  previews: {},
})

function entryWith(images: ImagePart[], primaryImage?: string): EntryOnScreen {
  const base = { type: 'entry', id: id(0), publicId: id(0), visibility: 'private', created: 0, updated: 0 } as const
  return { ...base, pending: false, images, ...(primaryImage ? { primaryImage } : {}) }
}

/** The entry as it is on screen with changes over it. */
function after(entry: EntryOnScreen, drafts: readonly Omit<Mutation, 'n'>[]): EntryOnScreen {
  const shown = overlay(
    entry,
    entry.id,
    drafts.map((draft, n) => ({ ...draft, n: n + 1 })),
  )
  if (!shown) throw new Error('gone')
  return shown
}
const orderOf = (entry: EntryOnScreen) => (entry.images ?? []).map((one) => one.id)
const primary = (entry: EntryOnScreen) => primaryOf(entry.images, entry.primaryImage)?.id

describe('adding', () => {
  it('puts a picture after all others', () => {
    const entry = entryWith([image(1, 0), image(2, 7.5)])
    expect(orderOf(after(entry, edits.addPicture(entry, fresh(9)).drafts))).toEqual([id(1), id(2), id(9)])
    expect(orderOf(after(entryWith([]), edits.addPicture(entryWith([]), fresh(9)).drafts))).toEqual([id(9)])
  })

  it('knows when there is no room', () => {
    const many = Array.from({ length: LIMITS.imagesPerEntry - 1 }, (_, n) => image(n, n))
    expect(edits.roomFor(entryWith(many))).toBe(1)
    expect(edits.roomFor(entryWith([...many, image(50, 50)]))).toBe(0)
  })
})

describe('replacing', () => {
  const cases: [string, EntryOnScreen, number][] = [
    ['the only one', entryWith([image(1, 0)]), 1],
    ['the only one, chosen', entryWith([image(1, 0)], id(1)), 1],
    ['the first of two', entryWith([image(1, 0), image(2, 1)]), 1],
    ['the second of two', entryWith([image(1, 0), image(2, 1)]), 2],
    ['a chosen one', entryWith([image(1, 0), image(2, 1)], id(2)), 2],
    ['one whose place others share', entryWith([image(1, 0), image(2, 0)]), 1],
  ]
  it.each(cases)('gives %s’s place and standing to the new one, and takes it back whole', (_, entry, n) => {
    const old = entry.images?.find((one) => one.id === id(n)) as ImagePart
    const { drafts, photos } = edits.replacePicture(entry, old, fresh(9))
    const replaced = after(entry, drafts)
    expect(photos).toHaveLength(1)
    expect(orderOf(replaced).toSorted()).toEqual(
      orderOf(entry)
        .map((one) => (one === id(n) ? id(9) : one))
        .toSorted(),
    )
    expect(replaced.images?.find((one) => one.id === id(9))?.position).toBe(old.position)
    expect(primary(replaced)).toBe(primary(entry) === id(n) ? id(9) : primary(entry))
    const undone = after(entry, [...drafts, ...edits.unreplaceDrafts(entry, id(n), id(9))])
    expect(orderOf(undone).toSorted()).toEqual(orderOf(entry).toSorted())
    expect(undone.primaryImage).toBe(entry.primaryImage)
  })

  it('of any entry, also of one that another device has taken the picture from meanwhile, and takes back no more than that', () => {
    const places = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(places, fc.nat(), fc.option(fc.nat()), fc.boolean(), (positions, which, chosen, isGone) => {
        const all = positions.sort((a, b) => a - b).map((position, n) => image(n + 1, position))
        const [old = image(1, 0)] = all.slice(which % all.length)
        const primaryImage = chosen === null ? undefined : all[chosen % all.length]?.id
        const entry = entryWith(isGone ? all.filter((one) => one !== old) : all, primaryImage)
        const { drafts } = edits.replacePicture(entry, old, fresh(9))
        const replaced = after(entry, drafts)
        expect(orderOf(replaced).toSorted()).toEqual(
          [...all.filter((one) => one !== old).map((one) => one.id), id(9)].toSorted(),
        )
        expect(replaced.images?.find((one) => one.id === id(9))?.position).toBe(old.position)
        const stood = primaryImage ? primaryImage === old.id : !isGone && primary(entry) === old.id
        if (stood) expect(primary(replaced)).toBe(id(9))
        if (primaryImage && !stood) expect(primary(replaced)).toBe(primaryImage)
        const undone = after(entry, [...drafts, ...edits.unreplaceDrafts(entry, old.id, id(9))])
        expect(orderOf(undone).toSorted()).toEqual(orderOf(entry).toSorted())
        expect(undone.primaryImage).toBe(primaryImage)
        const restores = edits.unreplaceDrafts(entry, old.id, id(9)).filter(({ op }) => op === 'restore')
        expect(restores).toHaveLength(isGone ? 0 : 1)
      }),
    )
  })
})

describe('moving', () => {
  it('brings any picture to any place, and changes nothing else', () => {
    const positions = fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.double({ noNaN: true, min: -1, max: 1 })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(positions, fc.nat(), fc.integer({ min: -2, max: 12 }), (places, which, to) => {
        const entry = entryWith(places.sort((a, b) => a - b).map((position, n) => image(n, position)))
        const order = orderOf(entry)
        const moved = order[which % order.length] ?? ''
        const wanted = order.filter((one) => one !== moved)
        wanted.splice(Math.min(Math.max(to, 0), wanted.length), 0, moved)
        expect(orderOf(after(entry, edits.movePicture(entry, moved, to)))).toEqual(wanted)
      }),
    )
  })

  it('is one change where there is a place between', () => {
    const entry = entryWith([image(1, 0), image(2, 1), image(3, 2)])
    expect(edits.movePicture(entry, id(3), 1)).toEqual([
      { type: 'image', id: id(3), op: 'update', set: { position: { was: 2, to: 0.5 } } },
    ])
    expect(edits.movePicture(entry, id(3), 2)).toEqual([])
    expect(edits.movePicture(entry, id(77), 0)).toEqual([])
  })

  it('finds places for any number of moves into the same gap', () => {
    let entry = entryWith([image(1, 0), image(2, 1), image(3, 2)])
    for (let turn = 0; turn < 80; turn += 1) {
      const last = orderOf(entry)[2] ?? ''
      entry = after(entry, edits.movePicture(entry, last, 1))
      expect(orderOf(entry)[1]).toBe(last)
    }
  })
})

it('describes with what was typed, once, and takes it away again', () => {
  const one = { ...image(1, 0), alt: 'A wren' }
  expect(edits.describeDraft(one, ' A wren ')).toBeUndefined()
  expect(edits.describeDraft(image(1, 0), '  ')).toBeUndefined()
  expect(edits.describeDraft(one, '')?.set).toEqual({ alt: { was: 'A wren', to: null } })
  expect(edits.describeDraft(image(1, 0), 'Two wrens')?.set).toEqual({ alt: { was: null, to: 'Two wrens' } })
})
