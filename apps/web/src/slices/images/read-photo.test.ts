import { AppError, type ErrorCode } from '@biologidex/core/errors'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { fit } from './fit.ts'
import { pictureTypeOf, readPhoto } from './read-photo.ts'

const codeOf = async (work: () => unknown): Promise<ErrorCode | undefined> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return undefined
}

it.each<[string, string, ErrorCode]>([
  ['SVG', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'picture_type_refused'],
  ['a page', '<!doctype html><script>alert(1)</script>', 'not_a_picture'],
  ['an empty file', '', 'not_a_picture'],
  ['TIFF', 'II*\0........', 'picture_type_refused'],
])('refuses %s, whatever its name and type say', async (_, text, code) => {
  const file = new File([text], 'fox.jpg', { type: 'image/jpeg' })
  expect(await codeOf(() => readPhoto(file))).toBe(code)
})

it('refuses more than 50 MB before reading it', async () => {
  expect(await codeOf(() => pictureTypeOf(new Uint8Array([0xff, 0xd8, 0xff]), 50_000_001))).toBe('picture_too_large')
  expect(pictureTypeOf(new Uint8Array([0xff, 0xd8, 0xff]), 50_000_000)).toBe('image/jpeg')
})

it('keeps every byte, and knows them by their SHA-256', async () => {
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  const read = await readPhoto(new File([new Uint8Array(png)], 'x.html', { type: 'text/html' }))
  expect(read.type).toBe('image/png')
  expect(Buffer.from(read.bytes).equals(png)).toBe(true)
  expect(read.sha256).toBe(Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(png))).toString('hex'))
})

it('fits a square without enlarging, never below a pixel', () => {
  expect(fit({ width: 4000, height: 3000 }, 1600)).toEqual({ width: 1600, height: 1200 })
  expect(fit({ width: 300, height: 200 }, 512)).toEqual({ width: 300, height: 200 })
  expect(fit({ width: 20_000, height: 1 }, 512)).toEqual({ width: 512, height: 1 })
})
