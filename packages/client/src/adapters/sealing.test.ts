import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SealBroken, type Sealer } from '../ports.ts'
import { fileSealer, nodeSealer } from './node-sealer.ts'
import { openBlocks, openText, sealBlocks, sealText } from './sealing.ts'
import { webSealer } from './web-sealer.ts'

const MIB = 1024 * 1024
const RAW = randomBytes(32)
const webKey = (raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
const makers: [string, () => Promise<Sealer>][] = [
  ['node', async () => nodeSealer(RAW)],
  ['web', async () => webSealer(await webKey(new Uint8Array(RAW)))],
]
const broken = (work: Promise<unknown>) => expect(work).rejects.toThrow(SealBroken)

describe.each(makers)('a sealer (%s)', (_, make) => {
  test('opens what it sealed, of any size, and never seals alike twice', async () => {
    const sealer = await make()
    for (const size of [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 5]) {
      const bytes = new Uint8Array(size).fill(7)
      const [one, two] = [await sealBlocks(sealer, bytes, 'a'), await sealBlocks(sealer, bytes, 'a')]
      expect(Buffer.compare(one, two)).not.toBe(0)
      expect(Buffer.compare(await openBlocks(sealer, one, 'a'), bytes)).toBe(0)
    }
  })

  test('refuses another label, every changed byte, and blocks that are moved, left out or added', async () => {
    const sealer = await make()
    const sealed = await sealText(sealer, 'Ünder the 🦔', 'outbox/1')
    expect(await openText(sealer, sealed, 'outbox/1')).toBe('Ünder the 🦔')
    await broken(openText(sealer, sealed, 'outbox/2'))
    await broken(openText(sealer, 'plain', 'outbox/1'))
    for (const at of sealed.keys())
      await broken(
        openText(
          sealer,
          sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)),
          'outbox/1',
        ),
      )
    for (const size of [0, 5, 27]) await broken(openText(sealer, sealed.subarray(0, size), 'outbox/1'))

    const blocks = await sealBlocks(sealer, randomBytes(3 * MIB), 'p')
    const block = MIB + 28
    const cut = (...order: number[]) => Buffer.concat(order.map((i) => blocks.subarray(i * block, (i + 1) * block)))
    expect((await openBlocks(sealer, cut(0, 1, 2), 'p')).length).toBe(3 * MIB)
    for (const order of [[0, 1], [1, 2], [1, 0, 2], [0, 1, 2, 2], [0]]) await broken(openBlocks(sealer, cut(...order), 'p'))
  })
})

test('what one kind sealed the other opens, whatever it is', async () => {
  const [node, web] = await Promise.all(makers.map(([, make]) => make()))
  if (!node || !web) throw new Error('two kinds')
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), async (bytes, label) => {
      expect([...(await web.open(await node.seal(bytes, label), label))]).toEqual([...bytes])
      expect([...(await node.open(await web.seal(bytes, label), label))]).toEqual([...bytes])
    }),
    { numRuns: 50 },
  )
})

test('a key in a file is made once, for its owner only, and stays', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'biologidex-key-'))
  const path = join(dir, 'deep', 'key')
  const [one, two] = [fileSealer(path), fileSealer(path)]
  expect(two.open(one.seal(new Uint8Array([5]), 'a'), 'a')[0]).toBe(5)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  expect(readdirSync(join(dir, 'deep'))).toEqual(['key'])
  writeFileSync(path, 'no key')
  expect(() => fileSealer(path)).toThrow('holds no key')
  rmSync(dir, { recursive: true })
})
