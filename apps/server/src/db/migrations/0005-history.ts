import type { Migration } from '../migration.ts'

/** Which projection a feed was written by at least (W4), and deleted entries by the time of their end (O5). */
export const history: Migration = {
  number: 5,
  name: 'history',
  statements: ({ int }) => [
    `ALTER TABLE feeds ADD COLUMN version ${int} NOT NULL DEFAULT 1`,
    'CREATE INDEX entries_in_trash ON entries (deleted_at) WHERE deleted_at IS NOT NULL',
  ],
}
