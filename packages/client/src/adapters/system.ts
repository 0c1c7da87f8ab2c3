import { sha256 as pureSha256 } from '@noble/hashes/sha2.js'
import type { Clock, Hasher, Random } from '../ports.ts'

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The longest delay that timers take; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/** The device's clock and timers. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, Math.min(ms, LONGEST_MS))
      return () => clearTimeout(timer)
    },
  }
}

/** UUID v4 from random bytes: `crypto.randomUUID` is missing where a page came over plain HTTP. */
function uuidFrom(bytes: Uint8Array): string {
  const versioned = bytes.map((byte, i) => (i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte))
  return toHex(versioned).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function cryptoRandom(): Random {
  return {
    uuid: () => uuidFrom(crypto.getRandomValues(new Uint8Array(16))),
    fraction: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  }
}

/**
 * SHA-256 by the platform's own crypto. Browsers have none on plain-HTTP origins off localhost (a home network, say):
 * there it is computed in JavaScript, some ten times slower.
 */
export function webHasher(subtle: SubtleCrypto | null | undefined = globalThis.crypto.subtle): Hasher {
  return {
    async sha256(bytes) {
      if (!subtle) return toHex(pureSha256(bytes))
      return toHex(new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)))
    },
  }
}
