import type { Migration } from '../migration.ts'

/** What clients of the v1 API need: refresh tokens, PNGs of pictures, converted pictures, jobs, and when names and epochs changed. */
export const v1: Migration = {
  number: 10,
  name: 'v1',
  statements: ({ int, randomKey }) => [
    'CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
    `INSERT INTO secrets (name, value) VALUES ('v1_pictures', ${randomKey})`,
    `ALTER TABLE animals ADD COLUMN named_at ${int} NOT NULL DEFAULT 0`,
    'CREATE INDEX animals_by_naming ON animals (named_at)',
    // A whole dex is put in order by numbers alone: without the records, which are a kilobyte each.
    'CREATE INDEX animals_numbers ON animals (id, number, named_at)',
    `ALTER TABLE feeds ADD COLUMN pictured_at ${int} NOT NULL DEFAULT 0`,
    `ALTER TABLE feeds ADD COLUMN epoch_at ${int} NOT NULL DEFAULT 0`,
    `CREATE TABLE v1_refresh (
      token_hash TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE)`,
    'CREATE INDEX v1_refresh_by_session ON v1_refresh (session_id)',
    `CREATE TABLE v1_pictures (
      owner_id TEXT NOT NULL, image_id TEXT NOT NULL, entry_id TEXT NOT NULL, sha256 TEXT, size ${int}, made_at ${int} NOT NULL,
      PRIMARY KEY (owner_id, image_id), FOREIGN KEY (owner_id, image_id) REFERENCES images (owner_id, id) ON DELETE CASCADE)`,
    'CREATE INDEX v1_pictures_by_entry ON v1_pictures (owner_id, entry_id)',
    'CREATE INDEX v1_pictures_by_checksum ON v1_pictures (sha256)',
    `CREATE TABLE v1_conversions (
      id TEXT PRIMARY KEY, owner_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, sha256 TEXT NOT NULL, size ${int} NOT NULL,
      width ${int} NOT NULL, height ${int} NOT NULL, original_size ${int} NOT NULL, original_format TEXT NOT NULL,
      created_at ${int} NOT NULL, expires_at ${int} NOT NULL)`,
    'CREATE INDEX v1_conversions_by_end ON v1_conversions (expires_at)',
    `CREATE TABLE v1_jobs (
      id TEXT PRIMARY KEY, owner_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, conversion_id TEXT NOT NULL,
      sha256 TEXT NOT NULL, size ${int} NOT NULL, retries ${int} NOT NULL, created_at ${int} NOT NULL)`,
    'CREATE INDEX v1_jobs_by_owner ON v1_jobs (owner_id, created_at)',
  ],
}
