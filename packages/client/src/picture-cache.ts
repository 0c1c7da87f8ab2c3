import { LIMITS } from '@biologidex/core/limits'
import type { CacheContents } from './face.ts'
import { leaving } from './picture-evict.ts'
import type { Clock, Hasher, PictureRow, PictureStore } from './ports.ts'
import type { ShownPictures } from './shown-pictures.ts'

export interface CacheParts {
  readonly store: PictureStore
  readonly clock: Clock
  readonly hasher: Hasher
  /** True for a dex that lies on this device: of others nothing is kept. */
  readonly isHere: (dex: string) => boolean
}

/** A picture of an entry. */
interface Ref {
  readonly dex: string
  readonly entry: string
  readonly sha256: string
}

/** A picture under way: it is kept when it comes, unless what it is of was withdrawn meanwhile. */
export interface Coming extends Ref {
  withdrawn: boolean
}

/** What is known of all records, kept up in memory. Other tabs write too: it may be old, which costs a download at most. */
interface Known {
  bytes: number
  /** The dex that holds the bytes of a checksum. */
  readonly homes: Map<string, string>
  /** Dexes that show bytes which another one holds. */
  readonly guests: Map<string, Set<string>>
}

/** Uses that are noted in memory before they are written. */
const MOST_TOUCHED = 200
/** A full cache is emptied to this part of its limit at once: each time costs a look at all records. */
const ROOM = 0.95

const nameOf = (dex: string, sha256: string): string => `${dex}/${sha256}`

/**
 * The pictures of the dexes on this device (I4, E50-E53): one copy however many dexes show it, in the place of the dex that
 * fetched it first, and moved when that one goes.
 */
