import { numbersIn, type PictureColumns, picturesIn, type RowColumns, rowsIn } from '../joined-columns.ts'
import type { V1Queries, V1Wanted } from '../v1-queries.ts'
import type { SqliteConnection } from './connection.ts'
import type { Turn } from './turn.ts'

const BEFORE = 'SELECT seq FROM feed_items WHERE feed_id = ? AND changed_at < ? ORDER BY seq DESC LIMIT 1'

// CROSS JOIN keeps the order of the loops: rows of the feed by their key, each one's animal by its. A plus before a column keeps
// its index from being taken instead, whatever ANALYZE found.
const ENTRIES = `
  FROM feed_items i CROSS JOIN animals a INDEXED BY animals_numbers ON a.id = i.animal_id
  WHERE i.feed_id = ? AND i.seq > ? AND i.payload IS NOT NULL AND +i.item >= 'entry/' AND +i.item < 'entry0' AND a.number IS NOT NULL`

const CHANGED = `
  AND (i.changed_at >= ?3 OR a.named_at >= ?3 OR EXISTS (
    SELECT 1 FROM v1_pictures p WHERE p.owner_id = ?5 AND p.entry_id = substr(i.item, 7) AND p.made_at >= ?3))`

const stretchOf = (filter: string) => `
  SELECT max(seq) AS last, group_concat(seq) AS seqs, group_concat(number) AS numbers
  FROM (SELECT i.seq, a.number ${ENTRIES.replace('= ?', '= ?1').replace('> ?', '> ?2')} ${filter} ORDER BY i.seq LIMIT ?4)`

/** A page's rows as three texts, sooner than a row for each. No payload has the end of a line in it: JSON escapes it. */
const joined = (rows: string) => `
  SELECT group_concat(seq) AS seqs, group_concat(changed_at) AS times, group_concat(payload, char(10)) AS items FROM (${rows})`

const AFTER = joined(`
  SELECT seq, changed_at, payload FROM feed_items
  WHERE feed_id = ? AND seq > ? AND payload IS NOT NULL AND +item >= 'entry/' AND +item < 'entry0' ORDER BY seq LIMIT ?`)

const PAGE = joined(`
  SELECT i.seq, i.changed_at, i.payload FROM json_each(?) w CROSS JOIN feed_items i ON i.feed_id = ? AND i.seq = w.value
  WHERE i.payload IS NOT NULL`)

const PICTURE_COLUMNS =
  "group_concat(p.image_id) AS images, group_concat(coalesce(p.sha256, '')) AS sums, group_concat(p.made_at) AS times"

const PICTURES = `
  SELECT ${PICTURE_COLUMNS} FROM json_each(?) w CROSS JOIN v1_pictures p ON p.owner_id = ? AND p.entry_id = w.value`

const ALL_PICTURES = `SELECT ${PICTURE_COLUMNS} FROM v1_pictures p INDEXED BY v1_pictures_by_entry WHERE p.owner_id = ?`

const TOTALS = `
  SELECT count(*) AS entries, count(DISTINCT i.animal_id) AS animals, coalesce(max(max(i.changed_at, a.named_at)), 0) AS latest
  ${ENTRIES}`

/** V1Queries on SQLite; all synchronous underneath, in the snapshot of the turn. */
export function sqliteV1Queries(connection: SqliteConnection, turn: Turn): V1Queries {
  const named = connection.prepare('SELECT max(named_at) AS at FROM animals')
  const before = connection.prepare(BEFORE)
  const every = connection.prepare(stretchOf(''))
  const changed = connection.prepare(stretchOf(CHANGED))
  const page = connection.prepare(PAGE)
  const pageAfter = connection.prepare(AFTER)
  const pictures = connection.prepare(PICTURES)
  const allPictures = connection.prepare(ALL_PICTURES)
  const totals = connection.prepare(TOTALS)
  return {
    standing: turn.reading(() => {
      const { at } = named.get() as { at: number | null }
      return { now: Date.now(), namedAt: at ?? 0 }
    }),
    positionBefore: turn.reading(
      (feed: number, since: number) => (before.get(feed, since) as { seq: number } | undefined)?.seq ?? 0,
    ),
    stretch: turn.reading(({ feed, owner, after, limit, since }: V1Wanted) => {
      const found =
        since === undefined
          ? every.get({ '?1': feed, '?2': after, '?4': limit })
          : changed.get({ '?1': feed, '?2': after, '?3': since, '?4': limit, '?5': owner })
      const { last, seqs, numbers } = found as { last: number | null; seqs: string | null; numbers: string | null }
      return { last: last ?? undefined, seqs: numbersIn(seqs), numbers: numbersIn(numbers) }
    }),
    page: turn.reading((feed: number, seqs: readonly number[]) =>
      rowsIn(page.get(JSON.stringify(seqs), feed) as unknown as RowColumns),
    ),
    pageAfter: turn.reading((feed: number, after: number, limit: number) =>
      rowsIn(pageAfter.get(feed, after, limit) as unknown as RowColumns),
    ),
    pictures: turn.reading((owner: string, entries: readonly string[]) =>
      picturesIn(pictures.get(JSON.stringify(entries), owner) as unknown as PictureColumns),
    ),
    allPictures: turn.reading((owner: string) => picturesIn(allPictures.get(owner) as unknown as PictureColumns)),
    totals: turn.reading(
      (feed: number) => totals.get(feed, 0) as unknown as { entries: number; animals: number; latest: number },
    ),
  }
}
