import { expect, test } from 'vitest'
import { primaryOf } from './image.ts'
import { sniff } from './sniff.ts'

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))
const ftyp = (...brands: string[]) => bytes(`\0\0\0\x20ftyp${brands.join('')}`)

test.each([
  ['image/jpeg', bytes('\xff\xd8\xff\xe1')],
  ['image/png', bytes('\x89PNG\r\n\x1a\n')],
  ['image/gif', bytes('GIF89a')],
  ['image/webp', bytes('RIFF\0\0\0\0WEBPVP8 ')],
  ['image/avif', ftyp('avif', '\0\0\0\0', 'mif1')],
  ['image/avif', ftyp('mif1', '\0\0\0\0', 'avif')],
  ['image/heic', ftyp('heic', '\0\0\0\0', 'mif1')],
] as const)('%s by its first bytes', (type, head) => {
  expect(sniff(head)).toEqual({ kind: 'picture', type })
})

test.each([
  ['SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg">')],
  ['SVG', bytes('\xef\xbb\xbf \n<?xml version="1.0"?><!-- x --><SVG>')],
  ['TIFF', bytes('II*\0')],
  ['BMP', bytes('BM....')],
])('%s is a picture that is not taken', (what, head) => {
  expect(sniff(head)).toEqual({ kind: 'refused', what })
})

test.each([
  ['a page', bytes('<!doctype html><script>')],
  ['nothing', bytes('')],
  ['a video', ftyp('isom', '\0\0\0\0', 'mp42')],
  ['a page that begins like an XML file', bytes('<?xml version="1.0"?><html>')],
  ['half a signature', bytes('\x89PN')],
])('%s is not a picture', (_what, head) => {
  expect(sniff(head)).toEqual({ kind: 'not_a_picture' })
})

test('the chosen picture stands for an entry while it is there, else the first', () => {
  const images = [{ id: 'a' }, { id: 'b' }]
  expect(primaryOf(images, 'b')?.id).toBe('b')
  expect(primaryOf(images, 'gone')?.id).toBe('a')
  expect(primaryOf(undefined, 'a')).toBeUndefined()
})
