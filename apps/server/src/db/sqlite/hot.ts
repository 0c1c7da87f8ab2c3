import type { FeedHead, FeedStretch, HotQueries, SessionRow } from '../db.ts'
import { digestOfStands } from '../digest.ts'
import type { SqliteConnection } from './connection.ts'
import { Turn } from './turn.ts'

// A subquery picks the rows by the key's order; the aggregate then keeps that order (an explicit ORDER BY would sort again).
const STRETCH = `
  SELECT count(payload) AS count, max(seq) AS last, (SELECT floor FROM feeds WHERE id = ?1) AS floor,
    CAST(coalesce(group_concat(payload, ','), '') AS BLOB) AS items,
    group_concat(CASE WHEN payload IS NULL THEN item END, ',') AS removed
  FROM (SELECT seq, item, payload FROM feed_items
    WHERE feed_id = ?1 AND seq > ?2 AND seq <= ?3 AND (payload IS NOT NULL OR seq > ?4) ORDER BY seq LIMIT ?5)`

const ANIMALS = `
  SELECT DISTINCT animal_id AS id FROM (SELECT animal_id FROM feed_items
    WHERE feed_id = ? AND seq > ? AND seq <= ? AND payload IS NOT NULL AND animal_id IS NOT NULL)`

// CROSS JOIN keeps the order of the loops: an account's friends by key, then each one's feed by its number. A number alone is no proof of
// whose feed it is: that of a deleted one may have been given away again. A server of an older version beside this one writes none.
const follows = (index = '') => `FROM friendships s CROSS JOIN feeds f ${index} ON f.id = coalesce(s.feed_id,
    (SELECT o.id FROM feeds o WHERE o.owner_id = s.other_id AND o.kind = 'friends')) AND f.owner_id = s.other_id AND f.kind = 'friends'`
const FRIENDS = `
  SELECT f.id, f.owner_id AS owner, f.kind, f.epoch, f.head, f.floor, f.live, f.closed, f.changed_at AS changedAt,
    f.pictured_at AS picturedAt, max(f.epoch_at, s.since) AS wholeBefore
  ${follows()}
  WHERE s.account_id = ? AND s.state = 'friends' ORDER BY s.other_id`

// As `standOf` says them. Two queries, without ORDER BY: their loops have an order already, and as one they take half as long again.
const STAND = "SELECT group_concat(f.epoch || f.head || iif(f.closed > 0, '.closed', ''))"
const OWN_STAND = `
  WITH own (owner, kind) AS (VALUES (?1, 'owner'), (?1, 'account'), ('', 'catalogue'))
  ${STAND} FROM own CROSS JOIN feeds f ON f.owner_id = own.owner AND f.kind = own.kind`
const FRIENDS_STAND = `
  ${STAND} ${follows('INDEXED BY feeds_stands')}
  WHERE s.account_id = ? AND s.state = 'friends'`

interface StretchRow {
  count: number
  last: number | null
  floor: number | null
  items: Uint8Array
  removed: string | null
}

const OPEN = `
  SELECT 1 FROM feeds f WHERE f.id = ? AND f.closed = 0 AND (f.kind <> 'friends' OR EXISTS
    (SELECT 1 FROM friendships s WHERE s.account_id = ? AND s.other_id = f.owner_id AND s.state = 'friends'))`

const SESSION = 'SELECT id, account_id, kind, last_seen_at, device_name FROM sessions WHERE token_hash = ?'
type SessionColumns = [id: string, account: string, kind: string, lastSeen: number, device: string]
const HEAD = `
  SELECT id, owner_id AS owner, kind, epoch, head, floor, live, closed, changed_at AS changedAt, pictured_at AS picturedAt,
    epoch_at AS wholeBefore FROM feeds WHERE owner_id = ? AND kind = ?`

/** HotQueries on SQLite, with what its memory brings besides. */
export interface SqliteHotQueries extends HotQueries {
  /** The snapshot that everything hot is read in. */
  readonly turn: Turn
  /** This process has committed something: what was read before is read anew. */
  forget(): void
}

