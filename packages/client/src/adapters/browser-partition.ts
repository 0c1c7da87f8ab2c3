import type { Sealer } from '../ports.ts'
import { canSeal, enter, forgetKeys, lockPartition, PartitionLocked, standing } from './device-keys.ts'
import { indexedDbStore, storeName } from './indexeddb.ts'
import { databasesLike, deleteDatabase } from './indexeddb-access.ts'
import { indexedDbBlobs, picturesName } from './indexeddb-blobs.ts'
import { cacheName } from './indexeddb-pictures.ts'
import { moveBlobs, moveStore } from './plain-store.ts'

/** Names of all databases of an account: each holds its id. */
const databasesOf = async (account: string): Promise<string[]> =>
  (await databasesLike('biologidex')).filter((name) => name.includes(account))

async function deleteAll(names: readonly string[]): Promise<void> {
  await Promise.all(names.map(deleteDatabase))
}

/** Databases with sealed content. */
const isSealed = (name: string): boolean => name.startsWith('biologidex-sealed')

/** Seals what was kept before there was sealing (C2); another tab that is at it already is waited for. */
async function adopt(account: string, names: readonly string[], sealer: Sealer): Promise<void> {
  const [store, pictures] = [storeName(account, false), picturesName(account, false)]
  if (!names.includes(store) && !names.includes(pictures)) return
  await navigator.locks.request(`biologidex-adopt/${account}`, async () => {
    const left = await databasesOf(account)
    // Copies of the server's pictures can be fetched again.
    await deleteAll(left.filter((name) => name.startsWith(cacheName(account, false))))
    if (left.includes(pictures)) {
      const to = indexedDbBlobs(picturesName(account, true), sealer)
      await moveBlobs(indexedDbBlobs(pictures), to)
      await to.close()
    }
    if (!left.includes(store)) return
    const to = indexedDbStore(account, sealer)
    await moveStore(indexedDbStore(account), to)
    await to.close()
  })
}

/**
 * Opens what this browser keeps of an account; answers what seals it. `seal` brings what the server hands out with a session, or
 * undefined when it cannot be had now; it is asked only when there is no key. Undefined: nothing can be sealed, on a page that came
 * over plain HTTP, or until the server can be asked once more by an app that is older than sealing. Rejects with
 * PartitionLocked, or with SealBroken when the seal does not fit.
 */
export async function openPartition(account: string, seal: () => Promise<string | undefined>): Promise<Sealer | undefined> {
  if (!canSeal()) return undefined
  const [now, names] = await Promise.all([standing(account), databasesOf(account)])
  let sealer = now.kind === 'open' ? now.sealer : undefined
  if (!sealer) {
    const brought = await seal()
    if (brought === undefined) {
      if (names.includes(storeName(account, false)) && now.kind === 'none') return undefined
      throw new PartitionLocked()
    }
    sealer = await enter(account, brought, () => deleteAll(names.filter(isSealed)))
  }
  await adopt(account, names, sealer)
  return sealer
}

/** Closes the partition (C1): its key goes, everything else stays. */
export async function closePartition(account: string): Promise<void> {
  if (canSeal()) await lockPartition(account)
}

/** Deletes everything of the account in this browser, the keys first (C1). */
export async function dropPartition(account: string): Promise<void> {
  if (canSeal()) await forgetKeys(account)
  await deleteAll(await databasesOf(account))
}
