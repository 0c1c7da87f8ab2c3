import type { Migration } from '../migration.ts'

/**
 * The id of a feed that is gone is never another's: its items may lie there for a while, until a job has removed them, and would be the
 * newcomer's. PostgreSQL hands out none twice; SQLite does, unless it is told.
 */
export const feedIds: Migration = {
  number: 18,
  name: 'feed ids',
  statements: ({ sqliteOnly }) => {
    const columns = 'id, owner_id, kind, epoch, head, floor, live, changed_at, version, closed, pictured_at, epoch_at'
    return [
      `CREATE TABLE feeds_anew (
        id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id TEXT NOT NULL, kind TEXT NOT NULL, epoch TEXT NOT NULL,
        head INTEGER NOT NULL DEFAULT 0, floor INTEGER NOT NULL DEFAULT 0, live INTEGER NOT NULL DEFAULT 0, changed_at INTEGER NOT NULL,
        version INTEGER NOT NULL DEFAULT 1, closed INTEGER NOT NULL DEFAULT 0, pictured_at INTEGER NOT NULL DEFAULT 0,
        epoch_at INTEGER NOT NULL DEFAULT 0, UNIQUE (owner_id, kind))`,
      `INSERT INTO feeds_anew (${columns}) SELECT ${columns} FROM feeds`,
      `UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(feed_id), 0) FROM feed_items)) WHERE name = 'feeds_anew'`,
      'DROP TABLE feeds',
      'ALTER TABLE feeds_anew RENAME TO feeds',
      "CREATE INDEX feeds_stands ON feeds (id, owner_id, epoch, head, closed) WHERE kind = 'friends'",
    ].flatMap(sqliteOnly)
  },
}
