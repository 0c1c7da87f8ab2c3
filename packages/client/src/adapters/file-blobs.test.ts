import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blobCacheContract } from '@biologidex/test-kit/contracts/blob-cache'
import { ACCOUNT } from '@biologidex/test-kit/contracts/store-place'
import { expect, test } from 'vitest'
import { fileBlobs } from './file-blobs.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'biologidex-blobs-'))

blobCacheContract(
  'files',
  async () => {
    const dir = folder()
    return {
      open: async (account) => fileBlobs(dir, account),
      isEmpty: async (account) => !existsSync(join(dir, account)),
      remove: async () => rmSync(dir, { recursive: true }),
    }
  },
  test,
)

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
