import type { BlobCache, Channel, ChannelMessage, Lock, Ports, Sealer } from '../ports.ts'
import type { Partition } from './browser-partition.ts'
import { httpTransport } from './http.ts'
import { indexedDbStore } from './indexeddb.ts'
import { indexedDbBlobs, picturesName } from './indexeddb-blobs.ts'
import { indexedDbPictures } from './indexeddb-pictures.ts'
import { memoryLock } from './memory-tabs.ts'
import { onScreen } from './painted.ts'
import { cryptoRandom, systemClock, webHasher } from './system.ts'

/** One leader among the tabs of an account, by Web Locks (C3), which are written nowhere. Pages off HTTPS have none: there each tab leads itself. */
function webLock(account: string): Lock {
  const { locks } = navigator
  if (!locks) return memoryLock()
  return {
    async lead(work, signal) {
      try {
        await locks.request(`biologidex/${account}`, { signal: signal }, () => work(signal))
      } catch (error) {
        if (!signal.aborted) throw error
      }
    },
  }
}

/** What one tab tells the others of its account. */
function tabChannel(account: string): Channel {
  const channel = new BroadcastChannel(`biologidex/${account}`)
  let open = true
  return {
    post(message) {
      if (open) channel.postMessage(message)
    },
    onMessage(listener) {
      const hear = ({ data }: MessageEvent<ChannelMessage>): void => listener(data)
      channel.addEventListener('message', hear)
      return () => channel.removeEventListener('message', hear)
    },
    close() {
      open = false
      channel.close()
    },
  }
}

/** What an account has begun here and not kept yet: sealed like a waiting picture, under keys that hold a slash. */
export const browserDrafts = (place: string, sealer: Sealer | undefined): BlobCache =>
  indexedDbBlobs(`biologidex-sealed-drafts/${place}`, sealer)

/** The engine's ports in a page that the server itself brought: its cookie says who asks. */
export function browserPorts(account: string, { place, sealer }: Partition): Ports {
  return {
    store: indexedDbStore(place, sealer),
    blobs: indexedDbBlobs(picturesName(place, sealer !== undefined), sealer),
    pictures: indexedDbPictures(place, sealer),
    transport: httpTransport({ baseUrl: '' }),
    clock: systemClock(),
    lock: webLock(account),
    channel: tabChannel(account),
    random: cryptoRandom(),
    hasher: webHasher(),
    shown: onScreen,
  }
}
