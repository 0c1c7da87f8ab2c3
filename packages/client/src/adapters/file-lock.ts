import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import type { Lock } from '../ports.ts'

const ASK_AGAIN_MS = 250

function tryLock(db: DatabaseSync): boolean {
  try {
    db.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && error.message === 'database is locked') return false
    throw error
  }
}

/** Asks again until the lock is had (true) or the signal aborts (false). */
async function locked(db: DatabaseSync, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (tryLock(db)) return true
    // Aborting ends the wait, and the loop sees why.
    await setTimeout(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined)
  }
  return false
}

/**
 * A lock among the programs of one machine: SQLite's own lock on an empty file, the one file lock that Node brings. The system lets
 * it go when its holder dies, however it dies.
 */
export function fileLock(path: string): Lock {
  return {
    async lead(work, signal) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      const db = new DatabaseSync(path, { timeout: 0 })
      try {
        if (await locked(db, signal)) await work(signal)
      } finally {
        db.close()
      }
    },
  }
}
