import { foldUsername } from '@biologidex/core/accounts/account'
import { AppError } from '@biologidex/core/errors'
import { foldCode, type PersonView } from '@biologidex/core/friends/friend'
import type { Context } from '../../context.ts'
import type { FeedKind } from '../sync/feed-writer.ts'
import { toPerson } from './friends.feed.ts'
import * as store from './friends.store.ts'

/**
 * Which feed of a dex is a viewer's, now: their own, a friend's, a stranger's; undefined when the dex is as if it did not
 * exist (privacy: blocked, either way: who blocks somebody does not look at them either).
 */
export async function audienceOf(ctx: Context, viewer: string, dex: string): Promise<FeedKind | undefined> {
  if (viewer === dex) return 'owner'
  const { read } = ctx.db
  const [state, byThem, byUs] = await Promise.all([
    store.standing(read, viewer, dex),
    store.isBlocked(read, dex, viewer),
    store.isBlocked(read, viewer, dex),
  ])
  if (byThem || byUs) return undefined
  return state === 'friends' ? 'friends' : 'public'
}

async function shown(ctx: Context, viewer: string, row: store.PersonRow | undefined): Promise<PersonView> {
  if (!row || (await audienceOf(ctx, viewer, row.id)) === undefined) throw new AppError('not_found')
  return toPerson(row)
}

/** Who has a friend code. @throws AppError not_found, alike for unknown and blocked */
export async function findByCode(ctx: Context, viewer: string, code: string): Promise<PersonView> {
  return shown(ctx, viewer, await store.personByCode(ctx.db.read, foldCode(code)))
}

/** Who has a user name. @throws AppError not_found, alike for unknown and blocked */
export async function findByName(ctx: Context, viewer: string, name: string): Promise<PersonView> {
  return shown(ctx, viewer, await store.personByName(ctx.db.read, foldUsername(name)))
}
