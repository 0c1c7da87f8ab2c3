import type { Migration } from '../migration.ts'

/** What an answer of v1 says of an entry's PNG lies together: a row of the table for each entry of a dex lies elsewhere. */
export const v1Pictures: Migration = {
  number: 12,
  name: 'v1-pictures',
  statements: () => [
    'DROP INDEX v1_pictures_by_entry',
    'CREATE INDEX v1_pictures_by_entry ON v1_pictures (owner_id, entry_id, image_id, sha256, made_at)',
  ],
}
