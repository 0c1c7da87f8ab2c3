import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Readable and writable by the server's user alone. */
export const FILE_MODE = 0o600
export const FOLDER_MODE = 0o700

/** What the file system says when there is no such file. */
export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** Runs `work` on an open file and closes it, whatever happens. */
export async function withFile<T>(path: string, flags: string | number, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags, FILE_MODE)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

/** Makes the names in a folder survive a power cut: a file's own sync does not cover its name (O8). */
export const syncFolder = (path: string): Promise<void> => withFile(path, 'r', (folder) => folder.sync())

/** Makes a folder below `top`, with those between, each name durable, whoever made them and however far they came. */
export async function makeFolder(top: string, path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: FOLDER_MODE })
  for (let made = path; made.length > top.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** Writes all of `bytes` at `position`: one call may write less than it was given. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
