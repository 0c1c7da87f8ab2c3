import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { dirname } from 'node:path'

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

async function unlessMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await fs.access(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** A name that came to be, and lasts only once its folder was synced. */
interface NewName {
  readonly path: string
  readonly undo: () => Promise<void>
}

/**
 * The disk of a machine whose power may go: knows what of a folder was synced, and takes the rest back at a cut, as strictly
 * as a file system may: bytes after the last sync of their file, names after the last sync of their folder. The database is
 * not watched, it syncs by itself.
 */
export class Power {
  readonly #folder: string
  /** Bytes that are safe, by path of a file that was written to. */
  #synced = new Map<string, number>()
  #names: NewName[] = []
  #gone = false

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Watches this process's file operations until what is returned is called. */
  watch(): () => void {
    const { open, rename, mkdir } = fs
    const put = (members: object) => {
      Object.assign(fs, members)
      syncBuiltinESMExports()
    }
    put({
      open: async (...args: Parameters<typeof open>) => {
        const path = String(args[0])
        const there = !this.#watches(path) || (await exists(path))
        const file = await open(...args)
        if (this.#watches(path)) await this.#opened(path, file, there)
        return file
      },
      rename: async (from: string, to: string) => {
        const there = await exists(to)
        await rename(from, to)
        this.#renamed(from, to, there, rename)
      },
      mkdir: async (...args: Parameters<typeof mkdir>) => {
        const first = await mkdir(...args)
        if (first) this.#made(first, String(args[0]))
        return first
      },
    })
    return () => put({ open, rename, mkdir })
  }

  /** The power goes now: what programs still do to files until `cut` is lost as well. */
  off(): void {
    this.#gone = true
  }

  /** Takes back what was not safe when the power went. Nothing may be writing any more. */
  async cut(): Promise<void> {
    for (const name of this.#names.reverse()) await name.undo()
    for (const [path, size] of this.#synced) {
      const beyond = (await exists(path)) && (await fs.stat(path)).size > size
      if (beyond) await fs.truncate(path, size)
    }
    this.#synced = new Map()
    this.#names = []
    this.#gone = false
  }

  #watches(path: string): boolean {
    return path.startsWith(this.#folder)
  }

  async #opened(path: string, file: fs.FileHandle, there: boolean): Promise<void> {
    const stat = await file.stat()
    const isFolder = stat.isDirectory()
    if (!there) this.#names.push({ path, undo: () => unlessMissing(fs.rm(path)) })
    if (!isFolder && !this.#synced.has(path)) this.#synced.set(path, there ? stat.size : 0)
    const { sync } = file
    file.sync = async () => {
      await sync.call(file)
      if (this.#gone) return
      if (isFolder) this.#names = this.#names.filter((name) => dirname(name.path) !== path)
      else if (this.#synced.has(path)) this.#synced.set(path, (await file.stat()).size)
    }
  }

  #renamed(from: string, to: string, there: boolean, rename: typeof fs.rename): void {
    const size = this.#synced.get(from)
    this.#synced.delete(from)
    if (size !== undefined) this.#synced.set(to, size)
    const back = async () => {
      await unlessMissing(rename(to, from))
      this.#synced.delete(to)
      if (size !== undefined) this.#synced.set(from, size)
    }
    if (!there && this.#watches(to)) this.#names.push({ path: to, undo: back })
  }

  #made(first: string, last: string): void {
    for (let path = last; path.length >= first.length; path = dirname(path)) {
      if (!this.#watches(path)) return
      this.#names.push({ path, undo: () => fs.rm(path, { recursive: true, force: true }) })
    }
  }
}
