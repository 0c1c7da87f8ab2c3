import { nameKey } from '@biologidex/core/animals/names'
import { canonical } from '@biologidex/core/json'
import type { EntriesTable } from '@biologidex/server/db/tables'
import { toRecord } from '@biologidex/server/slices/entries/entries.store'
import type { Rows } from './rows.ts'

/** The text under which values that mean the same are the same: an animal by whatever it is named, nothing in all its forms. */
export function meaning(rows: Rows, field: string, value: unknown): string {
  if (value === undefined || value === null || value === false || value === '') return 'null'
  if (field !== 'animal') return canonical(value)
  if (typeof value === 'string') return value
  const { id, scientificName } = value as { id?: string; scientificName?: string }
  if (id !== undefined) return id
  const key = nameKey(scientificName ?? '') ?? ''
  return rows.keys.get(key) ?? `a name: ${key}`
}

/** What a row says of a field. */
export function standing(row: EntriesTable, field: string): unknown {
  return Object.entries(toRecord(row, [])).find(([name]) => name === field)?.[1]
}
