import { deflateRawSync } from 'node:zlib'
import { webHasher } from '@biologidex/client/adapters/system'
import { readOldData } from '@biologidex/client/old-data'
import { SourceRefused } from '@biologidex/core/exchange/import-codes'
import { LIMITS } from '@biologidex/core/limits'
import { oldPicture, v2Files } from '@biologidex/test-kit/old-client'
import { makeZip, type ZipFile, type ZipMaking, zipOf } from '@biologidex/test-kit/zips'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { zipSource } from './zip-source.ts'

const USER = '0b3c4d5e-1111-4222-8333-444455556666'
const ACCOUNT = '11111111-1111-4111-8111-111111111111'
const blob = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)])
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const file = (name: string, more: Partial<ZipFile> = {}): ZipFile => ({ name, bytes: Buffer.from('{"records":[]}'), ...more })
const codeOf = (files: readonly ZipFile[], making?: ZipMaking): Promise<unknown> =>
  zipSource(blob(makeZip(files, making))).then(
    () => 'taken',
    (error: unknown) => (error instanceof SourceRefused ? error.code : error),
  )

test('a folder that was zipped is read as the folder', async () => {
  const picture = await oldPicture(1)
  const files = v2Files({ [USER]: [{ index: 1, scientific: 'Alces alces', common: 'Moose', picture }] })
  const source = await zipSource(
    blob(
      makeZip([
        { name: 'dex_data/', bytes: Buffer.alloc(0), method: 0, mode: 0o040755 },
        ...[...files].map(([name, bytes], i) => ({ name, bytes, method: i % 2 ? 0 : 8 })),
      ]),
    ),
  )
  expect(source.files.map(({ path, size }) => [path, size])).toEqual([...files].map(([path, { length }]) => [path, length]))
  for (const [path, bytes] of files) expect(Buffer.from(await source.read(path)).equals(bytes)).toBe(true)
  const { dexes } = await readOldData(source, ACCOUNT, webHasher())
  expect(dexes).toMatchObject([{ user: USER, identified: [{ file: [...files.keys()][0] }] }])
})

test.each<[string, ZipFile]>([
  ['zip_paths', file('../up_dex.json')],
  ['zip_paths', file('a/../../up_dex.json')],
  ['zip_paths', file('a\\..\\..\\up_dex.json')],
  ['zip_paths', file('/etc/a_dex.json')],
  ['zip_paths', file('C:\\a_dex.json')],
  ['zip_paths', file('\\\\host\\a_dex.json')],
  ['zip_paths', file('a\0_dex.json')],
  ['zip_links', file('a_dex.json', { mode: 0o120777 })],
  ['zip_links', file('a_dex.json', { mode: 0o060600 })],
  ['zip_encrypted', file('a_dex.json', { flags: 1 })],
  ['zip_encrypted', file('a_dex.json', { flags: 0x2000 })],
  ['zip_encrypted', file('a_dex.json', { method: 99, packed: Buffer.from('x') })],
  ['zip_unknown_form', file('a_dex.json', { method: 14, packed: Buffer.from('x') })],
  ['zip_lies', file('a_dex.json', { size: 60_000_000 })],
  ['zip_lies', file('a_dex.json', { method: 0, size: 5 })],
  ['zip_too_large', file('a_dex.json', { size: 0xffffffff })],
  ['zip_doubled', file('a_dex.json', { packedSize: 5_000 })],
])('%s: nothing is taken of %j', async (code, bad) => {
  expect(await codeOf([file('good_dex.json'), bad])).toBe(code)
})

test('names that stand twice, and files that share their bytes, are refused', async () => {
  expect(await codeOf([file('a_dex.json'), file('a_dex.json')])).toBe('zip_doubled')
  expect(await codeOf([file('a/b.json'), file('a\\b.json')])).toBe('zip_doubled')
  expect(await codeOf([file('a_dex.json'), file('b_dex.json', { over: true })])).toBe('zip_doubled')
})

