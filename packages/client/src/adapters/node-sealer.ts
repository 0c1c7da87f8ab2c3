import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SealBroken, type Sealer } from '../ports.ts'
import { IV_BYTES, labelBytes, SEAL_BYTES, TAG_BYTES } from './sealing.ts'

const KEY_BYTES = 32
const CIPHER = 'aes-256-gcm'

/** A Sealer that answers at once: SQLite's transactions wait for nobody. */
export interface InstantSealer extends Sealer {
  /** `room`: where the answer is put, of the length of the bytes and `SEAL_BYTES`; else in memory of its own. */
  seal(bytes: Uint8Array, label: string, room?: Uint8Array): Uint8Array
  open(sealed: Uint8Array, label: string): Uint8Array
}

/** A Sealer over a key of 32 bytes. */
export function nodeSealer(bytes: Uint8Array): InstantSealer {
  // Given as bytes, the key would be made ready anew for each row, which takes four times as long as sealing it.
  const key = createSecretKey(bytes)
  return {
    seal(bytes, label, room = Buffer.allocUnsafe(bytes.length + SEAL_BYTES)) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv(CIPHER, key, iv).setAAD(labelBytes(label))
      room.set(iv)
      room.set(cipher.update(bytes), IV_BYTES)
      // In this mode nothing is held back to its end.
      cipher.final()
      room.set(cipher.getAuthTag(), IV_BYTES + bytes.length)
      return room
    },
    open(sealed, label) {
      if (sealed.length < SEAL_BYTES) throw new SealBroken()
      const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV_BYTES))
      decipher.setAAD(labelBytes(label)).setAuthTag(sealed.subarray(-TAG_BYTES))
      const content = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES))
      try {
        decipher.final()
      } catch {
        // OpenSSL says nothing but that the tag does not fit.
        throw new SealBroken()
      }
      return content
    },
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Makes the file with a new key, whole and synced before it has its name; another program may be quicker. */
function makeKey(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const partial = `${path}.${randomBytes(6).toString('hex')}`
  const file = openSync(partial, 'wx', 0o600)
  try {
    writeFileSync(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`)
    fsyncSync(file)
    linkSync(partial, path)
    syncFolder(dirname(path))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    closeSync(file)
    rmSync(partial)
  }
}

/**
 * The Sealer of a device whose key lies in a file (64 hexadecimal digits, mode 0600), which is made when it is missing. Whoever can
 * read the file can open what was sealed: it belongs beside the session's token, not beside the store.
 * @throws SealBroken when the file holds something else
 */
export function fileSealer(path: string): InstantSealer {
  for (;;) {
    try {
      const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
      if (key.length !== KEY_BYTES) throw new SealBroken(`${path} holds no key of 64 hexadecimal digits.`)
      return nodeSealer(key)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      makeKey(path)
    }
  }
}
