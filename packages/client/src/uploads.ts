import { LIMITS } from '@biologidex/core/limits'
import { Backoff } from './backoff.ts'
import { codeOf, Refusal } from './http.ts'
import type { Outbox } from './outbox.ts'
import {
  type BlobCache,
  type Clock,
  NetworkFailure,
  type Random,
  SealBroken,
  type StoredMutation,
  type StoredUpload,
  type Transport,
} from './ports.ts'
import { isUnsent } from './rests.ts'
import { Tus } from './tus.ts'

export interface UploadParts {
  readonly account: string
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly blobs: BlobCache
  readonly outbox: Outbox
  /** The session ended or the server wants something else of the account: the next sync finds out what. */
  readonly onRefused: () => void
  /** Whether a synced entry of the own dex has this image. */
  readonly isShown: (image: string) => Promise<boolean>
  /** Position of the own dex here: what synced entries show changes with it only. Undefined while it is not here whole. */
  readonly position: () => number | undefined
  /** The device failed: a store that is full or gone. */
  readonly onTrouble: (error: unknown) => void
}

/** Refusals that say nothing about the picture: trying later may do. */
const LATER: ReadonlySet<string> = new Set(['rate_limited', 'unavailable', 'internal', 'upload_state'])
/** Refusals that are about the account or the app, not about the picture. */
const ACCOUNT: ReadonlySet<string> = new Set(['not_signed_in', 'wrong_account', 'origin_refused', 'protocol_outdated'])
const DAY_MS = 24 * 60 * 60 * 1000
/** How long the bytes of a picture in the bin wait here: as long as it can come back. */
const BIN_MS = LIMITS.restoreDays * DAY_MS
/** Time that is noted at once, and less of it is not: a look at the bin is worth a write now and then only. */
const WORTH_NOTING_MS = 60 * 60 * 1000
/** How often one picture may start from nothing because its upload is gone or arrived damaged, in a row. */
const MOST_STARTS = 3

export const sealedKey = (image: string): string => `sealed/${image}`
export const previewKey = (image: string, rendition: string): string => `preview/${image}/${rendition}`

/** Why a picture whose bytes cannot be had here is set aside: nothing brings them back. */
const LOST = {
  bytes_missing: 'The picture is no longer on this device. Take or choose it again.',
  seal_broken: 'The picture is damaged on this device and cannot be opened any more. Take or choose it again.',
}

