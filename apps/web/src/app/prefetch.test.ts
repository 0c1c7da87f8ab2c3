import { describe, expect, it } from 'vitest'
import { mayPrefetch, platePictures } from './prefetch.ts'
import type { Cell } from './wall/cells.ts'

describe('fetching ahead', () => {
  it('leaves it where somebody saves data or the connection is slow', () => {
    expect(mayPrefetch({ saveData: true, effectiveType: '4g' })).toBe(false)
    for (const effectiveType of ['slow-2g', '2g', '3g']) expect(mayPrefetch({ effectiveType })).toBe(false)
    expect(mayPrefetch({ effectiveType: '4g', saveData: false })).toBe(true)
    expect(mayPrefetch({})).toBe(true)
  })

  it('asks for the pictures of plates, and nothing for gaps or plates without one', () => {
    const plate = { kind: 'plate', key: 'a', entry: 'a', name: '', latin: '', sync: 'server', favourite: false } as const
    const cells: Cell[] = [
      { ...plate, picture: { entry: 'a', image: 'i', sha256: 's' } },
      { kind: 'gap', key: 'gap 2', from: 2, to: 4 },
      plate,
    ]
    expect(platePictures('dex', cells)).toEqual([{ dex: 'dex', entry: 'a', image: 'i', sha256: 's', rendition: 'wall' }])
  })
})
