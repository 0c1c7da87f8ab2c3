import { numbersIn, type PictureColumns, picturesIn } from '../joined-columns.ts'
import type { V1Queries, V1Row } from '../v1-queries.ts'
import type { Queryable } from './connection.ts'

const STANDING = `
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now, coalesce(max(named_at), 0) AS "namedAt" FROM animals`

const BEFORE = 'SELECT seq FROM feed_items WHERE feed_id = $1 AND changed_at < $2 ORDER BY seq DESC LIMIT 1'

const ENTRIES = `
  FROM feed_items i JOIN animals a ON a.id = i.animal_id
  WHERE i.feed_id = $1 AND i.seq > $2 AND i.payload IS NOT NULL AND i.item LIKE 'entry/%' AND a.number IS NOT NULL`

const CHANGED = `
  AND (i.changed_at >= $4 OR a.named_at >= $4 OR EXISTS (
    SELECT 1 FROM v1_pictures p WHERE p.owner_id = $5 AND p.entry_id = substr(i.item, 7) AND p.made_at >= $4))`

const stretchOf = (filter: string) => `
  SELECT max(seq) AS last, string_agg(seq::text, ',' ORDER BY seq) AS seqs, string_agg(number::text, ',' ORDER BY seq) AS numbers
  FROM (SELECT i.seq, a.number ${ENTRIES} ${filter} ORDER BY i.seq LIMIT $3) s`

const PAGE = `
  SELECT i.seq, i.changed_at AS "changedAt", i.payload AS item
  FROM unnest($2::bigint[]) WITH ORDINALITY w (seq, place) JOIN feed_items i ON i.feed_id = $1 AND i.seq = w.seq
  WHERE i.payload IS NOT NULL ORDER BY w.place`

const AFTER = `
  SELECT seq, changed_at AS "changedAt", payload AS item FROM feed_items
  WHERE feed_id = $1 AND seq > $2 AND payload IS NOT NULL AND item LIKE 'entry/%' ORDER BY seq LIMIT $3`

const ALL_PICTURES = `
  SELECT string_agg(image_id, ',' ORDER BY image_id) AS images, string_agg(coalesce(sha256, ''), ',' ORDER BY image_id) AS sums,
    string_agg(made_at::text, ',' ORDER BY image_id) AS times
  FROM v1_pictures WHERE owner_id = $1`

const PICTURES = `${ALL_PICTURES} AND entry_id = ANY ($2::text[])`

const TOTALS = `
  SELECT count(*) AS entries, count(DISTINCT i.animal_id) AS animals, coalesce(max(greatest(i.changed_at, a.named_at)), 0) AS latest
  ${ENTRIES}`

/** V1Queries on PostgreSQL, as named (server-side prepared) statements. */
export function postgresV1Queries(pool: Queryable): V1Queries {
  const one = async <T>(name: string, text: string, values: unknown[]): Promise<T> => {
    const row: unknown = (await pool.query({ name, text, values })).rows[0]
    if (!row) throw new Error('an aggregate answers one row')
    return row as T
  }
  const rows = async (name: string, text: string, values: unknown[]) =>
    (await pool.query({ name, text, values })).rows as V1Row[]
  return {
    standing: () => one('v1_standing', STANDING, []),
    async positionBefore(feed, since) {
      const { rows } = await pool.query({ name: 'v1_before', text: BEFORE, values: [feed, since] })
      return (rows[0] as { seq: number } | undefined)?.seq ?? 0
    },
    async stretch({ feed, owner, after, limit, since }) {
      const row = await (since === undefined
        ? one<StretchRow>('v1_stretch', stretchOf(''), [feed, after, limit])
        : one<StretchRow>('v1_changed', stretchOf(CHANGED), [feed, after, limit, since, owner]))
      return { last: row.last ?? undefined, seqs: numbersIn(row.seqs), numbers: numbersIn(row.numbers) }
    },
    page: (feed, seqs) => rows('v1_page', PAGE, [feed, seqs]),
    pageAfter: (feed, after, limit) => rows('v1_after', AFTER, [feed, after, limit]),
    pictures: async (owner, entries) => picturesIn(await one<PictureColumns>('v1_pictures', PICTURES, [owner, entries])),
    allPictures: async (owner) => picturesIn(await one<PictureColumns>('v1_all_pictures', ALL_PICTURES, [owner])),
    totals: (feed) => one('v1_totals', TOTALS, [feed, 0]),
  }
}

interface StretchRow {
  last: number | null
  seqs: string | null
  numbers: string | null
}
