import type { Cell, Sort } from './wall/cells.ts'

/**
 * What is painted before the engine has loaded: whose dex, and the first plates as they last were. Names, numbers, ids and
 * thumbhashes only; never a place or a note. It lies in a database of its own for each account, since a deleted database
 * leaves nothing in the browser's profile (C1).
 */
export interface FirstWall {
  readonly username: string
  readonly displayName: string
  readonly sort: Sort
  /** Plates of the whole wall, of which `cells` are the first. */
  readonly total: number
  readonly animals: number
  readonly entries: number
  readonly cells: readonly Cell[]
}

/** How many cells are kept: a large screen's worth. */
export const FIRST_CELLS = 40

const STORE = 'shell'
const KEY = 'now'
const nameOf = (account: string): string => `biologidex-shell-${account}`

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function open(account: string): Promise<IDBDatabase> {
  const request = indexedDB.open(nameOf(account), 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return settled(request)
}

async function withStore<T>(account: string, mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>) {
  const database = await open(account)
  try {
    return await settled(use(database.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    database.close()
  }
}

/** The stored first wall; undefined when there is none or the browser keeps nothing. */
export async function readFirstWall(account: string): Promise<FirstWall | undefined> {
  try {
    return (await withStore(account, 'readonly', (store) => store.get(KEY))) as FirstWall | undefined
  } catch {
    // Only a quicker paint is lost: the engine says what is wrong with the storage, if anything is.
    return undefined
  }
}

/** Keeps the first wall for the next start. */
export async function writeFirstWall(account: string, wall: FirstWall): Promise<void> {
  try {
    await withStore(account, 'readwrite', (store) => store.put(wall, KEY))
  } catch {
    // As above.
  }
}

/** What is left of a wall when its dex is locked: whose it is, to sign in with, and no plates (C1). */
export function lockedWall(
  wall: FirstWall | undefined,
  owner: Pick<FirstWall, 'username' | 'displayName'> | undefined,
): FirstWall | undefined {
  const { username, displayName } = owner ?? wall ?? {}
  if (username === undefined || displayName === undefined) return undefined
  const { sort = 'number', animals = 0, entries = 0 } = wall ?? {}
  return { username, displayName, sort, animals, entries, total: 0, cells: [] }
}

/** Deletes it with its database. */
export async function dropFirstWall(account: string): Promise<void> {
  try {
    await settled(indexedDB.deleteDatabase(nameOf(account)))
  } catch {
    // Nothing was kept.
  }
}
