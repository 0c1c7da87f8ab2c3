import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from './blob-store.ts'
import { DiskDraft } from './disk-draft.ts'
import { FOLDER_MODE, isMissing, makeFolder, syncFolder, withFile, writeAll } from './disk-files.ts'
import { leavingName, putBackLeaving, removeBlob, walkBlobs, walkDrafts } from './disk-walk.ts'

const SHA256 = /^[0-9a-f]{64}$/
const DRAFT_NAME = /^[A-Za-z0-9_-]{1,100}$/
/** Bytes on their way through `put`: never a draft's name, so that a leftover can be told. */
const PASSING = /^passing\./
/** A leftover is swept when it is this old, in milliseconds: another process may be writing a younger one. */
const LEFTOVER_AGE = 3_600_000

function checked(text: string, form: RegExp, what: string): string {
  if (!form.test(text)) throw new Error(`not ${what}`)
  return text
}

/** Removes what a killed process left of its `put`s. */
async function sweep(drafts: string): Promise<void> {
  for (const name of await readdir(drafts)) {
    if (!PASSING.test(name)) continue
    const path = join(drafts, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > LEFTOVER_AGE) await rm(path, { force: true })
  }
}

/**
 * Blobs as files: `<dir>/blobs/ab/cd/<sha256>`, drafts in `<dir>/drafts`. A blob's name appears by a rename, after its
 * bytes are synced, so that a crash at any point leaves it whole or not there at all.
 * @param dir folder to keep everything in; made when it is not there
 */
export async function openDiskBlobs(dir: string): Promise<BlobStore> {
  const drafts = join(dir, 'drafts')
  await mkdir(dir, { recursive: true, mode: FOLDER_MODE })
  await makeFolder(dir, drafts)
  await makeFolder(dir, join(dir, 'blobs'))
  await sweep(drafts)

  const folderOf = (sha256: string) => join(dir, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4))
  const pathOf = (sha256: string) => join(folderOf(checked(sha256, SHA256, 'a SHA-256')), sha256)
  await putBackLeaving(drafts, pathOf)
  const made = new Map<string, Promise<void>>()

  /** Once for each folder in a process: syncing the names above it costs more than keeping a small blob. */
  async function ensureFolder(folder: string): Promise<void> {
    const making = made.get(folder) ?? makeFolder(dir, folder)
    made.set(folder, making)
    try {
      await making
    } catch (error) {
      made.delete(folder)
      throw error
    }
  }

  /** Gives a synced file its blob's name. Over a blob that is there too: the bytes are the same. */
  async function publish(from: string, sha256: string): Promise<void> {
    const to = pathOf(sha256)
    // Its age is that of the last time its bytes came, not of the day when a slow upload was written.
    const now = new Date()
    await utimes(from, now, now)
    await ensureFolder(folderOf(sha256))
    await rename(from, to)
    await syncFolder(folderOf(sha256))
  }

  async function size(sha256: string): Promise<number | undefined> {
    try {
      return (await stat(pathOf(sha256))).size
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  return {
    draft: (name) => new DiskDraft(drafts, checked(name, DRAFT_NAME, 'a name for a draft'), publish),
    has: async (sha256) => (await size(sha256)) !== undefined,
    size,
    async settle(sha256) {
      if ((await size(sha256)) === undefined) return false
      await ensureFolder(folderOf(sha256))
      await syncFolder(folderOf(sha256))
      return true
    },
    async put(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const passing = join(drafts, `passing.${randomUUID()}`)
      try {
        await withFile(passing, 'wx', async (file) => {
          await writeAll(file, bytes, 0)
          await file.sync()
        })
        await publish(passing, sha256)
      } catch (error) {
        await rm(passing, { force: true })
        throw error
      }
      return sha256
    },
    read: (sha256) => createReadStream(pathOf(sha256)),
    readAll: (sha256) => readFile(pathOf(sha256)),
    list: (after) => walkBlobs(join(dir, 'blobs'), after),
    drafts: () => walkDrafts(drafts, DRAFT_NAME),
    remove: (sha256, mayGo) => removeBlob(pathOf(sha256), join(drafts, leavingName(sha256)), mayGo),
  }
}