/**
 * HotQueries on SQLite; all synchronous underneath. Sessions and heads are remembered until the database changes (numbers.md, 4), by
 * whichever program: an own commit forgets at once, and each turn of the event loop begins with asking SQLite whether others
 * have committed.
 * @param remember rows to keep in memory at most; 0 reads each anew
 */
export function sqliteHotQueries(connection: SqliteConnection, remember: number): SqliteHotQueries {
  const session = connection.prepareLists(SESSION)
  const stands = connection.prepare('SELECT 1 FROM sessions WHERE id = ?')
  const head = connection.prepare(HEAD)
  const friends = connection.prepare(FRIENDS)
  const followedStands = [connection.prepareLists(OWN_STAND), connection.prepareLists(FRIENDS_STAND)]
  const open = connection.prepare(OPEN)
  const rows = connection.prepare('SELECT count(*) AS rows FROM feed_items WHERE feed_id = ? AND seq > ? AND seq <= ?')
  const stretch = connection.prepare(STRETCH)
  const animals = connection.prepare(ANIMALS)
  const version = connection.prepareLists('PRAGMA data_version')
  const memory = new Map<string, unknown>()
  let held = 0
  let known: unknown

  function forget(): void {
    memory.clear()
    held = 0
  }

  function forgetIfChanged(): void {
    if (memory.size === 0) return
    const [now] = version.get() as unknown as [number]
    if (now !== known) forget()
    known = now
  }

  const turn = new Turn(connection, forgetIfChanged)

  function remembered<T>(key: string, read: () => T): T {
    const found = memory.get(key)
    if (found !== undefined) return found as T
    const value = read()
    // What is not there is not remembered: made-up tokens would fill the memory.
    const size = Array.isArray(value) ? value.length : 1
    if (value === undefined || held + size > remember) return value
    memory.set(key, value)
    held += size
    return value
  }

  const headOf = (owner: string, kind: string): FeedHead | undefined =>
    remembered(`${owner}/${kind}`, () => head.get(owner, kind) as FeedHead | undefined)

  function followed(account: string): readonly FeedHead[] {
    const own = [headOf(account, 'owner'), headOf(account, 'account'), headOf('', 'catalogue')]
    return [...own.filter((feed) => feed !== undefined), ...(friends.all(account) as unknown as FeedHead[])]
  }

  function digest(account: string): string {
    return digestOfStands(followedStands.map((part) => (part.get(account) as unknown as [string | null])[0]))
  }

  function sessionOf(tokenHash: string): SessionRow | undefined {
    const row = session.get(tokenHash) as unknown as SessionColumns | undefined
    if (!row) return undefined
    const [id, account, kind, lastSeen, device] = row
    return { id, account, kind, lastSeen, device }
  }

  return {
    turn,
    forget,
    session: turn.reading((tokenHash: string) => remembered(tokenHash, () => sessionOf(tokenHash))),
    sessionStands: turn.reading((id: string) => stands.get(id) !== undefined),
    feedHead: turn.reading(headOf),
    followed: turn.reading((account: string) => remembered(`${account}/*`, () => followed(account))),
    followedDigest: turn.reading((account: string) => remembered(`${account}/digest`, () => digest(account))),
    mayRead: turn.reading((account: string, feed: number) => open.get(feed, account) !== undefined),
    rowsBetween: turn.reading(
      (feed: number, after: number, upTo: number) => (rows.get(feed, after, upTo) as { rows: number }).rows,
    ),
    feedStretch: turn.reading(
      (feed: number, after: number, upTo: number, limit: number, removalsAfter: number): FeedStretch => {
        const row = stretch.get(feed, after, upTo, removalsAfter, limit) as unknown as StretchRow
        const named = row.last === null ? [] : (animals.all(feed, after, row.last) as { id: string }[])
        return {
          items: row.items,
          count: row.count,
          last: row.last ?? undefined,
          floor: row.floor ?? 0,
          removed: row.removed ? row.removed.split(',') : [],
          animals: named.map(({ id }) => id),
        }
      },
    ),
  }
}
