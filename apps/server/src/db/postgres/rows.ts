import { type Kysely, sql } from 'kysely'
import type { Column } from '../db.ts'
import type { Tables } from '../tables.ts'

/** Rows in one statement: well below PostgreSQL's limit on parameters. */
const BATCH = 300

function* batches<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += BATCH) yield rows.slice(at, at + BATCH)
}

/** What Kysely cannot know of a table that is only named when it runs. */
type AnyTable = Kysely<Record<string, Record<string, unknown>>>

/** Inserts rows that have the same columns. */
export async function insertRows<Table extends keyof Tables>(
  q: Kysely<Tables>,
  table: Table,
  rows: readonly Tables[Table][],
): Promise<void> {
  for (const some of batches(rows)) {
    await (q as unknown as AnyTable)
      .insertInto(table)
      .values(some as unknown as readonly Record<string, unknown>[])
      .execute()
  }
}

/** Writes some columns of rows that are there, many in one statement: they clash with what they are to change. */
export async function updateRows<Table extends keyof Tables>(
  q: Kysely<Tables>,
  table: Table,
  key: readonly Column<Table>[],
  columns: readonly Column<Table>[],
  rows: readonly Tables[Table][],
): Promise<void> {
  if (columns.length === 0) return
  const set = columns.map((column) => [column, sql.ref(`excluded.${column}`)] as const)
  for (const some of batches(rows)) {
    await (q as unknown as AnyTable)
      .insertInto(table)
      .values(some as unknown as readonly Record<string, unknown>[])
      .onConflict((conflict) => conflict.columns(key).doUpdateSet(Object.fromEntries(set) as never))
      .execute()
  }
}
