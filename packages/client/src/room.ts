import { StorageFull } from './ports.ts'

const CACHED = /^[0-9a-f]{64}$/

/** True for a copy of what the server has, as older programs kept them among what is only here. */
export const isCached = (key: string): boolean => CACHED.test(key)

/** What can make room: it drops what can be fetched again, and answers whether there was any. */
export type MakeRoom = () => Promise<boolean>

/**
 * Runs a write; when the device is full, drops the cached pictures and tries once more (C4). A second StorageFull goes to
 * the caller: it stops visibly and does not loop.
 */
export async function withRoom<T>(makeRoom: MakeRoom, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof StorageFull) || !(await makeRoom())) throw error
    return write()
  }
}
