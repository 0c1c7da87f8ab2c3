import type { IDBPDatabase } from 'idb'
import { type CacheChoice, type PictureRow, type PictureStore, SealBroken, type Sealer, StoreGone } from '../ports.ts'
import { databasesLike, deleteDatabase, gathered, openYielding, translated, writeTo } from './indexeddb-access.ts'

const INDEX = ['rows', 'meta'] as const
const BYTES = 'bytes'

/** The database of an account's records of pictures; those of the bytes are `name/dex`. */
export const cacheName = (account: string, sealed: boolean): string => `biologidex-${sealed ? 'sealed-' : ''}cache/${account}`

const ofDex = (dex: string): IDBKeyRange => IDBKeyRange.bound([dex], [dex, []])
type RowKey = [dex: string, sha256: string]
const keyOf = ({ dex, sha256 }: PictureRow): RowKey => [dex, sha256]

/** The open databases of one account's cache. */
class CacheDatabases {
  readonly #name: string
  readonly #open = new Map<string, Promise<IDBPDatabase>>()
  #ended = false

  constructor(name: string) {
    this.#name = name
  }

  index(): Promise<IDBPDatabase> {
    return this.#get(this.#name, INDEX)
  }

  bytes(dex: string): Promise<IDBPDatabase> {
    return this.#get(`${this.#name}/${dex}`, [BYTES])
  }

  isOpen(dex: string): boolean {
    return this.#open.has(`${this.#name}/${dex}`)
  }

  async drop(dex: string): Promise<void> {
    const name = `${this.#name}/${dex}`
    await this.#close(name)
    await deleteDatabase(name)
  }

