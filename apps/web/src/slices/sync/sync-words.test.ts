import type { ConnectionState, SyncStatus } from '@biologidex/client/face'
import { describe, expect, it } from 'vitest'
import { onlyHere, syncWords, troubleWords, type Writing } from './sync-words.ts'

const write: Writing = { count: String, time: (instant) => `at ${instant}`, opened: 100 }
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

describe('what went wrong, in words', () => {
  const failed = (code: string, at = 200) => ({ lastError: { at, code } })

  it.each([
    ['storage_full', 'sync.trouble.full'],
    ['store_gone', 'sync.trouble.gone'],
    ['protocol_outdated', 'sync.trouble.outdated'],
    ['account_deleted', 'sync.trouble.deleted'],
    ['wrong_account', 'sync.trouble.account'],
    ['origin_refused', 'sync.trouble.origin'],
  ])('says of %s what to do about it', (code, id) => {
    expect(words('refused', failed(code))).toEqual({ mark: 'needs', id })
  })

  it('does not blame the server for what cannot be opened here', () => {
    expect(words('waiting', failed('seal_broken'))).toEqual({ mark: 'needs', id: 'sync.trouble.seal' })
    expect(words('waiting', failed('internal')).id).toBe('sync.waiting')
    expect(troubleWords('network')).toBeUndefined()
  })

  it.each([
    ['seal_broken', 'sync.trouble.seal'],
    ['item_not_understood', 'sync.trouble.unknown'],
    ['chunk_refused', 'sync.trouble.unknown'],
  ])('tells of %s though sync went on, for as long as the page is open', (code, id) => {
    expect(words('idle', { lastSuccess: 200, ...failed(code) })).toEqual({ mark: 'needs', id })
    expect(words('idle', { lastSuccess: 900, ...failed(code) })).toEqual({ mark: 'needs', id })
    expect(words('idle', { lastSuccess: 900, ...failed(code, 99) }).id).toBe('sync.upToDate')
  })

  it('tells of what is wrong with the content until that is made good, beside what hinders sync just now', () => {
    const trouble = { at: 50, code: 'item_not_understood' as const }
    const beside = { mark: 'needs', id: 'sync.trouble.unknown' }
    expect(words('idle', { lastSuccess: 900, trouble, ...failed('network') })).toEqual(beside)
    const offline = { mark: 'needs', id: 'sync.offline.calm', beside: { id: 'sync.trouble.unknown' } }
    expect(words('offline', { trouble, ...failed('network') })).toMatchObject(offline)
    expect(words('waiting', { unreadable: 2 })).toMatchObject({ id: 'sync.waiting', beside: { id: 'sync.unreadable' } })
    expect(words('waiting', { trouble: { at: 50, code: 'seal_broken' }, ...failed('seal_broken') }).beside).toBeUndefined()
  })

  it('leaves what a later sync made good', () => {
    expect(words('idle', { lastSuccess: 900, ...failed('storage_full') }).id).toBe('sync.upToDate')
  })

  it('counts what waits here and cannot be opened', () => {
    expect(words('idle', { lastSuccess: 900, unreadable: 2 })).toMatchObject({
      mark: 'needs',
      id: 'sync.unreadable',
      values: { count: 2 },
    })
  })
})
