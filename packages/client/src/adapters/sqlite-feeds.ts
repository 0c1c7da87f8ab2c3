import { setImmediate as breath } from 'node:timers/promises'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import { CATALOGUE } from '@biologidex/core/sync/wire'
import { type FeedReader, type FeedWrite, SealBroken } from '../ports.ts'
import type { InstantSealer } from './node-sealer.ts'
import type { SqliteFile } from './sqlite-file.ts'
import { type Kept, type Rows, rowsWith } from './sqlite-rows.ts'

interface OverRow {
  readonly key: string
  readonly value: Kept | null
}
interface PageRow {
  readonly n: number
  readonly items: Kept
}

const PUT_FEED = `INSERT INTO feeds (feed, state) VALUES (?, ?)
  ON CONFLICT (feed) DO UPDATE SET state = excluded.state RETURNING id`
const PUT_MARKS = 'INSERT OR REPLACE INTO marks VALUES (?, ?)'
const PAGE_AT = 'SELECT n FROM pages WHERE feed = ? AND generation = ? ORDER BY n LIMIT 1 OFFSET ?'
const CONTENT_TABLES = ['pages', 'animals', 'over'] as const

/** How a feed's content lies: the catalogue is everybody's and stays as it is. */
export const feedRows = (feed: string, sealer: InstantSealer | undefined): Rows =>
  rowsWith(feed === CATALOGUE ? undefined : sealer)

/** What is sealed, and where it lies. */
const labelOf = (table: string, feed: string, generation: number, key: number | string): string =>
  `${table}/${feed}/${generation}/${key}`

const marksLabel = (feed: string): string => `marks/${feed}`

/** Writes one change of a feed, within a transaction. */
export function applyFeed(file: SqliteFile, change: FeedWrite, rows: Rows): void {
  const { state, generation, page, over, animals } = change
  const feed = file.get<{ id: number }>(PUT_FEED, state.feed, JSON.stringify(state))?.id ?? 0
  if (change.dropOthers) {
    for (const table of CONTENT_TABLES) file.run(`DELETE FROM ${table} WHERE feed = ? AND generation <> ?`, feed, generation)
  }
  if (change.anew) {
    for (const table of ['over', 'animals'])
      file.run(`DELETE FROM ${table} WHERE feed = ? AND generation = ?`, feed, generation)
  }
  for (const [at, text] of change.pages ?? []) {
    const n = file.get<{ n: number }>(PAGE_AT, feed, generation, at)?.n
    if (n !== undefined)
      file.run('UPDATE pages SET items = ? WHERE n = ?', rows.keep(text, labelOf('pages', state.feed, generation, n)), n)
  }
  const append = (table: 'pages' | 'animals', items: string): void => {
    const n = file.get<{ n: number }>(`SELECT coalesce(max(n), 0) + 1 AS n FROM ${table}`)?.n ?? 1
    const kept = rows.keep(items, labelOf(table, state.feed, generation, n))
    file.run(`INSERT INTO ${table} (n, feed, generation, items) VALUES (?, ?, ?, ?)`, n, feed, generation, kept)
  }
  if (page !== undefined) append('pages', page)
  for (const [key, text] of over ?? []) {
    const kept = text === null ? null : rows.keep(text, labelOf('over', state.feed, generation, key))
    file.run('INSERT OR REPLACE INTO over VALUES (?, ?, ?, ?)', feed, generation, key, kept)
  }
  if (animals && animals.length > 0) append('animals', JSON.stringify(animals))
  if (change.marks !== undefined) file.run(PUT_MARKS, feed, rows.keep(change.marks, marksLabel(state.feed)))
}

export function dropFeed(file: SqliteFile, feed: string): void {
  for (const table of [...CONTENT_TABLES, 'marks'])
    file.run(`DELETE FROM ${table} WHERE feed = (SELECT id FROM feeds WHERE feed = ?)`, feed)
  file.run('DELETE FROM feeds WHERE feed = ?', feed)
}

export function marksOf(file: SqliteFile, feed: string, rows: Rows): string | undefined {
  const row = file.get<{ value: Kept }>('SELECT value FROM marks WHERE feed = (SELECT id FROM feeds WHERE feed = ?)', feed)
  try {
    return row && rows.text(row.value, marksLabel(feed))
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

const OF_FEED = 'feed = (SELECT id FROM feeds WHERE feed = ?) AND generation = ?'
const OVER = `SELECT key, value FROM over WHERE ${OF_FEED}`

/** Single items as they were put. Throws SealBroken. */
function overFrom(found: readonly OverRow[], feed: string, generation: number, rows: Rows): FeedReader['over'] {
  const single = ({ key, value }: OverRow) =>
    [key, value === null ? null : rows.text(value, labelOf('over', feed, generation, key))] as const
  return new Map(found.map(single))
}

/** The single items of one generation. Throws SealBroken. */
export const overOf = (file: SqliteFile, feed: string, generation: number, rows: Rows): FeedReader['over'] =>
  overFrom(file.all<OverRow>(OVER, feed, generation), feed, generation, rows)

/** Records by id, as they were put: later ones replace earlier ones. */
function animalsFrom(texts: readonly string[]): AnimalItem[] {
  const animals = texts.flatMap((text) => JSON.parse(text) as AnimalItem[])
  return [...new Map(animals.map((animal) => [animal.id, animal])).values()]
}

/** One generation, its pages read one by one. Throws SealBroken, at once or while pages are read. */
export function readerOf(file: SqliteFile, feed: string, generation: number, rows: Rows): FeedReader {
  const { first, rows: found } = file.snapshot(
    (reader) => ({
      over: reader.prepare(OVER).all(feed, generation) as unknown as OverRow[],
      animals: reader
        .prepare(`SELECT n, items FROM animals WHERE ${OF_FEED} ORDER BY n`)
        .all(feed, generation) as unknown as PageRow[],
    }),
    `SELECT n, items FROM pages WHERE ${OF_FEED} ORDER BY n`,
    feed,
    generation,
  )
  const textOf = (table: string) => (row: PageRow) => rows.text(row.items, labelOf(table, feed, generation, row.n))
  const pageOf = textOf('pages')
  async function* pages(): AsyncIterable<string> {
    for (const row of found) {
      yield pageOf(row as PageRow)
      // All of it is done at once: a dex of 100,000 entries would keep everything else in the program waiting for a second.
      await breath()
    }
  }
  return {
    pages: pages(),
    over: overFrom(first.over, feed, generation, rows),
    animals: animalsFrom(first.animals.map(textOf('animals'))),
  }
}
