import type { Channel, ChannelMessage, Lock, Ports } from '../ports.ts'
import { httpTransport } from './http.ts'
import { indexedDbStore } from './indexeddb.ts'
import { indexedDbBlobs } from './indexeddb-blobs.ts'
import { memoryLock } from './memory-tabs.ts'
import { cryptoRandom, systemClock, webHasher } from './system.ts'

/** One leader among the tabs of an account, by Web Locks (C3). Pages off HTTPS have none: there each tab leads itself. */
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

/** The engine's ports in a page that the server itself brought: its cookie says who asks. */
export function browserPorts(account: string): Ports {
  return {
    store: indexedDbStore(account),
    blobs: indexedDbBlobs(account),
    transport: httpTransport({ baseUrl: '' }),
    clock: systemClock(),
    lock: webLock(account),
    channel: tabChannel(account),
    random: cryptoRandom(),
    hasher: webHasher(),
  }
}
