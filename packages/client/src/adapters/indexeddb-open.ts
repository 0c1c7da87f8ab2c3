import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { StorageFull, StoreGone } from '../ports.ts'

const VERSION = 1

/** Names of the databases of an account: one for its own records, one for each feed (C1), one for pictures. */
export const accountName = (account: string): string => `biologidex/${account}`
export const feedName = (account: string, feed: string): string => `biologidex/${account}/${feed}`
export const blobsName = (account: string): string => `biologidex/${account}/pictures`

/** What the adapter throws for what the browser says: full, or no longer ours. Other errors go on as they are. */
export function told(error: unknown): unknown {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'QuotaExceededError') return new StorageFull()
  return name === 'InvalidStateError' ? new StoreGone() : error
}

/** Runs work on a database, its errors told in the port's terms. */
export async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw told(error)
  }
}

/**
 * Opens a database, made by `make` when it is new. It is closed politely when another tab deletes or upgrades it:
 * `onLost` is told, and whatever is asked of it later fails as no longer ours.
 */
export function open<S extends DBSchema>(
  name: string,
  make: (db: IDBPDatabase<S>) => void,
  onLost: () => void,
): Promise<IDBPDatabase<S>> {
  return telling(() =>
    openDB<S>(name, VERSION, {
      upgrade: (db) => make(db),
      blocking(_current, _blocked, event) {
        const db = event.target as IDBDatabase | null
        db?.close()
        onLost()
      },
      terminated: onLost,
    }),
  )
}

interface Abortable {
  readonly done: Promise<void>
  abort(): void
}

/**
 * Ends a transaction with all that `work` asks of it, or none: what throws before the browser has seen it (a value that cannot be
 * stored, a plan that refuses) would otherwise leave the requests made before it to commit by themselves.
 */
export async function atomically(
  tx: Abortable,
  work: (ask: (request: Promise<unknown>) => void) => Promise<void>,
): Promise<void> {
  const asked: Promise<unknown>[] = []
  const ask = (request: Promise<unknown>): void => {
    // An abort fails them all; the first to fail is the one that is told.
    request.catch(() => undefined)
    asked.push(request)
  }
  // Heard before anything can fail: an abort rejects it even when nobody has come to wait for it.
  const done = tx.done.then(
    () => undefined,
    (error: unknown) => error,
  )
  try {
    await work(ask)
    await Promise.all(asked)
  } catch (error) {
    abort(tx)
    const cause = await done
    throw (cause as Error | undefined)?.name === 'QuotaExceededError' ? cause : error
  }
  const failed = await done
  if (failed) throw failed
}

/** Aborts; a transaction that the browser has aborted already is as good. */
function abort(tx: Abortable): void {
  try {
    tx.abort()
  } catch (error) {
    if ((error as Error).name !== 'InvalidStateError') throw error
  }
}
