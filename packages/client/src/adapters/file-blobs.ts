import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type BlobCache, type Sealer, StorageFull, StoreGone } from '../ports.ts'
import { isOnlyHere, openBlocks, sealBlocks } from './sealing.ts'

const KEPT = '.blob'
const PARTIAL = '.part'
/** A partial file this old was left by a program that died. */
const LEFT_OVER_MS = 60 * 60 * 1000

const nameOf = (key: string): string => `${encodeURIComponent(key)}${KEPT}`
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** What the file system refused, in the terms of the ports. */
function translated(error: unknown): unknown {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StorageFull()
  return code === 'ENOENT' ? new StoreGone() : error
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Removes what programs that died left of files they were writing. */
async function tidy(folder: string): Promise<void> {
  const before = Date.now() - LEFT_OVER_MS
  for (const name of await readdir(folder)) {
    if (!name.endsWith(PARTIAL)) continue
    const file = join(folder, name)
    if ((await stat(file)).mtimeMs < before) await rm(file, { force: true })
  }
}

/**
 * A BlobCache of files in the folder `dir/<account>`: each is whole and synced before it has its name. With a sealer, what is only
 * here lies sealed, in blocks of 1 MiB (I2).
 */
export function fileBlobs(dir: string, account: string, sealer?: Sealer): BlobCache {
  const folder = join(dir, encodeURIComponent(account))
  if (mkdirSync(folder, { recursive: true, mode: 0o700 })) syncFolder(dirname(folder))
  let ended = false
  let tidied: Promise<void> | undefined
  const check = (): void => {
    if (ended || !existsSync(folder)) throw new StoreGone()
  }
  return {
    async get(key) {
      check()
      try {
        const found = new Uint8Array(await readFile(join(folder, nameOf(key))))
        return sealer && isOnlyHere(key) ? await openBlocks(sealer, found, key) : found
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      }
    },
    async put(key, bytes) {
      check()
      tidied ??= tidy(folder)
      await tidied
      const partial = join(folder, `${randomUUID()}${PARTIAL}`)
      try {
        await writeSynced(partial, sealer && isOnlyHere(key) ? await sealBlocks(sealer, bytes, key) : bytes)
        await rename(partial, join(folder, nameOf(key)))
        syncFolder(folder)
      } catch (error) {
        await rm(partial, { force: true })
        throw translated(error)
      }
    },
    async delete(keys) {
      check()
      for (const key of keys) await rm(join(folder, nameOf(key)), { force: true })
    },
    async keys() {
      check()
      const names = (await readdir(folder)).filter((name) => name.endsWith(KEPT))
      return names.map((name) => decodeURIComponent(name.slice(0, -KEPT.length)))
    },
    async wipe() {
      check()
      ended = true
      await rm(folder, { recursive: true, force: true })
    },
    async close() {
      ended = true
    },
  }
}
