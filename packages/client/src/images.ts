import { accountRoutes } from '@biologidex/core/accounts/routes'
import { imageRoutes } from '@biologidex/core/images/routes'
import { Backoff } from './backoff.ts'
import type { PictureAt } from './face.ts'
import { drain, Refusal, send } from './http.ts'
import { type BlobCache, type Clock, type Hasher, NetworkFailure, type Random, StorageFull, type Transport } from './ports.ts'
import { previewKey, sealedKey } from './uploads.ts'

export interface PictureParts {
  readonly blobs: BlobCache
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly hasher: Hasher
}

/** The picture of a dex's owner, as the profile names it. */
export interface AvatarAt {
  readonly dex: string
  readonly sha256: string
}

/** Where the server has some bytes; `previews` on the device have served once they are here. */
interface Source {
  readonly path: string
  /** Originals are handed on, and not kept: they hold the exact place, and what is kept of the server's lies unsealed. */
  readonly keep: boolean
  readonly previews: readonly string[]
}

/** Requests at a time: a browser gives one host six connections over HTTP/1.1, and sync needs some of them. */
const AT_ONCE = 4
/** Tries of one picture that the server is too busy for. */
const TRIES = 3
const LARGEST = 50_000_000

/** The bytes of a body, as one. */
async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    pieces.push(piece)
    size += piece.length
    if (size > LARGEST) throw new NetworkFailure('a picture without end')
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

const pathOf = (template: string, parts: Readonly<Record<string, string>>): string =>
  template.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''))

function sourceOf({ dex, entry, image, rendition }: PictureAt): Source {
  const path = pathOf(imageRoutes.rendition.path, { dex, entry, image, rendition })
  return { path, keep: rendition !== 'original', previews: [previewKey(image, rendition)] }
}

/** Pictures from the device, or from the server once, verified and kept (I3, I4). */
export class Pictures {
  readonly #parts: PictureParts
  readonly #signal: AbortSignal
  readonly #underWay = new Map<string, Promise<Uint8Array | undefined>>()
  readonly #waiting: (() => void)[] = []
  #busy = 0

  constructor(parts: PictureParts, signal: AbortSignal) {
    this.#parts = parts
    this.#signal = signal
  }

  /** The bytes; undefined when they cannot be had now. */
  async get(at: PictureAt): Promise<Uint8Array | undefined> {
    const { blobs } = this.#parts
    if (at.sha256) {
      const kept = (await blobs.get(at.sha256)) ?? (await this.#fetchOnce(sourceOf(at), at.sha256))
      if (kept) return kept
    }
    return (await blobs.get(previewKey(at.image, at.rendition))) ?? blobs.get(sealedKey(at.image))
  }

  /** The bytes of a profile's picture, likewise. */
  async avatar({ dex, sha256 }: AvatarAt): Promise<Uint8Array | undefined> {
    const source = { path: pathOf(accountRoutes.avatar.path, { dex }), keep: true, previews: [] }
    return (await this.#parts.blobs.get(sha256)) ?? this.#fetchOnce(source, sha256)
  }

  /** Fetches what will be wanted soon, one at a time. */
  async prefetch(pictures: readonly PictureAt[], signal: AbortSignal): Promise<void> {
    for (const at of pictures) {
      if (signal.aborted) return
      await this.get(at)
    }
  }

  #fetchOnce(at: Source, sha256: string): Promise<Uint8Array | undefined> {
    const known = this.#underWay.get(sha256)
    if (known) return known
    const fetching = this.#fetch(at, sha256).finally(() => this.#underWay.delete(sha256))
    this.#underWay.set(sha256, fetching)
    return fetching
  }

  async #fetch(at: Source, sha256: string): Promise<Uint8Array | undefined> {
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#busy += 1
    try {
      const bytes = await this.#download(at)
      if (!bytes || (await this.#parts.hasher.sha256(bytes)) !== sha256) return undefined
      if (at.keep) await this.#keep(at, sha256, bytes)
      return bytes
    } finally {
      this.#busy -= 1
      this.#waiting.shift()?.()
    }
  }

  /** Asks for the picture; ends with it, with a refusal, a cut, or the third time that the server is busy. */
  async #download({ path }: Source): Promise<Uint8Array | undefined> {
    const { transport, clock, random } = this.#parts
    const backoff = new Backoff(clock, random)
    for (let tries = 1; !this.#signal.aborted; tries += 1) {
      try {
        const response = await send(transport, clock, { method: 'GET', path, signal: this.#signal })
        if (response.header('content-type')?.startsWith('image/')) return await bytesOf(response.body)
        await drain(response)
        return undefined
      } catch (error) {
        if (error instanceof NetworkFailure) return undefined
        if (!(error instanceof Refusal)) throw error
        const busy = error.error.code === 'rate_limited' || error.error.code === 'unavailable'
        if (!busy || tries >= TRIES) return undefined
        await backoff.wait(this.#signal, error.retryAfter)
      }
    }
    return undefined
  }

  /** Keeps what was fetched; the device's own preview of it has served. A full device just keeps nothing (C4). */
  async #keep({ previews }: Source, sha256: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#parts.blobs.put(sha256, bytes)
      // Looking costs less than deleting what hardly ever is there.
      for (const key of previews) if (await this.#parts.blobs.get(key)) await this.#parts.blobs.delete([key])
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error
    }
  }
}
