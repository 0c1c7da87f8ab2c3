import type { ConflictItem, OwnEntry, TrashItem } from '@biologidex/core/entries/entry'
import type { OutingItem } from '@biologidex/core/entries/outing'
import { AUDIENCES, type EntryRecord, type PlaceSettings, project } from '@biologidex/core/entries/project'
import { itemKey } from '@biologidex/core/sync/wire'
import type { OutingsTable } from '../../db/tables.ts'
import type { FeedWriter } from '../sync/feed-writer.ts'

/** Says what an entry is now for each audience of its dex (W2). */
export function publishEntry(feeds: FeedWriter, entry: EntryRecord, settings: PlaceSettings, iucn: string | undefined): void {
  for (const audience of AUDIENCES) {
    feeds.publish(audience, `entry/${entry.id}`, project(entry, audience, settings, iucn), entry.animal)
  }
}

/** Shows a deleted entry to its owner for as long as it can be brought back (O5). `entry` is what it was, not deleted. */
export function publishTrash(feeds: FeedWriter, entry: EntryRecord, deleted: number, settings: PlaceSettings): void {
  const shown: OwnEntry | null = project(entry, 'owner', settings)
  if (!shown) return
  const item: TrashItem = { type: 'trash', id: entry.id, entry: shown, deleted }
  feeds.publish('owner', itemKey(item), item, entry.animal)
}

/** It came back, or can't be brought back any more. */
export function withdrawTrash(feeds: FeedWriter, id: string): void {
  feeds.publish('owner', `trash/${id}`, null)
}

/** Says what an outing is now: its owner's alone (data.md). */
export function publishOuting(feeds: FeedWriter, row: OutingsTable): void {
  const { id, name, note, created_at: created, deleted_at } = row
  const item: OutingItem = { type: 'outing', id, ...(name ? { name } : {}), ...(note ? { note } : {}), created }
  feeds.publish('owner', itemKey(item), deleted_at === null ? item : null)
}

/** Shows the losing side of a clash to its owner (O4). */
export function publishConflict(feeds: FeedWriter, item: ConflictItem): void {
  feeds.publish('owner', itemKey(item), item)
}

export function withdrawConflict(feeds: FeedWriter, id: string): void {
  feeds.publish('owner', `conflict/${id}`, null)
}