export class PictureCache {
  readonly #parts: CacheParts
  readonly #coming = new Set<Coming>()
  readonly #verified = new Set<string>()
  readonly #touched = new Map<
    string,
    { readonly dex: string; readonly sha256: string; readonly used: number; entries: Set<string> }
  >()
  #known: Promise<Known> | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: CacheParts) {
    this.#parts = parts
  }

  /** The bytes, verified when they are read first; those that are damaged are dropped, to be fetched again (E51). */
  async get({ dex, entry, sha256 }: Ref): Promise<Uint8Array | undefined> {
    const { store } = this.#parts
    const own = await store.get(dex, sha256)
    const home = own ? dex : (await this.#knowing()).homes.get(sha256)
    if (home === undefined || !this.#parts.isHere(dex)) return undefined
    const bytes = own ?? (await store.get(home, sha256))
    if (!bytes || !(await this.#isSound(home, sha256, bytes))) return undefined
    if (!own) await this.#alone(() => this.#visit({ dex, entry, sha256 }, home, bytes.length))
    await this.#touch(dex, entry, sha256)
    return bytes
  }

  /** Whether pictures of a dex are kept at all: a stranger's are not. */
  keeps(dex: string): boolean {
    return this.#parts.isHere(dex)
  }

  /** A picture is being fetched. To be given to `put` or `leave`. */
  expect(dex: string, entry: string, sha256: string): Coming {
    const coming = { dex, entry, sha256, withdrawn: false }
    this.#coming.add(coming)
    return coming
  }

  leave(coming: Coming): void {
    this.#coming.delete(coming)
  }

  /** Keeps verified bytes. Rejects with StorageFull. */
  put(coming: Coming, bytes: Uint8Array): Promise<void> {
    return this.#alone(async () => {
      const { dex, sha256 } = coming
      if (coming.withdrawn || !this.#parts.isHere(dex)) return
      const known = await this.#knowing()
      const home = known.homes.get(sha256)
      if (home !== undefined && home !== dex && (await this.#parts.store.get(home, sha256)))
        return this.#visit(coming, home, bytes.length)
      const before = await this.#parts.store.row(dex, sha256)
      const entries = [...new Set([...(before?.entries ?? []), coming.entry])]
      await this.#parts.store.put({ dex, sha256, size: bytes.length, used: this.#parts.clock.now(), entries }, bytes)
      if (home === undefined) known.bytes += bytes.length
      known.homes.set(sha256, dex)
      this.#verified.add(nameOf(dex, sha256))
      const { limit } = await this.#choice()
      if (known.bytes > limit) await this.#evict(limit * ROOM)
    })
  }

  /** Entries change or go: pictures that no entry shows any more go before the change is kept (E50). */
  withdraw(dex: string, entries: Pick<ShownPictures, 'get'>): Promise<void> {
    return this.#release(dex, (entry, sha256) => entries.get(entry)?.has(sha256) ?? true)
  }

  /** Only these pictures of a dex stay: a new generation of it replaced another. */
  keepOnly(dex: string, shown: ShownPictures): Promise<void> {
    return this.#release(dex, (entry, sha256) => shown.get(entry)?.has(sha256) ?? false)
  }

  /** The dex went: nothing of it stays (P5). */
  drop(dex: string): Promise<void> {
    for (const coming of this.#coming) if (coming.dex === dex) coming.withdrawn = true
    return this.#alone(() => this.#drop(dex))
  }

  /** The dex went for good: it is not to be kept whole either. That goes first: while the dex is here, all of this is tried again. */
  async forget(dex: string): Promise<void> {
    await Promise.all([this.pin(dex, false), this.drop(dex)])
  }

  /** Drops what lies here of dexes that are not followed any more: what a crash left. */
  async dropStrays(): Promise<void> {
    const dexes = new Set((await this.#parts.store.rows()).map(({ dex }) => dex))
    for (const dex of dexes) if (!this.#parts.isHere(dex)) await this.drop(dex)
  }

  /** Another tab changed these dexes: what comes for them now may be withdrawn already. */
  doubt(dexes: ReadonlySet<string>): void {
    for (const coming of this.#coming) if (dexes.has(coming.dex)) coming.withdrawn = true
  }

  contents(): Promise<CacheContents> {
    return this.#alone(async () => {
      await this.#flush()
      const [rows, { limit, pinned }] = [await this.#parts.store.rows(), await this.#choice()]
      const held = rows.filter(({ home }) => home === undefined)
      const byDex = Map.groupBy(rows, ({ dex }) => dex)
      const dexes = [...new Set([...byDex.keys(), ...pinned])].map((account) => {
        const its = byDex.get(account) ?? []
        return { account, bytes: sizeOf(its), pictures: its.length, pinned: pinned.includes(account) }
      })
      return { limit, bytes: sizeOf(held), pictures: held.length, dexes }
    })
  }

  limit(bytes: number): Promise<void> {
    return this.#alone(async () => {
      const { pinned } = await this.#choice()
      await this.#parts.store.choose({ limit: bytes, pinned })
      await this.#evict(bytes)
    })
  }

  pin(dex: string, pinned: boolean): Promise<void> {
    return this.#alone(async () => {
      const { limit, pinned: before } = await this.#choice()
      if (before.includes(dex) === pinned) return
      const others = before.filter((other) => other !== dex)
      await this.#parts.store.choose({ limit, pinned: pinned ? [...others, dex] : others })
    })
  }

  /** Drops the pictures of a dex, or all; answers whether there were any. */
  empty(dex?: string): Promise<boolean> {
    return this.#alone(async () => {
      const rows = await this.#parts.store.rows(dex)
      for (const each of new Set(rows.map((row) => row.dex))) {
        if (dex === undefined) await this.#parts.store.drop(each)
        else await this.#drop(each)
      }
      if (dex === undefined) this.#known = undefined
      return rows.length > 0
    })
  }

  /** Writes what is only noted in memory. */
  close(): Promise<void> {
    return this.#alone(() => this.#flush())
  }

  async #isSound(home: string, sha256: string, bytes: Uint8Array): Promise<boolean> {
    const name = nameOf(home, sha256)
    if (this.#verified.has(name)) return true
    const sound = (await this.#parts.hasher.sha256(bytes)) === sha256
    if (sound) this.#verified.add(name)
    else await this.#alone(() => this.#delete(home, [sha256]))
    return sound
  }

  /** A dex shows what lies in another one's place: it gets a record of its own. */
  async #visit({ dex, entry, sha256 }: Ref, home: string, size: number): Promise<void> {
    if (!this.#parts.isHere(dex)) return
    const { homes, guests } = await this.#knowing()
    if (homes.get(sha256) !== home || home === dex) return
    const entries = [...new Set([...((await this.#parts.store.row(dex, sha256))?.entries ?? []), entry])]
    await this.#parts.store.note([{ dex, sha256, size, used: this.#parts.clock.now(), entries, home }])
    guests.set(sha256, (guests.get(sha256) ?? new Set()).add(dex))
  }

  async #touch(dex: string, entry: string, sha256: string): Promise<void> {
    const name = nameOf(dex, sha256)
    const entries = (this.#touched.get(name)?.entries ?? new Set()).add(entry)
    this.#touched.set(name, { dex, sha256, used: this.#parts.clock.now(), entries })
    if (this.#touched.size >= MOST_TOUCHED) await this.#alone(() => this.#flush())
  }

  async #flush(): Promise<void> {
    const touched = new Map(this.#touched)
    this.#touched.clear()
    for (const dex of new Set(Array.from(touched.values(), (touch) => touch.dex))) {
      const rows = await this.#parts.store.rows(dex)
      const used = rows.flatMap((row) => {
        const touch = touched.get(nameOf(dex, row.sha256))
        return touch ? [{ ...row, used: touch.used, entries: [...new Set([...row.entries, ...touch.entries])] }] : []
      })
      if (used.length > 0) await this.#parts.store.note(used)
    }
  }

  #release(dex: string, stays: (entry: string, sha256: string) => boolean): Promise<void> {
    for (const coming of this.#coming) {
      if (coming.dex === dex && !stays(coming.entry, coming.sha256)) coming.withdrawn = true
    }
    return this.#alone(async () => {
      if (this.#touched.size > 0) await this.#flush()
      const fewer: PictureRow[] = []
      const gone: string[] = []
      for (const row of await this.#parts.store.rows(dex)) {
        const entries = row.entries.filter((entry) => stays(entry, row.sha256))
        if (entries.length === 0) gone.push(row.sha256)
        else if (entries.length < row.entries.length) fewer.push({ ...row, entries })
      }
      if (fewer.length > 0) await this.#parts.store.note(fewer)
      if (gone.length > 0) await this.#delete(dex, gone)
    })
  }

  async #drop(dex: string): Promise<void> {
    const rows = await this.#parts.store.rows(dex)
    await this.#move(
      dex,
      rows.map(({ sha256 }) => sha256),
    )
    await this.#parts.store.drop(dex)
    if (rows.length > 0) this.#known = undefined
  }

  async #delete(dex: string, sha256s: readonly string[]): Promise<void> {
    await this.#move(dex, sha256s)
    await this.#parts.store.delete(dex, sha256s)
    for (const sha256 of sha256s) this.#verified.delete(nameOf(dex, sha256))
    this.#known = undefined
  }

  /** Bytes that another dex shows too go over to its place. */
  async #move(dex: string, sha256s: readonly string[]): Promise<void> {
    const { guests } = await this.#knowing()
    for (const sha256 of sha256s) {
      const [to, ...others] = [...(guests.get(sha256) ?? [])].filter((guest) => guest !== dex)
      const bytes = to === undefined ? undefined : await this.#parts.store.get(dex, sha256)
      if (to === undefined || !bytes) continue
      for (const guest of [to, ...others]) {
        const row = await this.#parts.store.row(guest, sha256)
        if (!row) continue
        const { home: _, ...own } = row
        if (guest === to) await this.#parts.store.put(own, bytes)
        else await this.#parts.store.note([{ ...own, home: to }])
      }
    }
  }

  async #evict(goal: number): Promise<void> {
    await this.#flush()
    const rows = await this.#parts.store.rows()
    const gone = leaving(rows, new Set((await this.#choice()).pinned), goal)
    for (const [dex, its] of Map.groupBy(gone, (row) => row.dex)) {
      await this.#parts.store.delete(
        dex,
        its.map(({ sha256 }) => sha256),
      )
    }
    this.#known = undefined
  }

  async #choice(): Promise<{ readonly limit: number; readonly pinned: readonly string[] }> {
    return { limit: LIMITS.cacheBytes, pinned: [], ...(await this.#parts.store.choice()) }
  }

  #knowing(): Promise<Known> {
    this.#known ??= this.#parts.store.rows().then((rows) => {
      const known: Known = { bytes: 0, homes: new Map(), guests: new Map() }
      for (const { dex, sha256, size, home } of rows) {
        if (home === undefined) {
          known.bytes += size
          known.homes.set(sha256, dex)
        } else known.guests.set(sha256, (known.guests.get(sha256) ?? new Set()).add(dex))
      }
      return known
    })
    this.#known.catch(() => {
      this.#known = undefined
    })
    return this.#known
  }

  /** Runs steps one after another: what one looks at, no other changes. */
  #alone<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(step)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

const sizeOf = (rows: readonly PictureRow[]): number => rows.reduce((sum, { size }) => sum + size, 0)
