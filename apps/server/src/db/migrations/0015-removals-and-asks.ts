import type { Migration } from '../migration.ts'

/**
 * Removals by when they came to pass: the daily job that forgets the oldest finds them without reading a feed (F2). And of a friendship
 * the change that asked for it: whoever takes that back means this one.
 */
export const removalsAndAsks: Migration = {
  number: 15,
  name: 'removals-and-asks',
  statements: () => [
    'CREATE INDEX feed_items_removed ON feed_items (changed_at, feed_id, seq) WHERE payload IS NULL',
    'ALTER TABLE friendships ADD COLUMN asked_by TEXT',
  ],
}
