import type { Migration } from '../migration.ts'

/** What tells whether anything still refers to a picture's bytes, and since when nothing does (I5). */
export const pictures: Migration = {
  number: 3,
  name: 'pictures',
  statements: ({ int, jsonText }) => [
    `CREATE TABLE garbage (sha256 TEXT PRIMARY KEY, since ${int} NOT NULL)`,
    'CREATE INDEX images_by_original ON images (sha256)',
    `CREATE INDEX images_by_wall ON images (${jsonText('renditions', 'wall', 'sha256')})`,
    `CREATE INDEX images_by_screen ON images (${jsonText('renditions', 'screen', 'sha256')})`,
    `CREATE INDEX accounts_by_avatar ON accounts (${jsonText('avatar', 'sha256')})`,
    'CREATE INDEX images_in_bin ON images (deleted_at) WHERE deleted_at IS NOT NULL',
  ],
}
