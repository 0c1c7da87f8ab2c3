import type { Migration } from '../migration.ts'

/**
 * Revisions lie in the order in which they came, as they always did in PostgreSQL. In the order of their key each lay beside its entry's others, and
 * a push of a hundred edits wrote as many pages for them alone as for all else.
 */
export const revisionsAsTheyCome: Migration = {
  number: 20,
  name: 'revisions as they come',
  statements: ({ int, sqliteOnly }) =>
    [
      `CREATE TABLE revisions_as_they_come (
        owner_id TEXT NOT NULL, entry_id TEXT NOT NULL, n ${int} NOT NULL, at ${int} NOT NULL, device TEXT NOT NULL,
        changes TEXT NOT NULL, PRIMARY KEY (owner_id, entry_id, n))`,
      `INSERT INTO revisions_as_they_come (owner_id, entry_id, n, at, device, changes)
        SELECT owner_id, entry_id, n, at, device, changes FROM revisions`,
      'DROP TABLE revisions',
      'ALTER TABLE revisions_as_they_come RENAME TO revisions',
    ].flatMap(sqliteOnly),
}
