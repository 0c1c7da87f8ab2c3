import type { Migration } from '../migration.ts'

/** Removals by when they came to pass: the daily job that forgets the oldest finds them without reading a feed (F2). */
export const removals: Migration = {
  number: 15,
  name: 'removals',
  statements: () => ['CREATE INDEX feed_items_removed ON feed_items (changed_at, feed_id, seq) WHERE payload IS NULL'],
}
