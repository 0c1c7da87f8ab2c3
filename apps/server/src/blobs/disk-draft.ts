import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { type FileHandle, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@biologidex/core/errors'
import type { BlobDraft } from './blob-store.ts'
import { isMissing, syncFolder, withFile, writeAll } from './disk-files.ts'

/** Read and write, made when missing, never cut short. */
const APPEND_FLAGS = constants.O_RDWR | constants.O_CREAT

/** A draft as a file. Its length on disk is the truth about what has arrived. */
export class DiskDraft implements BlobDraft {
  readonly #folder: string
  readonly #path: string
  readonly #publish: (from: string, sha256: string) => Promise<void>
  /** SHA-256 of the bytes as they stand, once it has been asked for. */
  #hash: string | undefined

  constructor(folder: string, name: string, publish: (from: string, sha256: string) => Promise<void>) {
    this.#folder = folder
    this.#path = join(folder, name)
    this.#publish = publish
  }

  async append(offset: number, bytes: AsyncIterable<Uint8Array>, limit: number): Promise<number> {
    const before = await this.length()
    if (offset !== before) throw new AppError('upload_state', { offset: before })
    this.#hash = undefined
    return withFile(this.#path, APPEND_FLAGS, (file) => this.#write(file, offset, bytes, limit))
  }

  /** What arrived before a cut is made durable too, so that a resumed upload goes on from there. */
  async #write(file: FileHandle, offset: number, bytes: AsyncIterable<Uint8Array>, limit: number): Promise<number> {
    let length = offset
    try {
      for await (const piece of bytes) {
        if (length + piece.length > limit) throw new AppError('too_large', { limit })
        await writeAll(file, piece, length)
        length += piece.length
      }
    } finally {
      await file.sync()
      // With every part: who wrote the first may have died before its name was durable.
      await syncFolder(this.#folder)
    }
    return length
  }

  async length(): Promise<number> {
    try {
      return (await stat(this.#path)).size
    } catch (error) {
      if (isMissing(error)) return 0
      throw error
    }
  }

  async head(count: number): Promise<Uint8Array> {
    const wanted = Math.min(count, await this.length())
    if (wanted === 0) return new Uint8Array()
    return withFile(this.#path, 'r', async (file) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(wanted), 0, wanted, 0)
      return buffer.subarray(0, bytesRead)
    })
  }

  async sha256(): Promise<string> {
    if (this.#hash === undefined) {
      const hash = createHash('sha256')
      if ((await this.length()) > 0) for await (const piece of createReadStream(this.#path)) hash.update(piece as Buffer)
      this.#hash = hash.digest('hex')
    }
    return this.#hash
  }

  async keep(sha256: string): Promise<boolean> {
    if ((await this.length()) === 0 || (await this.sha256()) !== sha256) return false
    await withFile(this.#path, 'r+', (file) => file.sync())
    await this.#publish(this.#path, sha256)
    return true
  }

  async drop(): Promise<void> {
    this.#hash = undefined
    await rm(this.#path, { force: true })
  }
}
