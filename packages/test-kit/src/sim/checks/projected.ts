import type { Settings } from '@biologidex/core/accounts/account'
import { type Audience, type PlaceSettings, project } from '@biologidex/core/entries/project'
import type { EntriesTable } from '@biologidex/server/db/tables'
import { projectProfile } from '@biologidex/server/slices/accounts/accounts.feed'
import { toRecord } from '@biologidex/server/slices/entries/entries.store'
import { categories } from '../threatened.ts'
import type { Rows } from './rows.ts'

/** A deleted entry as its owner can still bring it back (O5). */
function trashed(rows: Rows, row: EntriesTable, places: PlaceSettings): object | undefined {
  if (row.deleted_at === null) return undefined
  const record = { ...toRecord(row, rows.parts.get(row.id) ?? []), deleted: false }
  return { type: 'trash', id: row.id, entry: project(record, 'owner', places), deleted: row.deleted_at }
}

/** What an audience is to read, item by item, as the rows stand now. */
export function projected(rows: Rows, audience: Audience): Map<string, object> {
  const { friendsPrecision, publicPrecision } = JSON.parse(rows.account.settings) as Settings
  const places = { friends: friendsPrecision, public: publicPrecision }
  const items = new Map<string, object>([[`profile/${rows.account.id}`, projectProfile(rows.account, audience)]])
  const letters = categories([...rows.animals.values()], rows.keys)
  for (const row of rows.entries.values()) {
    const iucn = letters.get(row.animal_id ?? '') ?? undefined
    const payload = project(toRecord(row, rows.parts.get(row.id) ?? []), audience, places, iucn)
    if (payload) items.set(`entry/${row.id}`, payload)
    const trash = audience === 'owner' ? trashed(rows, row, places) : undefined
    if (trash) items.set(`trash/${row.id}`, trash)
  }
  for (const conflict of audience === 'owner' ? rows.conflicts : []) {
    if (rows.entries.get(conflict.entry)?.deleted_at === null) items.set(`conflict/${conflict.id}`, conflict)
  }
  return items
}
