import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blobCacheContract } from '@biologidex/test-kit/contracts/blob-cache'
import { ACCOUNT } from '@biologidex/test-kit/contracts/store-place'
import { expect, test } from 'vitest'
import type { Sealer } from '../ports.ts'
import { fileBlobs } from './file-blobs.ts'
import { nodeSealer } from './node-sealer.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'biologidex-blobs-'))

const place = (sealer?: Sealer) => async () => {
  const dir = folder()
  return {
    open: async (account: string) => fileBlobs(dir, account, sealer),
    isEmpty: async (account: string) => !existsSync(join(dir, account)),
    remove: async () => rmSync(dir, { recursive: true }),
  }
}
blobCacheContract('files', place(), test)
blobCacheContract('files, sealed', place(nodeSealer(randomBytes(32))), test)

test('files: waiting pictures lie sealed, those that the server has as they are', async () => {
  const dir = folder()
  const blobs = fileBlobs(dir, ACCOUNT, nodeSealer(randomBytes(32)))
  const marker = Buffer.from('marker of a place')
  for (const key of ['sealed/a', 'preview/a/wall', 'ab'.repeat(32)]) await blobs.put(key, marker)
  const found = readdirSync(join(dir, ACCOUNT)).filter((name) => readFileSync(join(dir, ACCOUNT, name)).includes(marker))
  expect(found).toEqual([`${'ab'.repeat(32)}.blob`])
  rmSync(dir, { recursive: true })
})

test('files: what a dead program left half-written is no blob, and goes after a while', async () => {
  const dir = folder()
  const [young, old] = ['young.part', 'old.part'].map((name) => join(dir, ACCOUNT, name)) as [string, string]
  const blobs = fileBlobs(dir, ACCOUNT)
  for (const file of [young, old]) writeFileSync(file, 'half')
  utimesSync(old, 0, 0)
  expect(await blobs.keys()).toEqual([])
  await blobs.put('a', new Uint8Array([1]))
  expect(readdirSync(join(dir, ACCOUNT)).sort()).toEqual(['a.blob', 'young.part'])
  rmSync(dir, { recursive: true })
})

test('files: no key leads out of the folder', async () => {
  const dir = folder()
  const blobs = fileBlobs(dir, ACCOUNT)
  const keys = ['..', '.', '../../escape', '/etc/passwd', 'a\\..\\b', '%2e%2e', '']
  for (const key of keys) await blobs.put(key, new TextEncoder().encode(key))
  expect(readdirSync(dir)).toEqual([ACCOUNT])
  expect((await blobs.keys()).sort()).toEqual([...keys].sort())
  for (const key of keys) expect(new TextDecoder().decode(await blobs.get(key))).toBe(key)
  rmSync(dir, { recursive: true })
})
