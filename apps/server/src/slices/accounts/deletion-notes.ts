import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isUuid } from '@biologidex/core/ids'
import { FOLDER_MODE, syncFolder, withFile } from '../../blobs/disk-files.ts'

/**
 * Ids of deleted accounts as empty files in the data folder, beside the database: a database that comes back from a backup has them
 * again, and they are deleted again (G3).
 */
const folderOf = (dataDir: string): string => join(dataDir, 'deleted-accounts')

/** Notes a deletion; durable when it resolves. */
export async function noteDeletion(dataDir: string, account: string): Promise<void> {
  const folder = folderOf(dataDir)
  if (await mkdir(folder, { recursive: true, mode: FOLDER_MODE })) await syncFolder(dataDir)
  await withFile(join(folder, account), 'w', (file) => file.sync())
  await syncFolder(folder)
}

/** Takes the note of a deletion back that did not come about. */
export async function dropDeletionNote(dataDir: string, account: string): Promise<void> {
  await rm(join(folderOf(dataDir), account), { force: true })
}

/** Ids of the accounts that were deleted here. */
export async function notedDeletions(dataDir: string): Promise<string[]> {
  await mkdir(folderOf(dataDir), { recursive: true, mode: FOLDER_MODE })
  return (await readdir(folderOf(dataDir))).filter(isUuid)
}
