import type { FeedHead, FeedStretch, HotQueries, SessionRow } from '../db.ts'
import { digestOfStands } from '../digest.ts'
import type { Queryable } from './connection.ts'

const STRETCH = `
  WITH stretch AS (SELECT seq, item, payload, animal_id FROM feed_items
    WHERE feed_id = $1 AND seq > $2 AND seq <= $3 AND (payload IS NOT NULL OR seq > $5) ORDER BY seq LIMIT $4)
  SELECT count(payload) AS count, max(seq) AS last, (SELECT floor FROM feeds WHERE id = $1) AS floor,
    coalesce(string_agg(payload, ',' ORDER BY seq), '') AS items,
    array_remove(array_agg(CASE WHEN payload IS NULL THEN item END ORDER BY seq), NULL) AS removed,
    array_remove(array_agg(DISTINCT CASE WHEN payload IS NOT NULL THEN animal_id END), NULL) AS animals
  FROM stretch`

const HEAD = `f.id, f.owner_id AS owner, f.kind, f.epoch, f.head, f.floor, f.live, f.closed, f.changed_at AS "changedAt",
  f.pictured_at AS "picturedAt"`

const FOLLOWED = `
  SELECT ${HEAD}, f.epoch_at AS "wholeBefore", CASE f.kind WHEN 'owner' THEN 0 WHEN 'account' THEN 1 ELSE 2 END AS place
    FROM feeds f JOIN (VALUES ($1, 'owner'), ($1, 'account'), ('', 'catalogue')) o (owner, kind)
      ON f.owner_id = o.owner AND f.kind = o.kind
  UNION ALL
  SELECT ${HEAD}, greatest(f.epoch_at, s.since), 3 FROM friendships s
    JOIN feeds f ON f.id = coalesce(s.feed_id, (SELECT o.id FROM feeds o WHERE o.owner_id = s.other_id AND o.kind = 'friends'))
      AND f.owner_id = s.other_id AND f.kind = 'friends'
    WHERE s.account_id = $1 AND s.state = 'friends'
  ORDER BY place, owner`

// As `standOf` says them.
const FOLLOWED_STAND = `
  SELECT string_agg(epoch || head || CASE WHEN closed > 0 THEN '.closed' ELSE '' END, ','
    ORDER BY place, owner) AS stand
  FROM (${FOLLOWED}) f`

const HEAD_OF = `SELECT ${HEAD}, f.epoch_at AS "wholeBefore" FROM feeds f WHERE owner_id = $1 AND kind = $2`

const OPEN = `
  SELECT 1 FROM feeds f WHERE f.id = $1 AND f.closed = 0 AND (f.kind <> 'friends' OR EXISTS
    (SELECT 1 FROM friendships s WHERE s.account_id = $2 AND s.other_id = f.owner_id AND s.state = 'friends'))`

interface StretchRow {
  count: number
  last: number | null
  floor: number | null
  items: string
  removed: string[] | null
  animals: string[] | null
}

/** HotQueries on PostgreSQL, as named (server-side prepared) statements. */
export function postgresHotQueries(pool: Queryable): HotQueries {
  const one = async <T>(name: string, text: string, values: unknown[]): Promise<T | undefined> =>
    (await pool.query({ name, text, values })).rows[0] as T | undefined
  return {
    session: (tokenHash) =>
      one<SessionRow>(
        'session',
        'SELECT id, account_id AS account, kind, last_seen_at AS "lastSeen", device_name AS device FROM sessions WHERE token_hash = $1',
        [tokenHash],
      ),
    async sessionStands(id) {
      return (await one('session_stands', 'SELECT 1 FROM sessions WHERE id = $1', [id])) !== undefined
    },
    async rowsBetween(feed, after, upTo) {
      const text = 'SELECT count(*) AS rows FROM feed_items WHERE feed_id = $1 AND seq > $2 AND seq <= $3'
      return (await one<{ rows: number }>('rows_between', text, [feed, after, upTo]))?.rows ?? 0
    },
    feedHead: (owner, kind) => one<FeedHead>('feed_head', HEAD_OF, [owner, kind]),
    async followed(account) {
      const { rows } = await pool.query({ name: 'followed', text: FOLLOWED, values: [account] })
      return rows as FeedHead[]
    },
    async followedDigest(account) {
      const row = await one<{ stand: string | null }>('followed_stand', FOLLOWED_STAND, [account])
      return digestOfStands([row?.stand])
    },
    async mayRead(account, feed) {
      return (await one('may_read', OPEN, [feed, account])) !== undefined
    },
    async feedStretch(feed, after, upTo, limit, removalsAfter): Promise<FeedStretch> {
      const row = await one<StretchRow>('stretch', STRETCH, [feed, after, upTo, limit, removalsAfter])
      if (!row) throw new Error('an aggregate answers one row')
      const { count, last, floor, items, removed, animals } = row
      const keys = { removed: removed ?? [], animals: animals ?? [] }
      return { items: Buffer.from(items), count, last: last ?? undefined, floor: floor ?? 0, ...keys }
    },
  }
}
