import { browserDrafts } from '@biologidex/client/adapters/browser'
import { standing } from '@biologidex/client/adapters/device-keys'
import { placeOf } from '@biologidex/client/adapters/hidden-names'
import type { BlobCache } from '@biologidex/client/ports'

/** Runs work on what an account has begun and not kept, sealed as everything of theirs (C1). Nothing is kept where it cannot be sealed. */
export async function withDrafts<T>(account: string, work: (box: BlobCache) => Promise<T>): Promise<T | undefined> {
  const place = await placeOf(account)
  const now = await standing(place)
  if (now.kind !== 'open') return undefined
  const box = browserDrafts(place, now.sealer)
  try {
    return await work(box)
  } finally {
    await box.close()
  }
}
