import { StorageFull, StoreGone } from '../ports.ts'

/** Content of one feed's generation: texts in the order they were written. */
export interface MemoryGeneration {
  readonly pages: readonly string[]
  readonly over: ReadonlyMap<string, string | null>
  readonly animals: ReadonlyMap<string, string>
}

export interface MemoryFeed {
  readonly state: string
  readonly marks: string | undefined
  readonly generations: ReadonlyMap<number, MemoryGeneration>
}

/** A cached picture: its record, and its bytes where it has them itself. */
export interface MemoryPicture {
  readonly row: string
  readonly bytes: Uint8Array | undefined
}

/** Everything an account keeps, each record as the JSON text that a real disk would hold. */
export interface MemoryRecords {
  readonly device: string | undefined
  readonly digest: string | undefined
  readonly outbox: ReadonlyMap<number, string>
  readonly uploads: ReadonlyMap<string, string>
  readonly syncs: ReadonlyMap<string, string>
  readonly feeds: ReadonlyMap<string, MemoryFeed>
  readonly blobs: ReadonlyMap<string, Uint8Array>
  readonly pictures: ReadonlyMap<string, MemoryPicture>
  readonly choice: string | undefined
}

/** A program's open store; `ended` says why it may not be used any more. */
export interface MemoryHandle {
  readonly kind: 'store' | 'blobs' | 'pictures'
  ended?: Error
}

/** The program "died" during a write: what every store that was open on the disk rejects with from then on. */
export class Crash extends Error {
  constructor() {
    super('The program crashed during a write.')
    this.name = 'Crash'
  }
}

/** An account's records when there are none; pictures apart. */
export const NO_RECORDS = {
  device: undefined,
  digest: undefined,
  outbox: new Map(),
  uploads: new Map(),
  syncs: new Map(),
  feeds: new Map(),
} as const

/**
 * One account's disk, for tests and for places without storage. It outlives the stores opened on it, may be shared by
 * several of them (tabs), and can be told to crash at a write or to be full. A write replaces `records` as a whole, so it is atomic.
 */
export class MemoryDisk {
  records: MemoryRecords = { ...NO_RECORDS, blobs: new Map(), pictures: new Map(), choice: undefined }
  /** When true, writes that would keep something more reject with StorageFull. */
  full = false
  /** Writes so far: crash points for a test to go through in turn. */
  writes = 0
  readonly #open = new Set<MemoryHandle>()
  /** Writes, by number, that find no room though others do. */
  #refused = { from: Number.POSITIVE_INFINITY, to: 0 }
  #crash: { readonly at: number; readonly when: 'before' | 'after' } | undefined

  /** Plans a crash at the `nth` write from now (1: the next), before or after its content is on the disk. */
  failAt(nth: number, when: 'before' | 'after' = 'before'): void {
    this.#crash = { at: this.writes + nth, when }
  }

  /** Plans that the disk is full at the `nth` write from now (1: the next), and at those after it, `times` in all. */
  refuse(nth: number, times: number): void {
    this.#refused = { from: this.writes + nth, to: this.writes + nth + times }
  }

  open(kind: MemoryHandle['kind']): MemoryHandle {
    const handle: MemoryHandle = { kind }
    this.#open.add(handle)
    return handle
  }

  close(handle: MemoryHandle): void {
    handle.ended ??= new StoreGone()
    this.#open.delete(handle)
  }

  /** One atomic write. `grows`: it keeps something more, which a full disk refuses. */
  write(handle: MemoryHandle, grows: boolean, change: (records: MemoryRecords) => MemoryRecords): void {
    this.check(handle)
    if (grows && this.full) throw new StorageFull()
    this.writes += 1
    if (grows && this.writes >= this.#refused.from && this.writes < this.#refused.to) throw new StorageFull()
    const crash = this.#crash?.at === this.writes ? this.#crash.when : undefined
    if (crash !== 'before') this.records = change(this.records)
    if (crash) throw this.#end(new Crash(), this.#open)
  }

  /** Replaces the part of the records that this kind of store keeps, and ends every open store of the kind. */
  wipe(handle: MemoryHandle, part: Partial<MemoryRecords>): void {
    this.write(handle, false, (records) => ({ ...records, ...part }))
    this.#end(
      new StoreGone(),
      [...this.#open].filter((other) => other.kind === handle.kind),
    )
  }

  check(handle: MemoryHandle): void {
    if (handle.ended) throw handle.ended
  }

  #end(reason: Error, handles: Iterable<MemoryHandle>): Error {
    for (const handle of handles) {
      handle.ended = reason
      this.#open.delete(handle)
    }
    return reason
  }
}
