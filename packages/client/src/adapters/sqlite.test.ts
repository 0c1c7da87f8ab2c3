import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localStoreContract } from '@biologidex/test-kit/contracts/local-store'
import type { StorePlace } from '@biologidex/test-kit/contracts/store-place'
import { test } from 'vitest'
import type { LocalStore } from '../ports.ts'
import { sqliteStore } from './sqlite.ts'

async function makePlace(): Promise<StorePlace> {
  const dir = mkdtempSync(join(tmpdir(), 'biologidex-store-'))
  const open: LocalStore[] = []
  return {
    async open(account) {
      const store = sqliteStore(dir, account)
      open.push(store)
      return store
    },
    traces: async (text) =>
      readdirSync(dir).filter((name) => name.includes(text) || readFileSync(join(dir, name)).includes(text)),
    async remove() {
      for (const store of open) await store.close()
      rmSync(dir, { recursive: true })
    },
  }
}

localStoreContract('sqlite', makePlace, test)
