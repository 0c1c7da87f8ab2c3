import { randomUUID } from 'node:crypto'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobFound, DraftFound } from './blob-store.ts'
import { isMissing } from './disk-files.ts'

/** Bytes on their way out: by their checksum, and anew each time, since two processes may sweep. */
const LEAVING = /^leaving\.([0-9a-f]{64})\./
export const leavingName = (sha256: string): string => `leaving.${sha256}.${randomUUID()}`

/** What `stat` says of a file, with its age in milliseconds; undefined when it is gone. */
export async function ageOf(path: string): Promise<{ size: number; age: number } | undefined> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { size, age: Date.now() - mtimeMs }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Names in a folder, in order, from the one that `from` begins with. */
async function namesFrom(folder: string, from: string): Promise<string[]> {
  const names = await readdir(folder)
  return names.filter((name) => name >= from).sort()
}

/** Walks through `<top>/ab/cd/<sha256>`: at most one folder's names are in memory. */
export async function* walkBlobs(top: string, after = ''): AsyncGenerator<BlobFound> {
  for (const ab of await namesFrom(top, after.slice(0, 2))) {
    for (const cd of await namesFrom(join(top, ab), after.startsWith(ab) ? after.slice(2, 4) : '')) {
      for (const sha256 of await namesFrom(join(top, ab, cd), after)) {
        const found = sha256 > after ? await ageOf(join(top, ab, cd, sha256)) : undefined
        if (found) yield { sha256, ...found }
      }
    }
  }
}

/** @param isDraft tells drafts by their names from bytes on their way in or out */
export async function* walkDrafts(drafts: string, isDraft: RegExp): AsyncGenerator<DraftFound> {
  for (const name of await readdir(drafts)) {
    const found = isDraft.test(name) ? await ageOf(join(drafts, name)) : undefined
    if (found) yield { name, age: found.age }
  }
}

/** Puts back what a process that died was about to remove: nobody knows whether it might go. */
export async function putBackLeaving(drafts: string, pathOf: (sha256: string) => string): Promise<void> {
  for (const name of await readdir(drafts)) {
    const sha256 = LEAVING.exec(name)?.[1]
    if (sha256) await rename(join(drafts, name), pathOf(sha256))
  }
}

/**
 * Takes a blob out of reach, then asks whether it may go. Bytes that arrived before are young, those that arrive after lie
 * under the blob's name: both stay. A crash between leaves a file that `putBackLeaving` finds.
 */
export async function removeBlob(from: string, aside: string, mayGo: (age: number) => Promise<boolean>): Promise<boolean> {
  try {
    await rename(from, aside)
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  let goes = false
  try {
    goes = await mayGo((await ageOf(aside))?.age ?? 0)
  } finally {
    await (goes ? rm(aside, { force: true }) : rename(aside, from))
  }
  return goes
}
