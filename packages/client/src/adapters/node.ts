import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Ports } from '../ports.ts'
import { fileBlobs } from './file-blobs.ts'
import { fileLock } from './file-lock.ts'
import { filePictures } from './file-pictures.ts'
import { nodeTransport } from './http-node.ts'
import { memoryChannelHub } from './memory-tabs.ts'
import { fileSealer } from './node-sealer.ts'
import { sqliteStore } from './sqlite.ts'
import { cryptoRandom, systemClock, webHasher } from './system.ts'

/** Where a client in Node keeps an account, and how it reaches the server. */
export interface NodeOptions {
  readonly account: string
  /** A folder for all accounts; it is made when it is missing. */
  readonly dir: string
  readonly baseUrl: string
  /** A bearer session's token. */
  readonly token: string
  /** The file of the key that seals what is kept: made when it is missing; beside the token, not in `dir`. */
  readonly keyFile: string
}

/**
 * The engine's ports in Node. Several programs may have the account open: one leads, all see each other's outbox when they read it;
 * they are not told of changes as tabs are.
 */
export function nodePorts({ account, dir, baseUrl, token, keyFile }: NodeOptions): Ports {
  const sealer = fileSealer(keyFile)
  // The lock outlives the account's sign-out, so its name tells nothing of the account (C1).
  const lockName = createHash('sha256').update(account).digest('hex').slice(0, 16)
  return {
    store: sqliteStore(join(dir, 'accounts'), account, sealer),
    blobs: fileBlobs(join(dir, 'pictures'), account, sealer),
    pictures: filePictures(join(dir, 'cache'), account),
    transport: nodeTransport({ baseUrl, token }),
    clock: systemClock(),
    lock: fileLock(join(dir, 'locks', lockName)),
    channel: memoryChannelHub().open(),
    random: cryptoRandom(),
    hasher: webHasher(),
  }
}
