import type { Unsent } from '@biologidex/client/face'
import { SealBroken } from '@biologidex/client/ports'
import { makeZip } from '@biologidex/test-kit/zips'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { NotSavedWork, readWork, TooMuchWork, zipWork } from './work-zip.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const IMAGE = '22222222-2222-4222-8222-222222222222'
const PHOTO = Uint8Array.from({ length: 3_000 }, (_, i) => (i * 7) % 251)
const PICTURE = { image: IMAGE, entry: ID, sha256: 'ab'.repeat(32), size: PHOTO.length, mediaType: 'image/jpeg' }
const work: Unsent = {
  changes: [{ n: 4, type: 'entry', id: ID, op: 'update', set: { note: { was: null, to: 'Ünder the 🦔' } }, at: 5 }],
  pictures: [PICTURE],
}
const zipped = (more: Partial<Parameters<typeof zipWork>[0]> = {}) =>
  zipWork({
    account: ID,
    username: 'mara',
    now: 1_790_000_000_000,
    work,
    original: async () => PHOTO,
    readme: 'Words',
    ...more,
  })
const saving = async (more?: Parameters<typeof zipped>[0]): Promise<Blob> => (await zipped(more)).file
const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer())
const blobOf = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)])
const text = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

test('what was saved is read back: changes as they were, photos byte for byte', async () => {
  const { work: read, photo } = await readWork(await saving())
  expect(read).toMatchObject({ account: ID, username: 'mara', changes: work.changes })
  expect(await photo(IMAGE)).toEqual(PHOTO)
  expect(await photo(ID)).toBeUndefined()
})

test.each<[string, () => Promise<Uint8Array | undefined>]>([
  ['are not there', async () => undefined],
  ['cannot be opened', () => Promise.reject(new SealBroken())],
])('a photo whose bytes %s is left out and counted, and the rest is saved', async (_, broken) => {
  const other = { ...PICTURE, image: ID }
  const original = (image: string) => (image === IMAGE ? broken() : Promise.resolve(PHOTO))
  const { file, lacking } = await zipped({ work: { ...work, pictures: [PICTURE, other] }, original })
  const { work: read, photo } = await readWork(file)
  expect(lacking).toBe(1)
  expect(read.changes).toHaveLength(1)
  expect(await photo(IMAGE)).toBeUndefined()
  expect(await photo(ID)).toEqual(PHOTO)
})

test('any other failure is one of saving: nothing is handed out', async () => {
  await expect(saving({ original: () => Promise.reject(new Error('closed')) })).rejects.toThrow('closed')
})

test('a zip that was unpacked and packed again is read as well; a photo in another size than it says is not', async () => {
  const { work: read } = await readWork(await saving())
  const file = `photos/${IMAGE}.jpg`
  const packed = zipSync({ 'work.json': text(read), [file]: [PHOTO, { level: 9 }] })
  expect(await (await readWork(blobOf(packed))).photo(IMAGE)).toEqual(PHOTO)
  const longer = zipSync({ 'work.json': text(read), [file]: [new Uint8Array(9_000), { level: 0 }] })
  expect(await (await readWork(blobOf(longer))).photo(IMAGE)).toBeUndefined()
})

test('more than one file holds that can be read again is refused before anything is written', async () => {
  const many = Array.from({ length: 81 }, () => ({ ...PICTURE, size: 50_000_000 }))
  const read: string[] = []
  const original = async (image: string) => {
    read.push(image)
    return PHOTO
  }
  await expect(saving({ work: { ...work, pictures: many }, original })).rejects.toThrow(TooMuchWork)
  expect(read).toEqual([])
})

test('what is no saved work is refused, whatever it is', async () => {
  const good = await bytesOf(await saving())
  const others = [
    new Uint8Array(),
    text('PK\u0003\u0004 hello'),
    good.subarray(0, good.length - 30),
    zipSync({}),
    zipSync({ 'other.json': text('{}') }),
    zipSync({ 'work.json': text('no json') }),
    zipSync({ 'work.json': new Uint8Array([0xff, 0xfe, 0x80]) }),
    zipSync({ '../work.json': text((await readWork(blobOf(good))).work) }),
    makeZip([{ name: 'work.json', bytes: Buffer.from('{}'), packed: Buffer.alloc(250_000), size: 201_000_000 }]),
  ]
  for (const bytes of others) await expect(readWork(blobOf(bytes))).rejects.toThrow(NotSavedWork)
})

test('no damage to a file makes it into anything but what it was, or a refusal', async () => {
  const good = await bytesOf(await saving())
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bad = good.slice()
      bad[at] = (bad[at] ?? 0) ^ change
      try {
        const { work: read, photo } = await readWork(blobOf(bad))
        expect(read.changes.length).toBeLessThanOrEqual(1)
        expect((await photo(IMAGE))?.length ?? PHOTO.length).toBe(PHOTO.length)
      } catch (error) {
        expect(error).toBeInstanceOf(NotSavedWork)
      }
    }),
    { numRuns: 200 },
  )
})
