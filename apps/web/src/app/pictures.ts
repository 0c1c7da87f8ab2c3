import { painted } from '@biologidex/client/adapters/painted'
import type { Engine } from '@biologidex/client/face'
import type { RenditionName } from '@biologidex/core/images/image'
import { addressOf, releaseAddress } from './picture-address.ts'

/** Which picture: of which entry of which dex, how large. `sha256` changes when the server has made its own rendition. */
export interface PictureAt {
  readonly dex: string
  readonly entry: string
  readonly image: string
  readonly rendition: RenditionName
  readonly sha256?: string
}

interface Held {
  readonly key: string
  readonly at: PictureAt
  url: string | undefined
  users: number
  readonly listeners: Set<() => void>
  loading: boolean
  /** Reported absent: asked for again when somebody else comes for it, and after each sync that went through. */
  absent: boolean
}

/** How many addresses nobody uses are kept for coming back to. */
const SPARE = 300

const keyOf = (at: PictureAt): string => `${at.image}/${at.rendition}/${at.sha256 ?? ''}`

/**
 * Addresses of pictures for as long as somebody shows them, and for the last few hundred after that: a wall
 * scrolled back shows them at once. One engine's pictures; `close` gives all memory back.
 */
export class Pictures {
  readonly #engine: Engine
  readonly #held = new Map<string, Held>()
  readonly #spare = new Set<Held>()
  /** What may be used soon, by key. The browser keeps what it decoded for an image that somebody holds. */
  readonly #ahead = new Map<string, HTMLImageElement | undefined>()
  readonly #unwatch: () => void

  constructor(engine: Engine) {
    this.#engine = engine
    let success = engine.status.lastSuccess
    this.#unwatch = engine.onStatus(() => {
      const { lastSuccess } = engine.status
      if (lastSuccess === success) return
      success = lastSuccess
      this.#again()
    })
  }

  /** The address if it is here now. */
  peek(at: PictureAt): string | undefined {
    return this.#held.get(keyOf(at))?.url
  }

  /** Begins to load a picture that is about to be used. */
  begin(at: PictureAt): void {
    const held = this.#hold(at)
    if (!held.url && !held.loading && !held.absent) void this.#load(held)
  }

  /**
   * Reads pictures that may be used soon, if they lie on the device, and has them decoded: a plate that comes is painted with its picture.
   * Those of the time before are let go of.
   */
  readAhead(all: readonly PictureAt[]): void {
    const keys = new Set(all.map(keyOf))
    for (const key of [...this.#ahead.keys()]) if (!keys.has(key)) this.#ahead.delete(key)
    for (const at of all) void this.#decode(at)
  }

  /** Uses a picture: it is fetched if need be, and kept until the returned release is called. */
  use(at: PictureAt, listener: () => void): () => void {
    const held = this.#hold(at)
    held.users++
    held.listeners.add(listener)
    this.#spare.delete(held)
    if (!held.url && !held.loading) void this.#load(held)
    return () => {
      held.listeners.delete(listener)
      if (--held.users === 0) this.#release(held)
    }
  }

  /** Gives back what a dex had that is no longer to be seen. What is drawn yet goes when its screen does. */
  forget(dex: string): void {
    for (const held of [...this.#held.values()]) if (held.at.dex === dex && held.users === 0) this.#drop(held)
  }

  close(): void {
    this.#unwatch()
    for (const { url } of this.#held.values()) if (url) releaseAddress(url)
    this.#held.clear()
    this.#spare.clear()
    this.#ahead.clear()
  }

  /** Asks again for what is shown and could not be had: the network is back, or the server has finished a picture. */
  #again(): void {
    for (const held of [...this.#held.values()]) if (held.users > 0 && held.absent && !held.loading) void this.#load(held)
  }

  #hold(at: PictureAt): Held {
    const key = keyOf(at)
    const known = this.#held.get(key)
    if (known) return known
    const made: Held = { key, at, url: undefined, users: 0, listeners: new Set(), loading: false, absent: false }
    this.#held.set(key, made)
    return made
  }

  async #decode(at: PictureAt): Promise<void> {
    const key = keyOf(at)
    if (this.#ahead.has(key)) return
    this.#ahead.set(key, undefined)
    const held = this.#hold(at)
    if (!held.url && !held.loading && !held.absent) await this.#read(held)
    if (!held.url || !this.#ahead.has(key)) return
    const image = new Image()
    image.src = held.url
    this.#ahead.set(key, image)
    // One that breaks is told of by whoever shows it.
    image.decode().catch(() => undefined)
  }

  async #read(held: Held): Promise<void> {
    held.loading = true
    const bytes = await this.#engine.keptPicture(held.at).catch(() => undefined)
    held.loading = false
    if (!this.#held.has(held.key)) return
    // Whoever has come for it meanwhile wants it, wherever it is.
    if (!bytes && held.users > 0) return this.#load(held)
    this.#take(held, bytes)
  }

  async #load(held: Held): Promise<void> {
    held.loading = true
    // What arrives here for the first time has no pictures yet: the first plates are painted before any is looked for.
    if (this.#engine.status.lastSuccess === undefined) await painted()
    const bytes = await this.#engine.picture(held.at).catch(() => undefined)
    held.loading = false
    held.absent = bytes === undefined
    if (this.#held.has(held.key)) this.#take(held, bytes)
  }

  #take(held: Held, bytes: Uint8Array | undefined): void {
    if (bytes) held.url = addressOf(bytes)
    if (held.users === 0) this.#release(held)
    if (!bytes) return
    for (const listener of [...held.listeners]) listener()
  }

  #release(held: Held): void {
    this.#spare.add(held)
    if (!held.url && !held.loading) this.#drop(held)
    for (const oldest of this.#spare) {
      if (this.#spare.size <= SPARE) break
      this.#drop(oldest)
    }
  }

  #drop(held: Held): void {
    this.#spare.delete(held)
    this.#held.delete(held.key)
    this.#ahead.delete(held.key)
    if (held.url) releaseAddress(held.url)
  }
}
