import type { ImagePart } from '@biologidex/core/images/image'
import { expect, it } from 'vitest'
import { notTakenWords, pictureWords } from './picture-words.ts'

const image = (state: ImagePart['state'], reason?: string): ImagePart => ({
  id: '11111111-1111-4111-8111-111111111111',
  state,
  ...(reason ? { reason } : {}),
})

it('says where a picture is until it can be shown from the server', () => {
  const places = (['waiting', 'processing', 'ready'] as const).map((state) => pictureWords(image(state), undefined)?.at)
  expect(places).toEqual(['here', 'server', undefined])
})

it('gives the reason by its code, and some reason for a code of a newer server', () => {
  expect(pictureWords(image('failed', 'picture_format_later'), undefined)?.text).toContain('HEIC pictures are kept')
  expect(pictureWords(image('failed', 'toString'), undefined)?.text).toContain('damaged')
  expect(pictureWords(image('failed'), undefined)?.text).toContain('damaged')
})

it('asks for the person only where the picture could not go up', () => {
  const failed = { code: 'checksum_mismatch', message: 'The bytes differ.' }
  expect(pictureWords(image('waiting'), { failed })).toMatchObject({
    at: 'needs',
    text: expect.stringContaining('The bytes differ.'),
  })
  expect(pictureWords(image('failed', 'picture_damaged'), undefined)?.at).toBe('server')
})

it('says why files were not taken, each reason once, and which they were unless it was the only one', () => {
  const refused = ['a.svg', 'b.txt', 'c.svg'].map((name) => ({ name, why: name.endsWith('svg') ? 'No drawings.' : 'No text.' }))
  expect(notTakenWords(refused, 5)).toEqual(['a.svg, c.svg: No drawings.', 'b.txt: No text.'])
  expect(notTakenWords(refused.slice(0, 1), 1)).toEqual(['No drawings.'])
  expect(notTakenWords([], 1)).toEqual([])
})