  async wipe(dexes: Iterable<string>): Promise<void> {
    await this.close()
    for (const dex of dexes) await deleteDatabase(`${this.#name}/${dex}`)
    for (const name of await databasesLike(`${this.#name}/`)) await deleteDatabase(name)
    await deleteDatabase(this.#name)
  }

  async close(): Promise<void> {
    this.#ended = true
    for (const name of [...this.#open.keys()]) await this.#close(name)
  }

  async #get(name: string, stores: readonly string[]): Promise<IDBPDatabase> {
    if (this.#ended) throw new StoreGone()
    const known = this.#open.get(name)
    if (known) return known
    const forget = (): void => {
      if (this.#open.get(name) === opening) this.#open.delete(name)
      // The index goes with the account alone: another tab wiped it.
      if (name === this.#name) this.#ended = true
    }
    const opening = openYielding(name, stores, forget)
    this.#open.set(name, opening)
    opening.catch(() => this.#open.delete(name))
    return opening
  }

  async #close(name: string): Promise<void> {
    const opening = this.#open.get(name)
    this.#open.delete(name)
    if (opening) (await opening).close()
  }
}

/** A record as it lies: sealed where there is a sealer, since it names entries, which outlive a deleted row in the browser's files. */
type KeptRow = PictureRow | Uint8Array

/** Bytes and records as they lie: sealed where there is a sealer, bound to their dex and checksum. */
function keeping(sealer: Sealer | undefined) {
  const labelOf = (dex: string, sha256: string): string => `cache/${dex}/${sha256}`
  const rowLabel = (dex: string, sha256: string): string => `cache-row/${dex}/${sha256}`
  return {
    async keepRow(row: PictureRow): Promise<KeptRow> {
      return sealer ? sealer.seal(new TextEncoder().encode(JSON.stringify(row)), rowLabel(row.dex, row.sha256)) : row
    },
    /** Likewise. */
    async openRow([dex, sha256]: RowKey, kept: KeptRow): Promise<PictureRow | undefined> {
      if (!(kept instanceof Uint8Array)) return kept
      try {
        const opened = await sealer?.open(kept, rowLabel(dex, sha256))
        return opened && (JSON.parse(new TextDecoder().decode(opened)) as PictureRow)
      } catch (error) {
        if (error instanceof SealBroken) return undefined
        throw error
      }
    },
    async keep(dex: string, sha256: string, bytes: Uint8Array): Promise<Uint8Array> {
      if (sealer) return sealer.seal(bytes, labelOf(dex, sha256))
      // A view is kept with all of the buffer behind it: cut off what is not ours to keep.
      return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
    },
    /** What does not open is as if it were not there: it can be fetched again. */
    async open(dex: string, sha256: string, kept: Uint8Array): Promise<Uint8Array | undefined> {
      try {
        return sealer ? await sealer.open(kept, labelOf(dex, sha256)) : kept
      } catch (error) {
        if (error instanceof SealBroken) return undefined
        throw error
      }
    },
  }
}

/**
 * A PictureStore on IndexedDB: the records in one database, the bytes of each dex in one of its own, which is made after the first
 * record of it is there. Chromium empties its files of a database of some megabytes only when it starts again, and of single rows
 * later than that: with a sealer what still lies there says nothing.
 */
export function indexedDbPictures(name: string, sealer?: Sealer): PictureStore {
  const { keep, open, keepRow, openRow } = keeping(sealer)
  const databases = new CacheDatabases(name)
  const asked = async <Found>(work: () => Promise<Found>): Promise<Found> =>
    work().catch((error: unknown) => {
      throw translated(error)
    })
  let last: Promise<unknown> = Promise.resolve()
  /** One write after another: a record that is being sealed must not be written over what came after it. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  const note = async (rows: readonly PictureRow[]): Promise<void> => {
    const kept = await Promise.all(rows.map(async (row) => [keyOf(row), await keepRow(row)] as const))
    await writeTo(await databases.index(), INDEX, 'relaxed', ({ store }) => {
      for (const [key, row] of kept) store('rows').put(row, key)
    })
  }
  type Fetched = { readonly row: PictureRow; readonly bytes: Uint8Array }
  const putAll = async (all: readonly Fetched[]): Promise<void> => {
    await note(all.map(({ row }) => row))
    for (const [dex, its] of Map.groupBy(all, ({ row }) => row.dex)) {
      await writeTo(await databases.bytes(dex), [BYTES], 'relaxed', ({ store }) => {
        for (const { row, bytes } of its) store(BYTES).put(bytes, row.sha256)
      })
    }
  }
  const put = gathered<Fetched>((all) => inTurn(() => putAll(all)))
  const row = async (dex: string, sha256: string): Promise<PictureRow | undefined> => {
    const kept = (await (await databases.index()).get('rows', [dex, sha256])) as KeptRow | undefined
    return kept && openRow([dex, sha256], kept)
  }
  const rows = async (dex?: string): Promise<PictureRow[]> => {
    const { store } = (await databases.index()).transaction('rows')
    const range = dex === undefined ? undefined : ofDex(dex)
    const [keys, kept] = await Promise.all([store.getAllKeys(range), store.getAll(range) as Promise<KeptRow[]>])
    const opened = await Promise.all(kept.map((one, at) => openRow(keys[at] as RowKey, one)))
    return opened.filter((one) => one !== undefined)
  }
  const has = async (dex: string): Promise<boolean> =>
    (await (await databases.index()).getKey('rows', ofDex(dex))) !== undefined
  return {
    rows: (dex) => asked(() => rows(dex)),
    row: (dex, sha256) => asked(() => row(dex, sha256)),
    choice: () => asked(async () => (await databases.index()).get('meta', 'choice') as Promise<CacheChoice | undefined>),
    choose: async (choice) =>
      writeTo(await databases.index(), INDEX, 'relaxed', ({ store }) => store('meta').put(choice, 'choice')),
    get: (dex, sha256) =>
      asked(async () => {
        // A database that is asked for is made: only where there is a record to it.
        if (!databases.isOpen(dex) && !(await has(dex))) return undefined
        const kept = (await (await databases.bytes(dex)).get(BYTES, sha256)) as Uint8Array | undefined
        return kept && open(dex, sha256, kept)
      }),
    put: async (its, bytes) => put({ row: its, bytes: await keep(its.dex, its.sha256, bytes) }),
    note: (its) => inTurn(() => note(its)),
    delete: (dex, sha256s) =>
      inTurn(async () => {
        if (sha256s.length === 0 || !(await asked(() => has(dex)))) return
        await writeTo(await databases.bytes(dex), [BYTES], 'relaxed', ({ store }) => {
          for (const sha256 of sha256s) store(BYTES).delete(sha256)
        })
        await writeTo(await databases.index(), INDEX, 'relaxed', ({ store }) => {
          for (const sha256 of sha256s) store('rows').delete([dex, sha256])
        })
      }),
    drop: (dex) =>
      inTurn(async () => {
        const index = await databases.index()
        await databases.drop(dex)
        await writeTo(index, INDEX, 'relaxed', ({ store }) => store('rows').delete(ofDex(dex)))
      }),
    async wipe() {
      const rows = (await (await databases.index()).getAllKeys('rows')) as [string, string][]
      await databases.wipe(new Set(rows.map(([dex]) => dex)))
    },
    close: () => databases.close(),
  }
}