/** The bytes of a picture that is only here; undefined when there are none, or none that can be opened. */
export async function openable(blobs: BlobCache, key: string): Promise<Uint8Array | undefined> {
  try {
    return await blobs.get(key)
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

/** Whether there are bytes, be they damaged. */
export async function isThere(blobs: BlobCache, key: string): Promise<boolean> {
  try {
    return (await blobs.get(key)) !== undefined
  } catch (error) {
    if (error instanceof SealBroken) return true
    throw error
  }
}

/**
 * Brings pictures up, one at a time, each once its entry's and its own mutation are on the server (I2). The loop ends when
 * nothing is left to send, at `stop`, or when the session ends; network failures and a busy server only make it wait (C6).
 */
export class Uploader {
  readonly #parts: UploadParts
  readonly #tus: Tus
  readonly #backoff: Backoff
  readonly #starts = new Map<string, number>()
  #running: Promise<void> | undefined
  #tried: (() => void)[] = []
  #patient = false
  /** The position at which it was looked last for pictures that came back from the bin. */
  #looked: number | undefined

  constructor(parts: UploadParts) {
    this.#parts = parts
    this.#tus = new Tus(parts.account, parts.transport, parts.clock)
    this.#backoff = new Backoff(parts.clock, parts.random)
  }

  /** Begins, or ends a wait that only the network caused. */
  kick(signal: AbortSignal): void {
    if (this.#running && !this.#patient) this.#backoff.wake()
    this.#running ??= this.#run(signal)
      .catch(this.#parts.onTrouble)
      .finally(() => {
        this.#running = undefined
        this.#settled()
      })
  }

  /** Resolves when all is up that can be, or when the loop first has to wait. */
  settled(): Promise<void> {
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve) => this.#tried.push(resolve))
  }

  /** Resolves when the loop has ended: after its signal was aborted. */
  async ended(): Promise<void> {
    await this.#running
  }

  #settled(): void {
    for (const resolve of this.#tried.splice(0)) resolve()
  }

  /** The first picture that may go: not failed, and what announces it is no longer under way. Another change of it that was set aside holds nothing up. */
  #next(): StoredUpload | undefined {
    const { uploads, changes } = this.#parts.outbox
    const holds = (change: StoredMutation) => isUnsent(change) || (change.setAside !== undefined && change.op === 'create')
    const held = new Set(changes.filter(holds).map((change) => change.id))
    return uploads.find((upload) => !upload.failed && upload.binned === undefined && !held.has(upload.image))
  }

  /** Takes up what came back from the bin, and lets go of what cannot any more. */
  async #lookIntoBin(): Promise<void> {
    const { outbox, isShown, position } = this.#parts
    const at = position()
    if (at === undefined || at === this.#looked) return
    for (const upload of outbox.uploads) {
      const unknown = upload.failed?.code === 'missing_target'
      if (upload.binned === undefined && !unknown) continue
      const { binned: _, inBin: __, url: ___, failed: ____, ...afresh } = upload
      // One that failed was asked for before this device had heard of the bin; or of its way out of it.
      if (await isShown(upload.image)) await outbox.putUpload(afresh)
      else if (upload.binned === undefined) await this.#park(upload)
      else await this.#wait(upload)
    }
    this.#looked = at
  }

  /**
   * Counts how long a picture has been in the bin by what passed between two looks, a day at most each: these may be the only bytes of
   * it, and a clock may be wrong by years for a while.
   */
  async #wait(upload: StoredUpload): Promise<void> {
    const now = this.#parts.clock.now()
    const { ms, at } = upload.inBin ?? { ms: 0, at: now }
    const passed = now - at
    if (passed >= 0 && passed < WORTH_NOTING_MS && upload.inBin) return
    const seen = ms + Math.min(Math.max(passed, 0), DAY_MS)
    if (seen > BIN_MS) await this.#finish(upload.image)
    else await this.#parts.outbox.putUpload({ ...upload, inBin: { ms: seen, at: now } })
  }

  async #run(signal: AbortSignal): Promise<void> {
    await this.#lookIntoBin()
    for (let upload = this.#next(); upload && !signal.aborted; upload = this.#next()) {
      try {
        await this.#upload(upload, signal)
        this.#backoff.reset()
      } catch (error) {
        if (signal.aborted || !(await this.#goesOn(upload, error, signal))) return
      }
    }
  }

  /** Judges a failure: waits where waiting helps; false when the loop must end. */
  async #goesOn(upload: StoredUpload, error: unknown, signal: AbortSignal): Promise<boolean> {
    const code = codeOf(error)
    if (ACCOUNT.has(code)) {
      this.#parts.onRefused()
      return false
    }
    if (error instanceof NetworkFailure || (error instanceof Refusal && LATER.has(code))) {
      this.#patient = !(error instanceof NetworkFailure)
      const wait = this.#backoff.wait(signal, error instanceof Refusal ? error.retryAfter : undefined)
      this.#settled()
      await wait
      this.#patient = false
      return !signal.aborted
    }
    // A store that fails ends the loop: the next sync begins it anew.
    if (!(error instanceof Refusal)) throw error
    await this.#refused(upload, error)
    return true
  }

  async #refused(upload: StoredUpload, { error }: Refusal): Promise<void> {
    const { outbox, isShown } = this.#parts
    const { image } = upload
    // Announced, acknowledged, and yet unknown: it was put into the bin, here or on another device.
    if (error.code === 'missing_target' && !(await isShown(image))) return this.#park(upload)
    const starts = (this.#starts.get(image) ?? 0) + 1
    this.#starts.set(image, starts)
    const { url, ...rest } = outbox.uploads.find((other) => other.image === image) ?? upload
    const gone = url !== undefined && (error.code === 'upload_gone' || error.code === 'not_found')
    const again = (gone || error.code === 'checksum_mismatch') && starts < MOST_STARTS
    await outbox.putUpload(again ? rest : { ...rest, failed: { code: error.code, message: error.message } })
  }

  /** Keeps the bytes of a picture in the bin: no other place has them, should it come back. */
  #park({ url: _, failed: __, ...upload }: StoredUpload): Promise<void> {
    this.#starts.delete(upload.image)
    const now = this.#parts.clock.now()
    return this.#parts.outbox.putUpload({ ...upload, binned: now, inBin: { ms: 0, at: now } })
  }

  /** The record goes first: bytes without one are swept, a record without bytes would be a picture lost. */
  async #finish(image: string): Promise<void> {
    this.#starts.delete(image)
    await this.#parts.outbox.dropUpload(image)
    await this.#parts.blobs.delete([sealedKey(image)])
  }

  async #upload(upload: StoredUpload, signal: AbortSignal): Promise<void> {
    const { blobs, outbox } = this.#parts
    const key = sealedKey(upload.image)
    const bytes = await openable(blobs, key)
    if (bytes?.length !== upload.size) {
      const code = bytes === undefined && (await blobs.keys()).includes(key) ? 'seal_broken' : 'bytes_missing'
      return outbox.putUpload({ ...upload, failed: { code, message: LOST[code] } })
    }
    const { path, offset: start } = upload.url
      ? { path: upload.url, offset: await this.#tus.offset(upload.url, signal) }
      : await this.#tus.create(upload.image, upload.size, signal)
    if (!upload.url) await outbox.putUpload({ ...upload, url: path })
    let offset = start
    if (offset > upload.size) throw new NetworkFailure('an upload that stands nowhere')
    while (offset < upload.size) {
      offset = await this.#tus.patch(path, bytes, offset, signal)
      this.#backoff.reset()
    }
    await this.#finish(upload.image)
  }
}
