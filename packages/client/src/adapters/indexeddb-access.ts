import { deleteDB, type IDBPDatabase, openDB, unwrap } from 'idb'
import { StorageFull, StoreGone } from '../ports.ts'

/** 2: the same stores; what a program from before sealing holds open must give way before its content is moved (C2). */
const VERSION = 2

/**
 * An open database that gives way: when another tab deletes or upgrades it, or the browser takes it away, it is closed at once
 * and `onGone` is called. Transactions under way still end.
 */
export async function openYielding(name: string, stores: readonly string[], onGone: () => void): Promise<IDBPDatabase> {
  const db = await openDB(name, VERSION, {
    upgrade(fresh) {
      for (const store of stores) if (!fresh.objectStoreNames.contains(store)) fresh.createObjectStore(store)
    },
    blocking() {
      db.close()
      onGone()
    },
    terminated: onGone,
  }).catch((error: unknown) => {
    throw translated(error)
  })
  return db
}

/** Deletes a database, once other tabs have given way. */
export async function deleteDatabase(name: string): Promise<void> {
  await deleteDB(name)
}

/** Names of the databases that begin like this; none where the browser cannot list them. */
export async function databasesLike(prefix: string): Promise<string[]> {
  const all = typeof indexedDB.databases === 'function' ? await indexedDB.databases() : []
  return all.flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []))
}

/** What IndexedDB threw, in the terms of the ports. */
export function translated(error: unknown): unknown {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'QuotaExceededError') return new StorageFull()
  return name === 'InvalidStateError' ? new StoreGone() : error
}

/** A write transaction under way. */
export interface Writing {
  store(name: string): IDBObjectStore
  /** Goes on with what a request found, in the same transaction. */
  after<Found>(request: IDBRequest<Found>, next: (found: Found) => void): void
}

/**
 * One atomic write over the stores named: when `work`, a part of it given to `after`, or any request fails, nothing of it is kept.
 * Rejects with what `work` threw, with StorageFull, or with StoreGone when the database was closed.
 */
export function writeTo(
  db: IDBPDatabase,
  stores: readonly string[],
  durability: 'strict' | 'relaxed',
  work: (writing: Writing) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let tx: IDBTransaction
    try {
      tx = unwrap(db).transaction(stores, 'readwrite', { durability })
    } catch (error) {
      reject(translated(error))
      return
    }
    let reason: unknown
    const guarded = (step: () => void): void => {
      try {
        step()
      } catch (error) {
        reason = error
        tx.abort()
      }
    }
    tx.addEventListener('complete', () => resolve())
    tx.addEventListener('abort', () => reject(translated(reason ?? tx.error)))
    guarded(() =>
      work({
        store: (name) => tx.objectStore(name),
        after(request, next) {
          request.addEventListener('success', () => guarded(() => next(request.result)))
        },
      }),
    )
  })
}

/** Writes that are asked for while one is under way go together in the next: each transaction has its price. */
export function gathered<T>(write: (all: readonly T[]) => Promise<void>): (one: T) => Promise<void> {
  let waiting: T[] = []
  let next: Promise<void> | undefined
  let before: Promise<void> = Promise.resolve()
  const begin = (): Promise<void> => {
    const all = waiting
    waiting = []
    next = undefined
    const writing = write(all)
    before = writing.catch(() => undefined)
    return writing
  }
  return (one) => {
    waiting.push(one)
    next ??= before.then(begin)
    return next
  }
}
