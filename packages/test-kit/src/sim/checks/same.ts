import { nameKey } from '@biologidex/core/animals/names'
import { canonical } from '@biologidex/core/json'
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

/** What the rows say of a field of an entry, or of one of its pictures. */
export function standing(rows: Rows, entry: string, field: string): unknown {
  const [, image = '', name] = field.split('/')
  if (name === 'alt') return rows.images.find(({ id }) => id === image)?.alt
  const row = rows.entries.get(entry)
  return row && Object.entries(toRecord(row, [])).find(([one]) => one === field)?.[1]
}
