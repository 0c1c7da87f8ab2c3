import { SealBroken, type Sealer } from '../ports.ts'
import { webSealer } from './web-sealer.ts'

/**
 * The key that seals an account's store in this browser (C1). It is random, and lies here twice, never in plain:
 *
 * - wrapped by a CryptoKey that no script can read, for as long as the session lasts. The CryptoKey is kept in IndexedDB, where Chromium
 *   leaves bytes of what was deleted in its files for a while; what it wraps is a file of Cache Storage, which is gone when it is
 *   deleted. Locking deletes both, and either alone opens nothing.
 * - wrapped by the account's `seal`, which the server hands out with a session and which is never stored: the next sign-in opens it.
 */
const STORE = 'keys'
const KEY = 'key'
const keyName = (place: string): string => `biologidex-key/${place}`
export const wrappedName = (place: string): string => `biologidex-wrapped/${place}`
/** The one thing in the cache of that name. */
const FILE = '/wrapped-key'

/** How the partition of an account stands: `locked` until its next sign-in brings the seal; `none` when it has no key here. */
export type Standing = { readonly kind: 'open'; readonly sealer: Sealer } | { readonly kind: 'locked' | 'none' }

/** The partition is closed: only the next sign-in of its account brings what opens it (C1). */
export class PartitionLocked extends Error {
  constructor() {
    super('What this account keeps here is locked until it signs in again.')
    this.name = 'PartitionLocked'
  }
}

/** Browsers have no cryptography on pages that came over plain HTTP, off localhost: nothing can be sealed there. */
export const canSeal = (): boolean => (globalThis.crypto as { subtle?: SubtleCrypto }).subtle !== undefined

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The browser keeps nothing.'))
  })
}

function opening(name: string, make: boolean): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    if (make) request.result.createObjectStore(STORE)
    else request.transaction?.abort()
  }
  return settled(request)
}

/** What is kept under the name; undefined, and nothing is made, when there is nothing. */
async function read<T>(name: string): Promise<T | undefined> {
  let database: IDBDatabase
  try {
    database = await opening(name, false)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined
    throw error
  }
  try {
    return (await settled(database.transaction(STORE).objectStore(STORE).get(KEY))) as T | undefined
  } finally {
    database.close()
  }
}

/** On the disk when it resolves: what is sealed with a key that a power cut takes would be lost. */
async function write(name: string, value: unknown): Promise<void> {
  const database = await opening(name, true)
  try {
    await new Promise<void>((resolve, reject) => {
      const tx = database.transaction(STORE, 'readwrite', { durability: 'strict' })
      tx.oncomplete = () => resolve()
      tx.onabort = () => reject(tx.error ?? new Error('The browser keeps nothing.'))
      tx.objectStore(STORE).put(value, KEY)
    })
  } finally {
    database.close()
  }
}

const drop = (name: string): Promise<unknown> => settled(indexedDB.deleteDatabase(name))

const ALGORITHM = { name: 'AES-GCM', length: 256 } as const
const USES = ['encrypt', 'decrypt'] as const
const WRAPPING = { name: 'AES-KW', length: 256 } as const

type Wrapped = Uint8Array<ArrayBuffer>

function sealKey(seal: string): Promise<CryptoKey> {
  const raw = Uint8Array.from(seal.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  return crypto.subtle.importKey('raw', raw, WRAPPING, false, ['wrapKey', 'unwrapKey'])
}

async function wrap(key: CryptoKey, by: CryptoKey): Promise<Wrapped> {
  return new Uint8Array(await crypto.subtle.wrapKey('raw', key, by, WRAPPING))
}

/** Rejects with SealBroken when it was wrapped by another key. */
async function unwrap(wrapped: Wrapped, by: CryptoKey, extractable: boolean): Promise<CryptoKey> {
  try {
    return await crypto.subtle.unwrapKey('raw', wrapped, by, WRAPPING, ALGORITHM, extractable, USES)
  } catch (error) {
    throw error instanceof DOMException && error.name === 'OperationError' ? new SealBroken() : error
  }
}

/** Keeps the key for as long as the session lasts. */
async function keepOpen(place: string, key: CryptoKey): Promise<void> {
  const by = await crypto.subtle.generateKey(WRAPPING, false, ['wrapKey', 'unwrapKey'])
  await write(keyName(place), by)
  const cache = await caches.open(keyName(place))
  await cache.put(FILE, new Response(await wrap(key, by)))
}

const wrappedFile = async (place: string): Promise<Response | undefined> => caches.match(FILE, { cacheName: keyName(place) })

/** The key of a session that lasts; undefined when it is not here, or not whole. */
async function openKey(place: string): Promise<CryptoKey | undefined> {
  const [file, by] = await Promise.all([wrappedFile(place), read<CryptoKey>(keyName(place))])
  if (!by || !file) return undefined
  try {
    return await unwrap(new Uint8Array(await file.arrayBuffer()), by, false)
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

/** Takes the key away: the file first, which is gone at once. */
async function dropKey(place: string): Promise<void> {
  await caches.delete(keyName(place))
  await drop(keyName(place))
}

/** One tab at a time changes an account's keys. */
const alone = <T>(place: string, work: () => Promise<T>): Promise<T> =>
  navigator.locks.request(`biologidex-key/${place}`, work) as Promise<T>

/** How the partition stands; changes nothing. */
export async function standing(place: string): Promise<Standing> {
  const key = await openKey(place)
  if (key) return { kind: 'open', sealer: webSealer(key) }
  return { kind: (await read(wrappedName(place))) ? 'locked' : 'none' }
}

/**
 * Opens the partition with what a sign-in brought, or gives it its first key; `begin` runs before that one is made: what may
 * still lie sealed by a key that is gone can never be opened. Rejects with SealBroken when the seal is not the one that the
 * key was wrapped by; everything stays as it is then.
 */
export function enter(place: string, seal: string, begin: () => Promise<void>): Promise<Sealer> {
  return alone(place, async () => {
    const now = await standing(place)
    if (now.kind === 'open') return now.sealer
    const by = await sealKey(seal)
    const wrapped = await read<Wrapped>(wrappedName(place))
    let key: CryptoKey
    if (wrapped) key = await unwrap(wrapped, by, true)
    else {
      await begin()
      key = await crypto.subtle.generateKey(ALGORITHM, true, USES)
      await write(wrappedName(place), await wrap(key, by))
    }
    await keepOpen(place, key)
    // The key in hand could be exported, since it had to be wrapped; the one that is used cannot.
    const opened = await openKey(place)
    if (!opened) throw new Error('The browser keeps no key.')
    return webSealer(opened)
  })
}

/** The session ended by itself (401): from now on only the next sign-in opens what is here (C1). */
export function lockPartition(place: string): Promise<void> {
  return alone(place, () => dropKey(place))
}

/** Sign-out: what was sealed can never be opened again, whatever may be left of it. */
export function forgetKeys(place: string): Promise<void> {
  return alone(place, async () => {
    await dropKey(place)
    await drop(wrappedName(place))
  })
}
