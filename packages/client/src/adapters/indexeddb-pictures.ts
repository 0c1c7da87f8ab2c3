import type { IDBPDatabase } from 'idb'
import { type CacheChoice, type PictureRow, type PictureStore, SealBroken, type Sealer, StoreGone } from '../ports.ts'
import { namesIn } from './hidden-names.ts'
import { databasesLike, deleteDatabase, gathered, openYielding, translated, writeTo } from './indexeddb-access.ts'
import { openText, sealText } from './sealing.ts'
import { isHidden } from './whose-place.ts'

const INDEX = ['rows', 'meta'] as const
const BYTES = 'bytes'
const CHOICE_LABEL = 'cache-choice'

/** The database of an account's records of pictures; those of the bytes are `name/` and what the dex is called there. */
export const cacheName = (place: string, sealed: boolean): string => `biologidex-${sealed ? 'sealed-' : ''}cache/${place}`

const ofDex = (called: string): IDBKeyRange => IDBKeyRange.bound([called], [called, []])
/** By what the dex is called here. */
type RowKey = [called: string, sha256: string]

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

  bytes(called: string): Promise<IDBPDatabase> {
    return this.#get(`${this.#name}/${called}`, [BYTES])
  }

  isOpen(called: string): boolean {
    return this.#open.has(`${this.#name}/${called}`)
  }

  async drop(called: string): Promise<void> {
    const name = `${this.#name}/${called}`
    await this.#close(name)
    await deleteDatabase(name)
  }

  async wipe(all: Iterable<string>): Promise<void> {
    await this.close()
    for (const called of all) await deleteDatabase(`${this.#name}/${called}`)
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

/** Bytes and records as they lie: sealed where there is a sealer, bound to their dex, as it is called here, and checksum. */
function keeping(sealer: Sealer | undefined) {
  const labelOf = ([called, sha256]: RowKey): string => `cache/${called}/${sha256}`
  const rowLabel = ([called, sha256]: RowKey): string => `cache-row/${called}/${sha256}`
  const opened = async <Kept>(kept: Kept | Uint8Array, label: string): Promise<Kept | undefined> => {
    if (!(kept instanceof Uint8Array)) return kept
    try {
      return sealer && (JSON.parse(await openText(sealer, kept, label)) as Kept)
    } catch (error) {
      if (error instanceof SealBroken) return undefined
      throw error
    }
  }
  return {
    keepRow: async (key: RowKey, row: PictureRow): Promise<KeptRow> =>
      sealer ? sealText(sealer, JSON.stringify(row), rowLabel(key)) : row,
    /** Likewise. */
    openRow: (key: RowKey, kept: KeptRow): Promise<PictureRow | undefined> => opened(kept, rowLabel(key)),
    keepChoice: async (choice: CacheChoice): Promise<CacheChoice | Uint8Array> =>
      sealer ? sealText(sealer, JSON.stringify(choice), CHOICE_LABEL) : choice,
    /** One that does not open is none. */
    openChoice: (kept: CacheChoice | Uint8Array): Promise<CacheChoice | undefined> => opened(kept, CHOICE_LABEL),
    async keep(key: RowKey, bytes: Uint8Array): Promise<Uint8Array> {
      if (sealer) return sealer.seal(bytes, labelOf(key))
      // A view is kept with all of the buffer behind it: cut off what is not ours to keep.
      return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
    },
    /** What does not open is as if it were not there: it can be fetched again. */
    async open(key: RowKey, kept: Uint8Array): Promise<Uint8Array | undefined> {
      try {
        return sealer ? await sealer.open(kept, labelOf(key)) : kept
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
 * later than that: with a sealer, in a hidden place, what still lies there says nothing.
 */
export function indexedDbPictures(place: string, sealer?: Sealer): PictureStore {
  const { keep, open, keepRow, openRow, keepChoice, openChoice } = keeping(sealer)
  const databases = new CacheDatabases(cacheName(place, sealer !== undefined))
  const calledOf = namesIn(place)
  const keyOf = (dex: string, sha256: string): RowKey => [calledOf(dex), sha256]
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
    const keyed = rows.map((row) => ({ key: keyOf(row.dex, row.sha256), row }))
    const kept = await Promise.all(keyed.map(async ({ key, row }) => [key, await keepRow(key, row)] as const))
    await writeTo(await databases.index(), INDEX, 'relaxed', ({ store }) => {
      for (const [key, row] of kept) store('rows').put(row, key)
    })
  }
  type Fetched = { readonly row: PictureRow; readonly bytes: Uint8Array }
  const putAll = async (all: readonly Fetched[]): Promise<void> => {
    await note(all.map(({ row }) => row))
    for (const [dex, its] of Map.groupBy(all, ({ row }) => row.dex)) {
      await writeTo(await databases.bytes(calledOf(dex)), [BYTES], 'relaxed', ({ store }) => {
        for (const { row, bytes } of its) store(BYTES).put(bytes, row.sha256)
      })
    }
  }
  const put = gathered<Fetched>((all) => inTurn(() => putAll(all)))
  const row = async (dex: string, sha256: string): Promise<PictureRow | undefined> => {
    const key = keyOf(dex, sha256)
    const kept = (await (await databases.index()).get('rows', key)) as KeptRow | undefined
    return kept && openRow(key, kept)
  }
  const rows = async (dex?: string): Promise<PictureRow[]> => {
    const { store } = (await databases.index()).transaction('rows')
    const range = dex === undefined ? undefined : ofDex(calledOf(dex))
    const [keys, kept] = await Promise.all([store.getAllKeys(range), store.getAll(range) as Promise<KeptRow[]>])
    const opened = await Promise.all(kept.map((one, at) => openRow(keys[at] as RowKey, one)))
    return opened.filter((one) => one !== undefined)
  }
  const has = async (called: string): Promise<boolean> =>
    (await (await databases.index()).getKey('rows', ofDex(called))) !== undefined
  return {
    rows: (dex) => asked(() => rows(dex)),
    row: (dex, sha256) => asked(() => row(dex, sha256)),
    choice: () =>
      asked(async () => {
        const kept = (await (await databases.index()).get('meta', 'choice')) as CacheChoice | Uint8Array | undefined
        return kept && openChoice(kept)
      }),
    async choose(choice) {
      // It names dexes. Where those are not hidden it lies as it always did, for a tab with an earlier version.
      const kept = isHidden(place) ? await keepChoice(choice) : choice
      await writeTo(await databases.index(), INDEX, 'relaxed', ({ store }) => store('meta').put(kept, 'choice'))
    },
    get: (dex, sha256) =>
      asked(async () => {
        // A database that is asked for is made: only where there is a record to it.
        const key = keyOf(dex, sha256)
        const [called] = key
        if (!databases.isOpen(called) && !(await has(called))) return undefined
        const kept = (await (await databases.bytes(called)).get(BYTES, sha256)) as Uint8Array | undefined
        return kept && open(key, kept)
      }),
    put: async (its, bytes) => put({ row: its, bytes: await keep(keyOf(its.dex, its.sha256), bytes) }),
    note: (its) => inTurn(() => note(its)),
    delete: (dex, sha256s) =>
      inTurn(async () => {
        const called = calledOf(dex)
        if (sha256s.length === 0 || !(await asked(() => has(called)))) return
        await writeTo(await databases.bytes(called), [BYTES], 'relaxed', ({ store }) => {
          for (const sha256 of sha256s) store(BYTES).delete(sha256)
        })
        await writeTo(await databases.index(), INDEX, 'relaxed', ({ store }) => {
          for (const sha256 of sha256s) store('rows').delete([called, sha256])
        })
      }),
    drop: (dex) =>
      inTurn(async () => {
        const index = await databases.index()
        const called = calledOf(dex)
        await databases.drop(called)
        await writeTo(index, INDEX, 'relaxed', ({ store }) => store('rows').delete(ofDex(called)))
      }),
    async wipe() {
      const rows = (await (await databases.index()).getAllKeys('rows')) as RowKey[]
      await databases.wipe(new Set(rows.map(([called]) => called)))
    },
    close: () => databases.close(),
  }
}
