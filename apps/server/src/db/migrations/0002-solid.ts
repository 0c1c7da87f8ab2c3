import type { Migration } from '../migration.ts'

/** Outings, reset links, pictures that can be brought back, a profile's picture, and what wraps the keys of devices. */
export const solid: Migration = {
  number: 2,
  name: 'solid',
  statements: ({ int, randomKey }) => [
    'ALTER TABLE accounts ADD COLUMN avatar TEXT',
    "ALTER TABLE accounts ADD COLUMN seal TEXT NOT NULL DEFAULT ''",
    `UPDATE accounts SET seal = ${randomKey}`,
    `CREATE TABLE outings (
      owner_id TEXT NOT NULL REFERENCES accounts (id), id TEXT NOT NULL, name TEXT, note TEXT, created_at ${int} NOT NULL,
      deleted_at ${int}, PRIMARY KEY (owner_id, id))`,
    `ALTER TABLE images ADD COLUMN deleted_at ${int}`,
    `CREATE TABLE password_resets (
      token_hash TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, expires_at ${int} NOT NULL)`,
    'CREATE INDEX password_resets_by_account ON password_resets (account_id)',
  ],
}
