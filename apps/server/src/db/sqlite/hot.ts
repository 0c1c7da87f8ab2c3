import type { FeedHead, FeedStretch, HotQueries, SessionRow } from '../db.ts'
import type { SqliteConnection } from './connection.ts'

// A subquery picks the rows by the key's order; the aggregate then keeps that order (an explicit ORDER BY would sort again).
const STRETCH = `
  SELECT count(payload) AS count, max(seq) AS last,
    CAST(coalesce(group_concat(payload, ','), '') AS BLOB) AS items,
    group_concat(CASE WHEN payload IS NULL THEN item END, ',') AS removed
  FROM (SELECT seq, item, payload FROM feed_items
    WHERE feed_id = ? AND seq > ? AND seq <= ? AND (payload IS NOT NULL OR seq > ?) ORDER BY seq LIMIT ?)`

const ANIMALS = `
  SELECT DISTINCT animal_id AS id FROM (SELECT animal_id FROM feed_items
    WHERE feed_id = ? AND seq > ? AND seq <= ? AND payload IS NOT NULL AND animal_id IS NOT NULL)`

// CROSS JOIN keeps the order of the loops: an account's friends by key, then each one's feed by key.
const FRIENDS = `
  SELECT f.id, f.owner_id AS owner, f.kind, f.epoch, f.head, f.floor, f.live, f.closed
  FROM friendships s CROSS JOIN feeds f ON f.owner_id = s.other_id AND f.kind = 'friends'
  WHERE s.account_id = ? AND s.state = 'friends' ORDER BY s.other_id`

interface StretchRow {
  count: number
  last: number | null
  items: Uint8Array
  removed: string | null
}

/** HotQueries on SQLite; all synchronous underneath. */
export function sqliteHotQueries(connection: SqliteConnection): HotQueries {
  const session = connection.prepare(
    'SELECT id, account_id AS account, kind, last_seen_at AS lastSeen, device_name AS device FROM sessions WHERE token_hash = ?',
  )
  const head = connection.prepare(
    'SELECT id, owner_id AS owner, kind, epoch, head, floor, live, closed FROM feeds WHERE owner_id = ? AND kind = ?',
  )
  const friends = connection.prepare(FRIENDS)
  const stretch = connection.prepare(STRETCH)
  const animals = connection.prepare(ANIMALS)
  return {
    session: async (tokenHash) => session.get(tokenHash) as SessionRow | undefined,
    feedHead: async (owner, kind) => head.get(owner, kind) as FeedHead | undefined,
    friendHeads: async (account) => friends.all(account) as unknown as FeedHead[],
    async feedStretch(feed, after, upTo, limit, removalsAfter): Promise<FeedStretch> {
      const row = stretch.get(feed, after, upTo, removalsAfter, limit) as unknown as StretchRow
      const named = row.last === null ? [] : (animals.all(feed, after, row.last) as { id: string }[])
      return {
        items: row.items,
        count: row.count,
        last: row.last ?? undefined,
        removed: row.removed ? row.removed.split(',') : [],
        animals: named.map(({ id }) => id),
      }
    },
  }
}
