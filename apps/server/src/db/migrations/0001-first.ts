import type { Migration } from '../migration.ts'

/** The first schema: accounts, animals, entries, images, feeds, the mutation ledger, jobs, audit. */
export const first: Migration = {
  number: 1,
  name: 'first',
  statements: ({ int, id, clustered, real }) => [
    `CREATE TABLE accounts (
      id TEXT PRIMARY KEY, username TEXT NOT NULL, username_folded TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL,
      email TEXT, password_hash TEXT NOT NULL, friend_code TEXT NOT NULL UNIQUE, bio TEXT, role TEXT NOT NULL,
      settings TEXT NOT NULL, created_at ${int} NOT NULL)`,
    `CREATE TABLE sessions (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, token_hash TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL, device_name TEXT NOT NULL, created_at ${int} NOT NULL, last_seen_at ${int} NOT NULL)`,
    'CREATE INDEX sessions_by_account ON sessions (account_id)',
    `CREATE TABLE animals (
      id TEXT PRIMARY KEY, number ${int} UNIQUE, scientific_name TEXT NOT NULL, rank TEXT, record TEXT NOT NULL, iucn TEXT,
      verified ${int} NOT NULL DEFAULT 0, source TEXT, source_id TEXT, first_kept_by TEXT, first_kept_at ${int}, rev ${int} NOT NULL)`,
    `CREATE TABLE animal_keys (name_key TEXT PRIMARY KEY, animal_id TEXT NOT NULL REFERENCES animals (id))`,
    'CREATE INDEX animal_keys_by_animal ON animal_keys (animal_id)',
    `CREATE TABLE counters (name TEXT PRIMARY KEY, value ${int} NOT NULL)`,
    `INSERT INTO counters (name, value) VALUES ('animal_number', 0)`,
    `CREATE TABLE entries (
      owner_id TEXT NOT NULL REFERENCES accounts (id), id TEXT NOT NULL, public_id TEXT NOT NULL UNIQUE,
      animal_id TEXT REFERENCES animals (id), observed TEXT, place TEXT, area TEXT, outing_id TEXT, count ${int},
      captive ${int} NOT NULL DEFAULT 0, note TEXT, private_note TEXT, visibility TEXT NOT NULL, favourite ${int} NOT NULL DEFAULT 0,
      primary_image TEXT, customizations TEXT, identifications TEXT NOT NULL, revision ${int} NOT NULL, created_at ${int} NOT NULL,
      updated_at ${int} NOT NULL, deleted_at ${int}, PRIMARY KEY (owner_id, id))`,
    'CREATE INDEX entries_by_animal ON entries (animal_id, owner_id)',
    `CREATE TABLE revisions (
      owner_id TEXT NOT NULL, entry_id TEXT NOT NULL, n ${int} NOT NULL, at ${int} NOT NULL, device TEXT NOT NULL,
      changes TEXT NOT NULL, PRIMARY KEY (owner_id, entry_id, n))${clustered}`,
    `CREATE TABLE conflicts (
      owner_id TEXT NOT NULL, id TEXT NOT NULL, entry_id TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (owner_id, id))`,
    'CREATE INDEX conflicts_by_entry ON conflicts (owner_id, entry_id)',
    `CREATE TABLE images (
      owner_id TEXT NOT NULL, id TEXT NOT NULL, entry_id TEXT NOT NULL, sha256 TEXT NOT NULL, size ${int} NOT NULL,
      media_type TEXT NOT NULL, position ${real} NOT NULL, alt TEXT, state TEXT NOT NULL, reason TEXT, width ${int}, height ${int},
      thumbhash TEXT, renditions TEXT, created_at ${int} NOT NULL, PRIMARY KEY (owner_id, id))`,
    'CREATE INDEX images_by_entry ON images (owner_id, entry_id)',
    'CREATE INDEX images_by_checksum ON images (owner_id, sha256)',
    `CREATE TABLE uploads (
      id TEXT PRIMARY KEY, owner_id TEXT NOT NULL, image_id TEXT NOT NULL, size ${int} NOT NULL, "offset" ${int} NOT NULL,
      created_at ${int} NOT NULL)`,
    'CREATE INDEX uploads_by_image ON uploads (owner_id, image_id)',
    `CREATE TABLE feeds (
      id ${id}, owner_id TEXT NOT NULL, kind TEXT NOT NULL, epoch TEXT NOT NULL, head ${int} NOT NULL DEFAULT 0,
      floor ${int} NOT NULL DEFAULT 0, live ${int} NOT NULL DEFAULT 0, changed_at ${int} NOT NULL, UNIQUE (owner_id, kind))`,
    `CREATE TABLE feed_items (
      feed_id ${int} NOT NULL, seq ${int} NOT NULL, item TEXT NOT NULL, payload TEXT, animal_id TEXT, changed_at ${int} NOT NULL,
      version ${int} NOT NULL, PRIMARY KEY (feed_id, seq))${clustered}`,
    'CREATE UNIQUE INDEX feed_items_by_item ON feed_items (feed_id, item)',
    `CREATE TABLE clients (
      account_id TEXT NOT NULL, client_id TEXT NOT NULL, last_n ${int} NOT NULL, PRIMARY KEY (account_id, client_id))`,
    `CREATE TABLE mutations (
      account_id TEXT NOT NULL, client_id TEXT NOT NULL, n ${int} NOT NULL, content_hash TEXT NOT NULL, result TEXT NOT NULL,
      PRIMARY KEY (account_id, client_id, n))${clustered}`,
    `CREATE TABLE jobs (
      id TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, run_at ${int} NOT NULL, attempts ${int} NOT NULL DEFAULT 0,
      claimed_until ${int}, last_error TEXT)`,
    'CREATE INDEX jobs_by_time ON jobs (run_at)',
    `CREATE TABLE audit (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL, what TEXT NOT NULL, at ${int} NOT NULL, address TEXT)`,
    'CREATE INDEX audit_by_account ON audit (account_id, at)',
  ],
}
