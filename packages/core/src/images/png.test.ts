import { png } from '@biologidex/test-kit/pictures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkPicture } from '../exchange/check-picture.ts'
import { LIMITS } from '../limits.ts'
import { crc32, pngSize } from './png.ts'

const picture = async () => new Uint8Array(await png({ width: 40, height: 30 }))

test('CRC-32 is that of PNG and zip, in one go or in pieces', () => {
  const bytes = new TextEncoder().encode('123456789')
  expect(crc32(bytes)).toBe(0xcbf43926)
  expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf43926)
})

test('a whole PNG says its size; one that was cut or changed anywhere says nothing', async () => {
  const bytes = await picture()
  expect(pngSize(bytes)).toEqual({ width: 40, height: 30 })
  expect(checkPicture(bytes)).toEqual({ type: 'image/png' })
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bad = bytes.slice()
      bad[at] = (bad[at] ?? 0) ^ change
      expect(checkPicture(bad)).not.toEqual({ type: 'image/png' })
      expect(checkPicture(bytes.subarray(0, at))).toEqual({ code: 'picture_damaged' })
    }),
    { numRuns: 300 },
  )
})

test('what is no picture, another kind, or too large is said', async () => {
  expect(checkPicture(new TextEncoder().encode('<html>'))).toEqual({ code: 'picture_damaged' })
  expect(checkPicture(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg">'))).toEqual({
    code: 'picture_refused',
  })
  expect(checkPicture(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toEqual({ type: 'image/jpeg' })
  expect(checkPicture(new Uint8Array(LIMITS.pictureBytes + 1))).toEqual({ code: 'picture_too_large' })
  const wide = await picture()
  const view = new DataView(wide.buffer)
  view.setUint32(16, 20_000)
  view.setUint32(20, 20_000)
  view.setUint32(29, crc32(wide.subarray(12, 29)))
  expect(checkPicture(wide)).toEqual({ code: 'picture_too_large' })
})
