import type { ConnectionState, SyncStatus } from '@biologidex/client/face'
import { describe, expect, it } from 'vitest'
import { onlyHere, syncWords, type Writing } from './sync-words.ts'

const write: Writing = { count: String, time: (instant) => `at ${instant}` }
const status = (connection: ConnectionState, parts: Partial<SyncStatus> = {}): SyncStatus => ({
  connection,
  here: { changes: 0, pictures: 0 },
  needsYou: 0,
  ...parts,
})
const words = (...of: Parameters<typeof status>) => syncWords(status(...of), write)

describe('how sync stands, in words', () => {
  it('says that the dex is being opened', () => {
    expect(syncWords(undefined, write).id).toBe('sync.opening')
  })

  it('shows counts while rows arrive, not a spinner', () => {
    const now = words('syncing', { progress: { current: 312, total: 1040 } })
    expect(now).toMatchObject({
      id: 'sync.counted',
      values: { current: '312', total: '1040' },
      progress: { current: 312, total: 1040 },
    })
    expect(words('idle', { progress: { current: 312, total: 1040 } }).progress).toBeUndefined()
    expect(words('syncing', { progress: { current: 0, total: 0 } }).progress).toBeUndefined()
  })

  it('says how much is only here, changes and pictures together', () => {
    const here = { changes: 11, pictures: 1 }
    expect(onlyHere({ here })).toBe(12)
    expect(words('idle', { here })).toMatchObject({ mark: 'here', id: 'sync.here', values: { count: 12 } })
  })

  it('takes being offline as a normal state with its own words', () => {
    expect(words('offline', { here: { changes: 1, pictures: 0 } })).toMatchObject({ mark: 'here', id: 'sync.offline' })
    expect(words('offline').id).toBe('sync.offline.calm')
    expect(words('waiting').id).toBe('sync.waiting')
  })

  it('asks for the person where only the person can help', () => {
    expect(words('signed_out')).toMatchObject({ mark: 'needs', id: 'sync.signedOut' })
    expect(words('refused')).toMatchObject({ mark: 'needs', id: 'sync.refused' })
  })

  it('says when it was up to date, and stays at that during the next look', () => {
    expect(words('idle', { lastSuccess: 7 })).toMatchObject({ mark: 'server', id: 'sync.upToDate', values: { time: 'at 7' } })
    expect(words('syncing', { lastSuccess: 7 }).id).toBe('sync.upToDate')
    expect(words('syncing').id).toBe('sync.looking')
  })
})
