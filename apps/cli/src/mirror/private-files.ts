import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Readable and writable by who runs the program alone. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

/** What the file system says when there is no such file. */
export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: FOLDER_MODE })
}

async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags, FILE_MODE)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

/**
 * Writes a file whole or not at all, and so that it is there after a power cut. What a kill leaves lies in `passing`.
 * @param passing a folder on the same file system, for bytes on their way
 */
export async function writeWhole(path: string, content: Uint8Array | string, passing = dirname(path)): Promise<void> {
  await makePrivateFolder(dirname(path))
  const partial = join(passing, `.passing-${randomUUID()}`)
  try {
    await withFile(partial, 'wx', async (file) => {
      await file.writeFile(content)
      await file.sync()
    })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  await withFile(dirname(path), 'r', (folder) => folder.sync())
}

/** Adds a line to a file, durably. */
export async function addLine(path: string, line: string): Promise<void> {
  await withFile(path, 'a', async (file) => {
    await file.appendFile(`${line}\n`)
    await file.datasync()
  })
}
