import type { IDBPDatabase } from 'idb'
import { type CacheChoice, type PictureRow, type PictureStore, SealBroken, type Sealer, StoreGone } from '../ports.ts'
import { databasesLike, deleteDatabase, gathered, openYielding, translated, writeTo } from './indexeddb-access.ts'

const INDEX = ['rows', 'meta'] as const
const BYTES = 'bytes'

/** The database of an account's records of pictures; those of the bytes are `name/dex`. */
export const cacheName = (account: string, sealed: boolean): string => `biologidex-${sealed ? 'sealed-' : ''}cache/${account}`

const ofDex = (dex: string): IDBKeyRange => IDBKeyRange.bound([dex], [dex, []])
const keyOf = ({ dex, sha256 }: PictureRow): IDBValidKey => [dex, sha256]

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

/** Bytes as they lie: sealed where there is a sealer, bound to their dex and checksum. */
function keeping(sealer: Sealer | undefined) {
  const labelOf = (dex: string, sha256: string): string => `cache/${dex}/${sha256}`
  return {
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
  const { keep, open } = keeping(sealer)
  const databases = new CacheDatabases(name)
  const asked = async <Found>(work: () => Promise<Found>): Promise<Found> =>
    work().catch((error: unknown) => {
      throw translated(error)
    })
  const note = async (rows: readonly PictureRow[]): Promise<void> =>
    writeTo(await databases.index(), INDEX, 'relaxed', ({ store }) => {
      for (const row of rows) store('rows').put(row, keyOf(row))
    })
  type Fetched = { readonly row: PictureRow; readonly bytes: Uint8Array }
  const put = gathered<Fetched>(async (all) => {
    await note(all.map(({ row }) => row))
    for (const [dex, its] of Map.groupBy(all, ({ row }) => row.dex)) {
      await writeTo(await databases.bytes(dex), [BYTES], 'relaxed', ({ store }) => {
        for (const { row, bytes } of its) store(BYTES).put(bytes, row.sha256)
      })
    }
  })
  const row = async (dex: string, sha256: string): Promise<PictureRow | undefined> =>
    (await databases.index()).get('rows', [dex, sha256]) as Promise<PictureRow | undefined>
  const has = async (dex: string): Promise<boolean> =>
    (await (await databases.index()).getKey('rows', ofDex(dex))) !== undefined
  return {
    rows: (dex) =>
      asked(
        async () =>
          (await databases.index()).getAll('rows', dex === undefined ? undefined : ofDex(dex)) as Promise<PictureRow[]>,
      ),
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
    note,
    async delete(dex, sha256s) {
      if (sha256s.length === 0 || !(await asked(() => has(dex)))) return
      await writeTo(await databases.bytes(dex), [BYTES], 'relaxed', ({ store }) => {
        for (const sha256 of sha256s) store(BYTES).delete(sha256)
      })
      await writeTo(await databases.index(), INDEX, 'relaxed', ({ store }) => {
        for (const sha256 of sha256s) store('rows').delete([dex, sha256])
      })
    },
    async drop(dex) {
      const index = await databases.index()
      await databases.drop(dex)
      await writeTo(index, INDEX, 'relaxed', ({ store }) => store('rows').delete(ofDex(dex)))
    },
    async wipe() {
      const rows = (await (await databases.index()).getAllKeys('rows')) as [string, string][]
      await databases.wipe(new Set(rows.map(([dex]) => dex)))
    },
    close: () => databases.close(),
  }
}
