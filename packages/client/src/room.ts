import { type BlobCache, StorageFull } from './ports.ts'

const CACHED = /^[0-9a-f]{64}$/

/** True for pictures that the server has too: only those may be dropped. */
export const isCached = (key: string): boolean => CACHED.test(key)

/**
 * Runs a write; when the device is full, drops the cached pictures and tries once more (C4). A second StorageFull goes to
 * the caller: it stops visibly and does not loop.
 */
export async function withRoom<T>(blobs: BlobCache, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error
    const cached = (await blobs.keys()).filter(isCached)
    if (cached.length === 0) throw error
    await blobs.delete(cached)
    return write()
  }
}
