import { accountRoutes } from '@biologidex/core/accounts/routes'
import { imageRoutes } from '@biologidex/core/images/routes'
import { Backoff } from './backoff.ts'
import type { PictureAt } from './face.ts'
import { drain, Refusal, send } from './http.ts'
import type { Coming, PictureCache } from './picture-cache.ts'
import { type BlobCache, type Clock, type Hasher, NetworkFailure, type Random, StorageFull, type Transport } from './ports.ts'
import { PROFILE } from './shown-pictures.ts'
import { isThere, openable, previewKey, sealedKey } from './uploads.ts'

export interface PictureParts {
  readonly blobs: BlobCache
  readonly cache: PictureCache
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly hasher: Hasher
  /** Resolves when text that arrives for the first time is here. */
  readonly arrived: () => Promise<void>
}

/** The picture of a dex's owner, as the profile names it. */
export interface AvatarAt {
  readonly dex: string
  readonly sha256: string
}

/** Where the server has some bytes; `previews` on the device have served once they are here. */
interface Source {
  readonly path: string
  readonly dex: string
  readonly entry: string
  /** Originals are handed on, and not kept: they hold the exact place. */
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
  return { path, dex, entry, keep: rendition !== 'original', previews: [previewKey(image, rendition)] }
}

/** Pictures from the device, or from the server once, verified and kept (I3, I4). */
export class Pictures {
  readonly #parts: PictureParts
  readonly #signal: AbortSignal
  readonly #underWay = new Map<string, Promise<Uint8Array | undefined>>()
  readonly #waiting: (() => void)[] = []
  /** Those who wait until nothing is being fetched. */
  readonly #quiet: (() => void)[] = []
  #busy = 0

  constructor(parts: PictureParts, signal: AbortSignal) {
    this.#parts = parts
    this.#signal = signal
  }

  /** The bytes; undefined when they cannot be had now. */
  async get(at: PictureAt): Promise<Uint8Array | undefined> {
    const { blobs } = this.#parts
    const kept = at.sha256 && (await this.#have(sourceOf(at), at.sha256))
    if (kept) return kept
    return (await openable(blobs, previewKey(at.image, at.rendition))) ?? openable(blobs, sealedKey(at.image))
  }

  /** The bytes if they lie in the cache; nothing is fetched. */
  async kept({ dex, entry, sha256, rendition }: PictureAt): Promise<Uint8Array | undefined> {
    return sha256 && rendition !== 'original' ? this.#parts.cache.get({ dex, entry, sha256 }) : undefined
  }

  /** The bytes of a profile's picture, likewise. */
  async avatar({ dex, sha256 }: AvatarAt): Promise<Uint8Array | undefined> {
    const path = pathOf(accountRoutes.avatar.path, { dex })
    return this.#have({ path, dex, entry: PROFILE, keep: true, previews: [] }, sha256)
  }

  /** Fetches what will be wanted soon, one after another, each when nothing else is being fetched (E53). */
  async prefetch(pictures: readonly PictureAt[], signal: AbortSignal): Promise<void> {
    const { cache } = this.#parts
    for (const at of pictures) {
      const { sha256 } = at
      if (!sha256 || at.rendition === 'original' || !cache.keeps(at.dex) || (await cache.get({ ...at, sha256 }))) continue
      while (this.#busy > 0 && !signal.aborted) await new Promise<void>((resolve) => this.#quiet.push(resolve))
      if (signal.aborted || this.#signal.aborted) return
      await this.#fetchOnce(sourceOf(at), sha256)
    }
  }

  async #have(source: Source, sha256: string): Promise<Uint8Array | undefined> {
    const { dex, entry, keep } = source
    const kept = keep ? await this.#parts.cache.get({ dex, entry, sha256 }) : undefined
    return kept ?? this.#fetchOnce(source, sha256)
  }

  /** One request for the same bytes of the same entry, however many ask. */
  #fetchOnce(at: Source, sha256: string): Promise<Uint8Array | undefined> {
    const name = `${at.dex} ${at.entry} ${sha256}`
    const known = this.#underWay.get(name)
    if (known) return known
    const fetching = this.#fetch(at, sha256).finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, fetching)
    return fetching
  }

  async #fetch(at: Source, sha256: string): Promise<Uint8Array | undefined> {
    await this.#parts.arrived()
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#busy += 1
    const coming = this.#parts.cache.expect(at.dex, at.entry, sha256)
    try {
      const bytes = await this.#download(at)
      if (!bytes || (await this.#parts.hasher.sha256(bytes)) !== sha256) return undefined
      if (at.keep) await this.#keep(at, coming, bytes)
      return bytes
    } finally {
      this.#parts.cache.leave(coming)
      this.#busy -= 1
      this.#waiting.shift()?.()
      if (this.#busy === 0) for (const wake of this.#quiet.splice(0)) wake()
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
  async #keep({ previews }: Source, coming: Coming, bytes: Uint8Array): Promise<void> {
    try {
      await this.#parts.cache.put(coming, bytes)
      // Looking costs less than deleting what hardly ever is there.
      for (const key of previews) if (await isThere(this.#parts.blobs, key)) await this.#parts.blobs.delete([key])
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error
    }
  }
}
