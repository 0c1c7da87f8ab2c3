import { blobCacheContract } from '@biologidex/test-kit/contracts/blob-cache'
import { localStoreContract } from '@biologidex/test-kit/contracts/local-store'
import { pictureStoreContract } from '@biologidex/test-kit/contracts/picture-store'
import { mutation } from '@biologidex/test-kit/contracts/samples'
import type { StorePlace } from '@biologidex/test-kit/contracts/store-place'
import { expect, test } from 'vitest'
import { StorageFull } from '../ports.ts'
import { memoryBlobs, memoryStore } from './memory.ts'
import { Crash, MemoryDisk } from './memory-disk.ts'
import { memoryPictures } from './memory-pictures.ts'

const diskIn =
  (disks: Map<string, MemoryDisk>) =>
  (account: string): MemoryDisk => {
    const disk = disks.get(account) ?? new MemoryDisk()
    disks.set(account, disk)
    return disk
  }

async function makePlace(): Promise<StorePlace> {
  const disks = new Map<string, MemoryDisk>()
  const diskOf = diskIn(disks)
  const holds = (value: unknown, text: string): boolean => {
    if (typeof value === 'string') return value.includes(text)
    if (value instanceof Map) return [...value].some((pair) => holds(pair, text))
    return typeof value === 'object' && value !== null && Object.values(value).some((member) => holds(member, text))
  }
  return {
    open: async (account) => memoryStore(diskOf(account)),
    traces: async (text) => [...disks].filter(([, disk]) => holds(disk.records, text)).map(([account]) => account),
    remove: async () => disks.clear(),
  }
}

localStoreContract('memory', makePlace, test, 10)

blobCacheContract(
  'memory',
  async () => {
    const disks = new Map<string, MemoryDisk>()
    const diskOf = diskIn(disks)
    return {
      open: async (account) => memoryBlobs(diskOf(account)),
      isEmpty: async (account) => diskOf(account).records.blobs.size === 0,
      remove: async () => disks.clear(),
    }
  },
  test,
)

pictureStoreContract(
  'memory',
  async () => {
    const disks = new Map<string, MemoryDisk>()
    const diskOf = diskIn(disks)
    return {
      open: async (account) => memoryPictures(diskOf(account)),
      traces: async (account, dex) =>
        [...diskOf(account).records.pictures.keys()].filter((key) => dex === undefined || key.startsWith(dex)),
      remove: async () => disks.clear(),
    }
  },
  test,
)

test.each(['before', 'after'] as const)(
  'a crash %s a write ends every open store; a new one finds the old state or the new',
  async (when) => {
    const disk = new MemoryDisk()
    const [store, tab] = [memoryStore(disk), memoryStore(disk)]
    await store.writeAccount({ digest: 'old' })
    disk.failAt(2, when)
    await store.writeAccount({ syncs: [] })
    await expect(store.writeAccount({ digest: 'new' })).rejects.toThrow(Crash)
    await expect(store.load()).rejects.toThrow(Crash)
    await expect(tab.load()).rejects.toThrow(Crash)
    expect((await memoryStore(disk).load()).digest).toBe(when === 'before' ? 'old' : 'new')
  },
)

test('a full disk refuses what would grow, and still lets go', async () => {
  const disk = new MemoryDisk()
  const [store, blobs] = [memoryStore(disk), memoryBlobs(disk)]
  await blobs.put('a', new Uint8Array(3))
  disk.full = true
  await expect(blobs.put('b', new Uint8Array(3))).rejects.toThrow(StorageFull)
  await expect(store.updateAccount(() => ({ putMutations: [mutation(1)] }))).rejects.toThrow(StorageFull)
  await blobs.delete(['a'])
  await store.writeAccount({ dropMutations: [1] })
  expect(await blobs.keys()).toEqual([])
})
