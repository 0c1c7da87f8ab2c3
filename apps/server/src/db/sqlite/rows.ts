import type { SQLInputValue } from 'node:sqlite'
import type { SqliteConnection } from './connection.ts'

const list = (names: readonly string[], part: (name: string) => string, between = ', '): string => names.map(part).join(between)
const quoted = (name: string): string => `"${name}"`
const placed = (name: string): string => `${quoted(name)} = ?`

/** Row by row: one statement of them all takes half as long again to bind, and putting it together as long as that. */
function runAll(connection: SqliteConnection, sql: string, columns: readonly string[], rows: readonly object[]): void {
  const statement = connection.prepare(sql)
  for (const row of rows as readonly Record<string, SQLInputValue>[])
    statement.run(...columns.map((column) => row[column] ?? null))
}

/** Inserts rows that have the same columns. */
export function insertRows(connection: SqliteConnection, table: string, rows: readonly object[]): void {
  const columns = Object.keys(rows[0] ?? {})
  if (columns.length === 0) return
  const sql = `INSERT INTO ${quoted(table)} (${list(columns, quoted)}) VALUES (${list(columns, () => '?')})`
  runAll(connection, sql, columns, rows)
}

/** Writes some columns of rows that are there, found by the columns of `key`. */
export function updateRows(
  connection: SqliteConnection,
  table: string,
  key: readonly string[],
  columns: readonly string[],
  rows: readonly object[],
): void {
  if (columns.length === 0) return
  const sql = `UPDATE ${quoted(table)} SET ${list(columns, placed)} WHERE ${list(key, placed, ' AND ')}`
  runAll(connection, sql, [...columns, ...key], rows)
}
