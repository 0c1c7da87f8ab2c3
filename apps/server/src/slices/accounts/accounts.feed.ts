import type { ProfileItem, Settings } from '@biologidex/core/accounts/account'
import { AUDIENCES, type Audience } from '@biologidex/core/entries/project'
import type { Rendition } from '@biologidex/core/images/image'
import { itemKey } from '@biologidex/core/sync/wire'
import type { AccountsTable } from '../../db/tables.ts'
import type { FeedWriter } from '../sync/feed-writer.ts'

/** Whose dex it is, as an audience may see it: friend code and settings are the owner's alone (data.md). */
export function projectProfile(account: AccountsTable, audience: Audience): ProfileItem {
  return {
    type: 'profile',
    id: account.id,
    username: account.username,
    displayName: account.display_name,
    ...(account.bio ? { bio: account.bio } : {}),
    ...(account.avatar ? { avatar: JSON.parse(account.avatar) as Rendition } : {}),
    ...(audience === 'owner' ? { friendCode: account.friend_code, settings: JSON.parse(account.settings) as Settings } : {}),
    ...(audience === 'owner' && account.role === 'managed' ? { managed: true as const } : {}),
  }
}

/** Says in each feed of a dex whose it is (F4). */
export function publishProfile(feeds: FeedWriter, account: AccountsTable): void {
  for (const audience of AUDIENCES) {
    const profile = projectProfile(account, audience)
    feeds.publish(audience, itemKey(profile), profile)
  }
}
