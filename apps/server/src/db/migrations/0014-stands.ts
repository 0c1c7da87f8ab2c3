import type { Migration } from '../migration.ts'

/**
 * What a digest says of friends' feeds lies together: rows of the table are twice as wide, and three of four are of other feeds. On
 * PostgreSQL, which would write each row anew for a changed index, it stays as it was.
 */
export const stands: Migration = {
  number: 14,
  name: 'stands',
  statements: ({ sqliteOnly }) =>
    sqliteOnly("CREATE INDEX feeds_stands ON feeds (id, owner_id, epoch, head, closed) WHERE kind = 'friends'"),
}
