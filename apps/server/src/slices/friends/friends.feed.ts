import type { BlockItem, FriendItem, FriendState, PersonView } from '@biologidex/core/friends/friend'
import type { Rendition } from '@biologidex/core/images/image'
import { itemKey } from '@biologidex/core/sync/wire'
import type { FeedWriter } from '../sync/feed-writer.ts'
import type { PersonRow } from './friends.store.ts'

export const toPerson = (row: PersonRow): PersonView => ({
  id: row.id,
  username: row.username,
  displayName: row.display_name,
  ...(row.avatar ? { avatar: JSON.parse(row.avatar) as Rendition } : {}),
})

/** Says in an account's own feed how it stands to somebody. */
export function publishFriend(feeds: FeedWriter, person: PersonRow, state: FriendState, since: number): void {
  const item: FriendItem = { type: 'friend', ...toPerson(person), state, since }
  feeds.publish('account', itemKey(item), item)
}

export function withdrawFriend(feeds: FeedWriter, id: string): void {
  feeds.publish('account', `friend/${id}`, null)
}

export function publishBlock(feeds: FeedWriter, person: PersonRow, since: number): void {
  const item: BlockItem = { type: 'block', ...toPerson(person), since }
  feeds.publish('account', itemKey(item), item)
}

export function withdrawBlock(feeds: FeedWriter, id: string): void {
  feeds.publish('account', `block/${id}`, null)
}
