import { randomUUID } from 'node:crypto'

/**
 * Where a write draws what a demo makes the same each time: ids of accounts and animals, the public ones of entries, those of the audit log,
 * and the points of areas. What opens an account (tokens, codes, salts) and what tells one life of a feed from another never comes from
 * here but from node:crypto: a demo's draws can be foretold.
 */
export interface Random {
  /** A UUID v4. */
  uuid(): string
  /** [0, 1). */
  fraction(): number
}

/** What servers draw from: everything but a demo, while it is being made. */
export const RANDOM: Random = { uuid: () => randomUUID(), fraction: () => Math.random() }
