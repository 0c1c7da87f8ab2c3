import type { Sealer } from '../ports.ts'
import { canSeal, enter, forgetKeys, lockPartition, PartitionLocked, standing } from './device-keys.ts'
import { hiddenPlace, placeOf } from './hidden-names.ts'
import { indexedDbStore, storeName } from './indexeddb.ts'
import { databasesLike, deleteDatabase } from './indexeddb-access.ts'
import { indexedDbBlobs, picturesName } from './indexeddb-blobs.ts'
import { cacheName } from './indexeddb-pictures.ts'
import { moveBlobs, moveStore } from './plain-store.ts'
import { forgetWhose } from './whose-place.ts'

/** What this browser keeps of an account: where it lies, and what seals it, if anything does. */
export interface Partition {
  readonly place: string
  readonly sealer?: Sealer
}

/** An account's hidden place, and the one that says whose it is. */
const placesOf = (account: string): readonly [string, string] => [hiddenPlace(account), account]

/** Names of all databases of an account: each holds its place. */
async function databasesOf(account: string): Promise<string[]> {
  const places = placesOf(account)
  return (await databasesLike('biologidex')).filter((name) => places.some((place) => name.includes(place)))
}

async function deleteAll(names: readonly string[]): Promise<void> {
  await Promise.all(names.map(deleteDatabase))
}

/** Databases with sealed content. */
const isSealed = (name: string): boolean => name.startsWith('biologidex-sealed')

/** Seals what was kept before there was sealing (C2); another tab that is at it already is waited for. */
async function adopt(account: string, place: string, names: readonly string[], sealer: Sealer): Promise<void> {
  const [store, pictures] = [storeName(account, false), picturesName(account, false)]
  if (!names.includes(store) && !names.includes(pictures)) return
  await navigator.locks.request(`biologidex-adopt/${account}`, async () => {
    const left = await databasesOf(account)
    // Copies of the server's pictures can be fetched again.
    await deleteAll(left.filter((name) => name.startsWith(cacheName(account, false))))
    if (left.includes(pictures)) {
      const to = indexedDbBlobs(picturesName(place, true), sealer)
      await moveBlobs(indexedDbBlobs(pictures), to)
      await to.close()
    }
    if (!left.includes(store)) return
    const to = indexedDbStore(place, sealer)
    await moveStore(indexedDbStore(account), to)
    await to.close()
  })
}

/**
 * Opens what this browser keeps of an account. `seal` brings what the server hands out with a session, or
 * undefined when it cannot be had now; it is asked only when there is no key. Without a sealer: nothing can be sealed, on a page that came
 * over plain HTTP, or until the server can be asked once more by an app that is older than sealing. Rejects with
 * PartitionLocked, or with SealBroken when the seal does not fit.
 */
export async function openPartition(account: string, seal: () => Promise<string | undefined>): Promise<Partition> {
  if (!canSeal()) return { place: account }
  const place = await placeOf(account)
  const [now, names] = await Promise.all([standing(place), databasesOf(account)])
  let sealer = now.kind === 'open' ? now.sealer : undefined
  if (!sealer) {
    const brought = await seal()
    if (brought === undefined) {
      if (names.includes(storeName(account, false)) && now.kind === 'none') return { place: account }
      throw new PartitionLocked()
    }
    sealer = await enter(place, brought, () => deleteAll(names.filter(isSealed)))
  }
  await adopt(account, place, names, sealer)
  return { place, sealer }
}

/** Closes the partition (C1): its key goes, everything else stays. */
export async function closePartition(account: string): Promise<void> {
  if (canSeal()) await lockPartition(await placeOf(account))
}

/** Deletes everything of the account in this browser, the keys first (C1). */
export async function dropPartition(account: string): Promise<void> {
  const places = canSeal() ? placesOf(account) : []
  for (const place of places) await forgetKeys(place)
  await deleteAll(await databasesOf(account))
  for (const place of places) await forgetWhose(place)
}
