import { constants, type Dirent } from 'node:fs'
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileNotice, OldSource } from '@biologidex/client/old-data'
import { LIMITS } from '@biologidex/core/limits'
import { Refused } from '../refused.ts'

const MOST_DEPTH = 32

/** Everything below a folder, found without following links. */
class Walk {
  readonly #root: string
  readonly files: { path: string; size: number }[] = []
  readonly notices: FileNotice[] = []

  constructor(root: string) {
    this.#root = root
  }

  async into(below: string, depth: number): Promise<void> {
    if (depth > MOST_DEPTH) return
    const names = await this.#namesIn(below)
    for (const one of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? one.name : `${below}/${one.name}`
      if (one.isSymbolicLink()) this.notices.push({ path, code: 'link_not_followed' })
      else if (one.isDirectory()) await this.into(path, depth + 1)
      else if (one.isFile()) await this.#note(path)
    }
  }

  async #namesIn(below: string): Promise<Dirent[]> {
    try {
      return await readdir(join(this.#root, below), { withFileTypes: true })
    } catch (error) {
      if (below === '') throw new Refused(`This folder cannot be read (${(error as Error).message}).`, error)
      this.notices.push({ path: below, code: 'file_unreadable' })
      return []
    }
  }

  async #note(path: string): Promise<void> {
    if (this.files.length === LIMITS.importFiles)
      throw new Refused(
        `There are more than ${LIMITS.importFiles.toLocaleString('en')} files. Name the folder of the old client alone.`,
      )
    const { size } = await stat(join(this.#root, path))
    this.files.push({ path, size })
  }
}

/** Reads a file that was found, and no link that has taken its place since. */
async function readPlain(path: string, size: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    // As large as it was found to be at the most: that is what was held against the limits.
    return new Uint8Array(await file.readFile()).subarray(0, size)
  } finally {
    await file.close()
  }
}

/** The files of an older client in a folder. They are only read. @throws Refused when there is no such folder */
export async function folderSource(dir: string): Promise<OldSource> {
  let root: string
  try {
    root = await realpath(dir)
    if (!(await stat(root)).isDirectory()) throw new Refused(`${dir} is not a folder. Unpack it first if it is a zip.`)
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(`${dir} cannot be read (${(error as Error).message}).`, error)
  }
  const walk = new Walk(root)
  await walk.into('', 0)
  const sizes = new Map(walk.files.map(({ path, size }) => [path, size]))
  return {
    files: walk.files,
    notices: walk.notices,
    read: (path) => readPlain(join(root, path), sizes.get(path) ?? 0),
  }
}
