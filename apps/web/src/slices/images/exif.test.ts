import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { observedFrom, placeFrom, readExif } from './exif.ts'

const EXIF = {
  IFD2: { DateTimeOriginal: '2026:09:14 07:10:31', OffsetTimeOriginal: '-08:00' },
  IFD3: {
    GPSLatitudeRef: 'S',
    GPSLatitude: '63/1 5/1 1234/100',
    GPSLongitudeRef: 'W',
    GPSLongitude: '147/1 30/1 0/1',
    GPSAltitudeRef: '0',
    GPSAltitude: '850/10',
    GPSHPositioningError: '12/1',
  },
}
const picture = (exif?: typeof EXIF) => {
  const grey = sharp({ create: { width: 8, height: 8, channels: 3, background: '#888' } })
  return exif ? grey.withExif(exif) : grey
}

describe('readExif', () => {
  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('reads date and place from %s', async (format) => {
    const bytes = new Uint8Array(await picture(EXIF).toFormat(format).toBuffer())
    expect(await readExif(bytes)).toEqual({
      observed: { at: '2026-09-14T07:10', zone: -480 },
      place: { lat: -63.086761, lon: -147.5, accuracy: 12, altitude: 85 },
    })
  })

  it('reads it where HEIC puts it, behind other boxes', async () => {
    const webp = await picture(EXIF).webp().toBuffer()
    const block = webp.subarray(webp.indexOf('EXIF') + 8)
    const heic = new Uint8Array([
      0,
      0,
      0,
      24,
      ...Buffer.from('ftypheic\0\0\0\0mif1heic'),
      ...Buffer.from('mdat....Exif\0\0'),
      ...block,
    ])
    expect((await readExif(heic)).observed).toEqual({ at: '2026-09-14T07:10', zone: -480 })
  })

  it.each(['jpeg', 'png', 'gif'] as const)('finds nothing in a %s that says nothing', async (format) => {
    expect(await readExif(new Uint8Array(await picture().toFormat(format).toBuffer()))).toEqual({})
  })

  it('survives whatever else the bytes are', async () => {
    const starts = [[0xff, 0xd8, 0xff, 0xe1], [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0], [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8], []]
    const hostile = fc.tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }))
    await fc.assert(
      fc.asyncProperty(hostile, async ([start, rest]) => {
        expect(await readExif(new Uint8Array([...start, ...rest]))).toBeTypeOf('object')
      }),
    )
  })

  it('survives real EXIF with bytes of it changed', async () => {
    const bytes = new Uint8Array(await picture(EXIF).jpeg().toBuffer())
    const change = fc.array(fc.tuple(fc.nat({ max: 700 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        const damaged = bytes.slice()
        for (const [at, byte] of changes) damaged[at] = byte
        expect(await readExif(damaged)).toBeTypeOf('object')
      }),
    )
  })
})

describe('observedFrom', () => {
  it.each(['0000:00:00 00:00:00', '    :  :     :  :  ', '2026:02:31 10:00:00', '2026:09:14 25:00:00', '', 7, undefined])(
    'believes no date like %j',
    (taken) => {
      expect(observedFrom({ DateTimeOriginal: taken })).toBeUndefined()
    },
  )
  it.each([
    ['+02:00', 120],
    ['-03:30', -210],
    ['+00:00', 0],
    ['-00:00', 0],
    ['+99:00', undefined],
    ['   :  ', undefined],
    [2, undefined],
  ])('reads the offset %j as %j', (offset, zone) => {
    const read = observedFrom({ DateTimeOriginal: '2026:09:14 07:10:31', OffsetTimeOriginal: offset })
    expect(read).toEqual({ at: '2026-09-14T07:10', ...(zone === undefined ? {} : { zone }) })
  })
})

describe('placeFrom', () => {
  const at = (lat: unknown, lon: unknown, more = {}) =>
    placeFrom({ GPSLatitude: lat, GPSLatitudeRef: 'N', GPSLongitude: lon, GPSLongitudeRef: 'E', ...more })

  it.each([
    [
      [999, 0, 0],
      [13, 0, 0],
    ],
    [
      [52, 0, 0],
      [181, 0, 0],
    ],
    [
      [Number.NaN, 0, 0],
      [13, 0, 0],
    ],
    [
      [-52, 0, 0],
      [13, 0, 0],
    ],
    ['52', '13'],
    [undefined, undefined],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [Number.POSITIVE_INFINITY, 0, 0],
      [1, 0, 0],
    ],
  ])('believes no place like %j, %j', (lat, lon) => {
    expect(at(lat, lon)).toBeUndefined()
  })
  it.each([
    [1, -3.5],
    [new Uint8Array([1]), -3.5],
    [new Uint8Array([0]), 3.5],
    [undefined, 3.5],
  ])('reads an altitude whose reference is %j as %j m', (GPSAltitudeRef, altitude) => {
    expect(at([52, 30, 0], [4, 0, 0], { GPSAltitude: 3.5, GPSAltitudeRef })).toEqual({ lat: 52.5, lon: 4, altitude })
  })
  it('wants to know which half of the earth', () => {
    expect(placeFrom({ GPSLatitude: [52, 0, 0], GPSLongitude: [13, 0, 0] })).toBeUndefined()
  })
  it('drops an accuracy or altitude that makes no sense, and keeps the place', () => {
    const hostile = { GPSHPositioningError: -3, GPSAltitude: 1e9 }
    expect(at([52, 30, 0], [13, 0, 0], hostile)).toEqual({ lat: 52.5, lon: 13 })
  })
})
