import type { Migration } from '../migration.ts'

/** Friendships and blocks, and the account feed that tells of them. */
export const friends: Migration = {
  number: 6,
  name: 'friends',
  statements: ({ int, clustered, randomKey }) => [
    `CREATE TABLE friendships (
      account_id TEXT NOT NULL REFERENCES accounts (id), other_id TEXT NOT NULL REFERENCES accounts (id), state TEXT NOT NULL,
      since ${int} NOT NULL, PRIMARY KEY (account_id, other_id))${clustered}`,
    'CREATE INDEX friendships_by_other ON friendships (other_id)',
    `CREATE TABLE blocks (
      account_id TEXT NOT NULL REFERENCES accounts (id), other_id TEXT NOT NULL REFERENCES accounts (id),
      since ${int} NOT NULL, PRIMARY KEY (account_id, other_id))${clustered}`,
    'CREATE INDEX blocks_by_other ON blocks (other_id)',
    `ALTER TABLE feeds ADD COLUMN closed ${int} NOT NULL DEFAULT 0`,
    `CREATE TABLE closings (feed_id ${int} NOT NULL, job_id TEXT NOT NULL, PRIMARY KEY (feed_id, job_id))`,
    `INSERT INTO feeds (owner_id, kind, epoch, head, floor, live, changed_at, version)
      SELECT id, 'account', substr(${randomKey}, 1, 12), 0, 0, 0, created_at, 2 FROM accounts`,
  ],
}
