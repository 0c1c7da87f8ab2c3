import type { Migration } from '../migration.ts'

/**
 * A friendship names the feed that it lets its account follow: found by its number, a circle's feeds take half the time of being found
 * by their owners. The owner is compared all the same, for SQLite may give the number of a deleted feed to another.
 */
export const followedFeeds: Migration = {
  number: 13,
  name: 'followed-feeds',
  statements: ({ int }) => [
    `ALTER TABLE friendships ADD COLUMN feed_id ${int}`,
    `UPDATE friendships SET feed_id = (SELECT f.id FROM feeds f WHERE f.owner_id = friendships.other_id AND f.kind = 'friends')`,
  ],
}
