import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pictureStoreContract } from '@biologidex/test-kit/contracts/picture-store'
import { test } from 'vitest'
import type { PictureStore } from '../ports.ts'
import { filePictures } from './file-pictures.ts'

pictureStoreContract(
  'files',
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'biologidex-cache-'))
    const open: PictureStore[] = []
    return {
      async open(account) {
        const store = filePictures(dir, account)
        open.push(store)
        return store
      },
      traces: async (account, dex = '') =>
        readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes(account) && path.includes(dex)),
      async remove() {
        for (const store of open) await store.close()
        rmSync(dir, { recursive: true })
      },
    }
  },
  test,
)
