import { afterEach, expect, it, vi } from 'vitest'
import { addressOf, releaseAddress } from './picture-address.ts'

afterEach(() => void vi.restoreAllMocks())

const withBase64 = (length: number): Uint8Array => Object.assign(new Uint8Array(length), { toBase64: () => 'AAAA' })

it('holds a small picture itself where the browser can write it down quickly, and nothing is to be given back', () => {
  const revoke = vi.spyOn(URL, 'revokeObjectURL')
  const address = addressOf(withBase64(50_000))
  expect(address).toBe('data:image/webp;base64,AAAA')
  releaseAddress(address)
  expect(revoke).not.toHaveBeenCalled()
})

it('names a large picture, or any where the browser cannot, until it is given back', () => {
  const revoke = vi.spyOn(URL, 'revokeObjectURL')
  vi.spyOn(URL, 'createObjectURL').mockReturnValueOnce('blob:1').mockReturnValueOnce('blob:2')
  const plain = Object.assign(new Uint8Array(10), { toBase64: undefined })
  for (const bytes of [withBase64(500_000), plain]) releaseAddress(addressOf(bytes))
  expect(revoke.mock.calls).toEqual([['blob:1'], ['blob:2']])
})
