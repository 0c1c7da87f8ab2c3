import { canSeal, type Standing, standing } from '@biologidex/client/adapters/device-keys'
import { openText, sealText } from '@biologidex/client/adapters/sealing'
import { isHidden, noteWhose, readWhose } from '@biologidex/client/adapters/whose-place'
import { leavingPlace, rememberedPlace } from './remembered.ts'
import type { Cell } from './wall/cells.ts'
import type { Sort } from './wall/order.ts'

/**
 * What is painted before the engine has loaded: whose dex, and the first plates as they last were. Names, numbers, ids and
 * thumbhashes only; never a place or a note. It lies in a database of its own for each account, since a deleted database
 * leaves nothing in the browser's profile (C1): the plates sealed. Whose they are lies in plain, to sign in with: in a file that is
 * gone when it is deleted (`whose-place.ts`), or beside the plates where the place is not hidden.
 */
export interface FirstWall {
  readonly username: string
  readonly displayName: string
  readonly sort: Sort
  readonly reverse?: boolean
  /** Plates of the whole wall, of which `cells` are the first. */
  readonly total: number
  readonly animals: number
  readonly entries: number
  readonly cells: readonly Cell[]
  /** Ids of those whose dexes were looked at here, the last one first. */
  readonly recent?: readonly string[]
}

/** How many cells are kept: a large screen's worth. */
export const FIRST_CELLS = 40

type Owner = Pick<FirstWall, 'username' | 'displayName'>

/** How it lies: `plates` is sealed, or plain on pages where nothing can be sealed; absent while the partition is locked. */
interface Kept {
  readonly owner?: Owner
  readonly plates?: Uint8Array | string
}

const STORE = 'shell'
const KEY = 'now'
const LABEL = 'first-wall'
const nameOf = (place: string): string => `biologidex-wall-${place}`
/** Where it lay before it was sealed. */
const plainNameOf = (place: string): string => `biologidex-shell-${place}`

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function open(place: string): Promise<IDBDatabase> {
  const request = indexedDB.open(nameOf(place), 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return settled(request)
}

async function withStore<T>(place: string, mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>) {
  const database = await open(place)
  try {
    return await settled(use(database.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    database.close()
  }
}

async function opened(
  { owner, plates }: Kept,
  whose: Partial<Owner> | undefined,
  now: Standing | undefined,
): Promise<FirstWall | undefined> {
  if (typeof plates === 'string') return JSON.parse(plates) as FirstWall
  if (!plates || now?.kind !== 'open') return lockedWall(undefined, owner ?? whose)
  return JSON.parse(await openText(now.sealer, plates, LABEL)) as FirstWall
}

/** The stored first wall; undefined when there is none or the browser keeps nothing. */
export async function readFirstWall(place: string): Promise<FirstWall | undefined> {
  try {
    const [kept, whose, now] = await Promise.all([
      withStore(place, 'readonly', (store) => store.get(KEY) as IDBRequest<Kept | undefined>),
      readWhose(place),
      canSeal() ? standing(place) : undefined,
    ])
    return kept && (await opened(kept, whose, now))
  } catch {
    // Only a quicker paint is lost: the engine says what is wrong with the storage, if anything is.
    return undefined
  }
}

async function keptOf(place: string, wall: FirstWall): Promise<Kept> {
  const names = { username: wall.username, displayName: wall.displayName }
  const owner = isHidden(place) ? {} : { owner: names }
  const whose = await readWhose(place)
  if (whose) await noteWhose(place, { account: whose.account, ...names })
  if (!canSeal()) return { ...owner, plates: JSON.stringify(wall) }
  const now = await standing(place)
  return now.kind === 'open' ? { ...owner, plates: await sealText(now.sealer, JSON.stringify(wall), LABEL) } : owner
}

/** The last write that was begun. */
let writing: Promise<void> = Promise.resolve()

/** Nothing is written of somebody who signs out, or has. */
const isHere = (place: string): boolean => leavingPlace() === undefined && rememberedPlace() === place

/**
 * Keeps the first wall for the next start; only whose it is, while its partition has no key. One write waits for another.
 * @param next what to keep, given what lies there; undefined: nothing
 */
export function changeFirstWall(place: string, next: (before?: FirstWall) => FirstWall | undefined): Promise<void> {
  const turn = writing.then(async () => {
    const wall = isHere(place) ? next(await readFirstWall(place)) : undefined
    if (!wall) return
    const kept = await keptOf(place, wall)
    await withStore(place, 'readwrite', (store) => store.put(kept, KEY))
    await settled(indexedDB.deleteDatabase(plainNameOf(place)))
  })
  // As above: only a quicker paint is lost.
  writing = turn.catch(() => undefined)
  return writing
}

/** Resolves when nothing is being written: what is deleted then stays so. */
export const firstWallWritten = (): Promise<void> => writing

/** What is left of a wall when its dex is locked: whose it is, to sign in with, and no plates (C1). */
export function lockedWall(wall: FirstWall | undefined, owner: Partial<Owner> | undefined): FirstWall | undefined {
  const { username, displayName } = owner ?? wall ?? {}
  if (username === undefined || displayName === undefined) return undefined
  const { sort = 'number', reverse = false, animals = 0, entries = 0 } = wall ?? {}
  return { username, displayName, sort, reverse, animals, entries, total: 0, cells: [] }
}
