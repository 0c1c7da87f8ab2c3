import type { ConflictItem } from '@biologidex/core/entries/entry'
import { AUDIENCES, type EntryRecord, type PlaceSettings, project } from '@biologidex/core/entries/project'
import { itemKey } from '@biologidex/core/sync/wire'
import type { FeedWriter } from '../sync/feed-writer.ts'

/** Says what an entry is now for each audience of its dex (W2). */
export function publishEntry(feeds: FeedWriter, entry: EntryRecord, settings: PlaceSettings, iucn: string | undefined): void {
  for (const audience of AUDIENCES) {
    feeds.publish(audience, `entry/${entry.id}`, project(entry, audience, settings, iucn), entry.animal)
  }
}

/** Shows the losing side of a clash to its owner (O4). */
export function publishConflict(feeds: FeedWriter, item: ConflictItem): void {
  feeds.publish('owner', itemKey(item), item)
}

export function withdrawConflict(feeds: FeedWriter, id: string): void {
  feeds.publish('owner', `conflict/${id}`, null)
}