test('more files than there may be, or than there are, are refused', async () => {
  expect(await codeOf([file('a.json')], { count: 0xffff })).toBe('zip_too_many')
  expect(await codeOf([file('a.json')], { count: 7 })).toBe('zip_damaged')
  expect(await codeOf([file('a.json')], { count: 0 })).toBe('zip_damaged')
  expect(await codeOf([file('a.json')], { directoryBytes: 70_000_000 })).toBe('zip_too_many')
  const many = Array.from({ length: 100 }, (_, i) => file(`${i}.json`, { packed: Buffer.alloc(60_000), size: 60_000_000 }))
  expect(await codeOf(many)).toBe('zip_too_large')
})

test('a bomb that says too little is stopped where it says it ends, and refused', async () => {
  const bomb = deflateRawSync(Buffer.alloc(100_000_000), { level: 9 })
  const source = await zipSource(blob(makeZip([file('a_dex.json', { packed: bomb, size: 1_000 })])))
  await expect(source.read('a_dex.json')).rejects.toThrow(SourceRefused)
  await expect(readOldData(source, ACCOUNT, webHasher())).rejects.toMatchObject({ code: 'zip_lies' })
})

test('a list larger than lists may be is not unpacked; a zip in a zip is not opened; both are said', async () => {
  const large = LIMITS.importListBytes + 1
  const inner = zipOf(new Map([['b_dex.json', Buffer.from('{"records":[{"scientific_name":"Alces alces"}]}')]]))
  const source = await zipSource(
    blob(makeZip([file('a_dex.json', { packed: Buffer.alloc(70_000), size: large }), file('inner.zip', { bytes: inner })])),
  )
  const { dexes, notices } = await readOldData(source, ACCOUNT, webHasher())
  expect(dexes).toEqual([])
  expect(notices).toEqual([
    { path: 'a_dex.json', code: 'file_too_large' },
    { path: 'inner.zip', code: 'zip_inside' },
  ])
})

test('what is damaged inside costs that file alone', async () => {
  const list = Buffer.from(
    JSON.stringify({
      records: Array.from({ length: 4_000 }, (_, i) => ({
        creation_index: i,
        scientific_name: `Genus n${'abcdefghij'[i % 10]}${i * 7_919}`,
      })),
    }),
  )
  const packed = deflateRawSync(list)
  packed.fill(0xff, packed.length >> 1)
  const source = await zipSource(
    blob(makeZip([file('a_dex.json', { bytes: list, packed }), file('b.json', { bytes: Buffer.from('whole') })])),
  )
  const read = await source.read('a_dex.json')
  expect(read.length).toBeGreaterThan(list.length / 3)
  expect(list.subarray(0, 5_000).equals(Buffer.from(read.subarray(0, 5_000)))).toBe(true)
  expect(text(await source.read('b.json'))).toBe('whole')
})

test('no zip, half a zip or one changed anywhere is ever more than what it was', async () => {
  const whole = zipOf(
    new Map([
      ['a_dex.json', Buffer.from('{"records":[{"scientific_name":"Alces alces"}]}')],
      ['b.txt', Buffer.from('b'.repeat(500))],
    ]),
  )
  for (const bytes of [Buffer.alloc(0), Buffer.from('PK'), Buffer.alloc(70_000), whole.subarray(0, -10), whole.subarray(30)])
    await expect(zipSource(blob(bytes))).rejects.toMatchObject({ code: 'zip_damaged' })
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bad = Buffer.from(whole)
      bad[at] = (bad[at] ?? 0) ^ change
      try {
        const source = await zipSource(blob(bad))
        const sizes = await Promise.all(
          source.files.map(async ({ path }) => (await source.read(path).catch(() => new Uint8Array())).length),
        )
        expect(Math.max(...sizes)).toBeLessThan(300_000)
      } catch (error) {
        expect(error).toBeInstanceOf(SourceRefused)
      }
    }),
    { numRuns: 300 },
  )
})
