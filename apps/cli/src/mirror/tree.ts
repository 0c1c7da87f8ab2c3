import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { lstat, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isOwnPath, Ledger } from './ledger.ts'
import { isMissing, makePrivateFolder, writeWhole } from './private-files.ts'

/** The mirror's own corner of the folder: what it wrote, and bytes on their way. */
const CORNER = '.biologidex'
const PASSING = /^\.passing-/

/** What lies at a path: nothing, a file as the mirror wrote it, or what is a person's own. */
export type Found = { readonly at: 'nothing' | 'other' } | { readonly at: 'ours'; readonly sha256: string }

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

async function look(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}

/** The folder that the mirror fills: it writes and removes its own files there, and touches nothing else. */
export class Tree {
  readonly dir: string
  readonly #ledger: Ledger

  private constructor(dir: string, ledger: Ledger) {
    this.dir = dir
    this.#ledger = ledger
  }

  static async open(dir: string): Promise<Tree> {
    const corner = join(dir, CORNER)
    await makePrivateFolder(corner)
    for (const name of await readdir(corner)) if (PASSING.test(name)) await rm(join(corner, name))
    return new Tree(dir, await Ledger.open(join(corner, 'written.jsonl')))
  }

  /** Paths, below the folder, of everything that the mirror wrote. */
  get paths(): string[] {
    return this.#ledger.paths
  }

  #full(path: string): string {
    if (!isOwnPath(path)) throw new Error('no path of the mirror’s')
    return join(this.dir, path)
  }

  /** No folder on the way is a link to elsewhere, or something else. */
  async #isReachable(path: string): Promise<boolean> {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      const found = await look(join(this.dir, folder))
      if (found && !found.isDirectory()) return false
    }
    return true
  }

  async found(path: string): Promise<Found> {
    const full = this.#full(path)
    if (!(await this.#isReachable(path))) return { at: 'other' }
    const stats = await look(full)
    if (!stats) return { at: 'nothing' }
    const written = this.#ledger.written(path)
    if (!stats.isFile() || !written) return { at: 'other' }
    const { last, checksums } = written
    if (last && stats.size === last.size && stats.mtimeMs === last.modified) return { at: 'ours', sha256: last.sha256 }
    const sha256 = await checksumOf(full)
    return checksums.has(sha256) ? { at: 'ours', sha256 } : { at: 'other' }
  }

  /** Whether a file that is not the mirror's happens to hold these bytes. */
  async holds(path: string, sha256: string): Promise<boolean> {
    const full = this.#full(path)
    const stats = (await this.#isReachable(path)) ? await look(full) : undefined
    return stats?.isFile() === true && (await checksumOf(full)) === sha256
  }

  read(path: string): Promise<Uint8Array> {
    return readFile(this.#full(path))
  }

  /** Writes a file where nothing, or one of the mirror's own, lies. */
  async write(path: string, content: Uint8Array | string, sha256: string): Promise<void> {
    const full = this.#full(path)
    await this.#ledger.note({ path, sha256 })
    await writeWhole(full, content, join(this.dir, CORNER))
    const { size, mtimeMs: modified } = await lstat(full)
    await this.#ledger.note({ path, sha256, size, modified })
  }

  /** Removes a file of the mirror's, and its folder when nothing else is in it. What a person changed is theirs now, and stays. */
  async remove(path: string): Promise<boolean> {
    const { at } = await this.found(path)
    if (at === 'ours') await rm(this.#full(path))
    await this.#ledger.note({ path })
    if (at === 'ours') await this.#removeFolder(dirname(path))
    return at === 'ours'
  }

  async #removeFolder(folder: string): Promise<void> {
    if (folder === '.') return
    try {
      await rmdir(join(this.dir, folder))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    }
  }

  /** Leaves the corner as small as it can be. */
  tidy(): Promise<void> {
    return this.#ledger.tidy()
  }
}
