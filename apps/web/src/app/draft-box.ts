import { browserDrafts } from '@biologidex/client/adapters/browser'
import { standing } from '@biologidex/client/adapters/device-keys'
import { placeOf } from '@biologidex/client/adapters/hidden-names'
import type { BlobCache } from '@biologidex/client/ports'

/** Runs work on what lies in a box of drafts. */
export type InBox = <T>(work: (box: BlobCache) => Promise<T>) => Promise<T>

/**
 * The way to what an account has begun and not kept, sealed as everything of theirs (C1); undefined where nothing can be sealed. Whoever
 * has it can still put something there when the session has ended and the device has let go of the key: only the next sign-in opens that.
 */
export async function wayToDrafts(account: string): Promise<InBox | undefined> {
  const place = await placeOf(account)
  const now = await standing(place)
  if (now.kind !== 'open') return undefined
  return async (work) => {
    const box = browserDrafts(place, now.sealer)
    try {
      return await work(box)
    } finally {
      await box.close()
    }
  }
}

/** Runs work on what an account has begun and not kept. Nothing is kept where it cannot be sealed. */
export async function withDrafts<T>(account: string, work: (box: BlobCache) => Promise<T>): Promise<T | undefined> {
  return (await wayToDrafts(account))?.(work)
}
