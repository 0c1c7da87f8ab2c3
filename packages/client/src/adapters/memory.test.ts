import { localStoreContract } from '@biologidex/test-kit/contracts/local-store'
import type { StorePlace } from '@biologidex/test-kit/contracts/store-place'
import { expect, test } from 'vitest'
import { memoryStore } from './memory.ts'
import { Crash, MemoryDisk } from './memory-disk.ts'

async function makePlace(): Promise<StorePlace> {
  const disks = new Map<string, MemoryDisk>()
  const diskOf = (account: string): MemoryDisk => {
    const disk = disks.get(account) ?? new MemoryDisk()
    disks.set(account, disk)
    return disk
  }
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
