import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { newDevice, syncContext } from '@biologidex/test-kit/dex'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSqlite } from './sqlite.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biologidex-idle-'))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})

/** Accounts that the file holds without its log. */
async function accountsInFile(path: string): Promise<number> {
  const copy = join(folder, 'copy.sqlite')
  await copyFile(path, copy)
  const db = new DatabaseSync(copy)
  const { count } = db.prepare('SELECT count(*) AS count FROM accounts').get() as { count: number }
  db.close()
  await rm(copy)
  return count
}

test('once nobody writes for a second, what was written lies in the file itself, and not only in its log', async () => {
  const path = join(folder, 'one.sqlite')
  const db = await openSqlite(path)
  const ctx = await syncContext(db)
  await vi.advanceTimersByTimeAsync(1_000)
  await newDevice(ctx)
  await vi.advanceTimersByTimeAsync(900)
  await newDevice(ctx)
  await vi.advanceTimersByTimeAsync(900)
  expect(await accountsInFile(path)).toBe(0)
  await vi.advanceTimersByTimeAsync(100)
  expect(await accountsInFile(path)).toBe(2)
  await newDevice(ctx)
  await db.close()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await accountsInFile(path)).toBe(3)
})
