import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blobStoreContract, inPieces, sha256Of } from '@biologidex/test-kit/contracts/blob-store'
import { Power } from '@biologidex/test-kit/sim/power'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDiskBlobs } from './disk.ts'

const newFolder = () => mkdtemp(join(tmpdir(), 'biologidex-blobs-'))

async function ageFiles(dir: string, sha256: string, ms: number): Promise<void> {
  const then = new Date(Date.now() - ms)
  await utimes(join(dir, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256), then, then)
  for (const name of await readdir(join(dir, 'drafts'))) await utimes(join(dir, 'drafts', name), then, then)
}

blobStoreContract('disk', async () => {
  const dir = await newFolder()
  return {
    store: await openDiskBlobs(dir),
    reopen: () => openDiskBlobs(dir),
    age: (sha256, ms) => ageFiles(dir, sha256, ms),
    dispose: () => rm(dir, { recursive: true }),
  }
})

describe('disk', () => {
  let dir: string
  beforeEach(async () => {
    dir = await newFolder()
  })
  afterEach(() => rm(dir, { recursive: true }))

  it('lays blobs and drafts out for the server’s user alone', async () => {
    const store = await openDiskBlobs(join(dir, 'data'))
    const bytes = randomBytes(10)
    const sha256 = await store.put(bytes)
    await store.draft('one').append(0, inPieces(bytes), 10)
    const blob = join(dir, 'data/blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
    for (const file of [blob, join(dir, 'data/drafts/one')]) expect((await stat(file)).mode & 0o777).toBe(0o600)
    for (const folder of ['data', 'data/drafts', 'data/blobs', join('data/blobs', sha256.slice(0, 2), sha256.slice(2, 4))]) {
      expect((await stat(join(dir, folder))).mode & 0o777).toBe(0o700)
    }
  })

  it('sweeps what a killed put left, when it is old', async () => {
    await openDiskBlobs(dir)
    for (const name of ['passing.old', 'passing.young', 'draft']) await writeFile(join(dir, 'drafts', name), 'x')
    const longAgo = new Date(Date.now() - 7_200_000)
    for (const name of ['passing.old', 'draft']) await utimes(join(dir, 'drafts', name), longAgo, longAgo)
    await openDiskBlobs(dir)
    expect((await readdir(join(dir, 'drafts'))).sort()).toEqual(['draft', 'passing.young'])
  })

  describe('after a process died, when the power goes', () => {
    const bytes = randomBytes(10)
    const sha256 = sha256Of(bytes)

    async function withPower(work: (power: Power) => Promise<void>): Promise<void> {
      await openDiskBlobs(dir)
      const power = new Power(dir)
      const unwatch = power.watch()
      try {
        await work(power)
      } finally {
        unwatch()
      }
    }

    it('a blob that was settled is there, whose name the dead process had not made durable', () =>
      withPower(async (power) => {
        const died = await openDiskBlobs(dir)
        await died.draft('one').append(0, inPieces(bytes), bytes.length)
        const folder = join(dir, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4))
        await mkdir(folder, { recursive: true })
        await rename(join(dir, 'drafts', 'one'), join(folder, sha256))
        const store = await openDiskBlobs(dir)
        expect(await store.settle(sha256)).toBe(true)
        expect(await store.settle(sha256Of(randomBytes(10)))).toBe(false)
        await power.cut()
        expect(await store.has(sha256)).toBe(true)
      }))

    it('a draft is there that went on from what the dead process had not made durable', () =>
      withPower(async (power) => {
        const file = await open(join(dir, 'drafts', 'one'), 'w')
        await file.write(bytes.subarray(0, 4))
        await file.close()
        const draft = (await openDiskBlobs(dir)).draft('one')
        await draft.append(4, inPieces(bytes.subarray(4)), bytes.length)
        await power.cut()
        expect(await draft.sha256()).toBe(sha256)
      }))
  })

  it('leaves nothing behind when a put fails', async () => {
    const store = await openDiskBlobs(dir)
    const bytes = randomBytes(10)
    const sha256 = sha256Of(bytes)
    await writeFile(join(dir, 'blobs', sha256.slice(0, 2)), 'a file where a folder must be')
    await expect(store.put(bytes)).rejects.toThrow()
    expect(await readdir(join(dir, 'drafts'))).toEqual([])
    await rm(join(dir, 'blobs', sha256.slice(0, 2)))
    expect(await store.put(bytes)).toBe(sha256)
  })
})
