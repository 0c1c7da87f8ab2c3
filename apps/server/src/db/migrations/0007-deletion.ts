import type { Migration } from '../migration.ts'

/** Accounts that are being deleted, and the tokens of their devices, so that these can be told to drop what they hold (G3). */
export const deletion: Migration = {
  number: 7,
  name: 'deletion',
  statements: ({ int }) => [
    `ALTER TABLE accounts ADD COLUMN deleted_at ${int}`,
    `CREATE TABLE void_tokens (token_hash TEXT PRIMARY KEY, since ${int} NOT NULL)`,
    'CREATE INDEX audit_pages ON audit (account_id, at, id)',
    'DROP INDEX audit_by_account',
  ],
}
