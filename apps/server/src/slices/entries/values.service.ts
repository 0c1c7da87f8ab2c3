import type { Json } from '@biologidex/core/json'
import type { EntryField } from '@biologidex/core/sync/mutation'
import type { Kysely } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import { FIELDS } from './entries.fields.ts'
import { entriesById, entryWithPublicId } from './entries.store.ts'

/** What the fields of an own entry are now, as a change says what it saw (O4); undefined when it is not there or deleted. */
export async function valuesOf(
  q: Kysely<Tables>,
  owner: string,
  entry: string,
): Promise<Readonly<Record<EntryField, Json>> | undefined> {
  const [row] = await entriesById(q, owner, [entry])
  if (!row || row.deleted_at !== null) return undefined
  const values = Object.entries(FIELDS).map(([field, access]) => [field, access.get(row)])
  const { animal, ...rest } = Object.fromEntries(values) as Record<EntryField, Json>
  return { ...rest, animal: typeof animal === 'string' ? { id: animal } : null }
}

/** Whose entry has a public id, and its own id. Tells nothing of who may see it. */
export const entryByPublicId = (q: Kysely<Tables>, publicId: string): Promise<{ owner: string; id: string } | undefined> =>
  entryWithPublicId(q, publicId)
