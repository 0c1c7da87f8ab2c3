import type { ProfileItem } from '@biologidex/core/accounts/account'
import { AppError } from '@biologidex/core/errors'
import type { Rendition } from '@biologidex/core/images/image'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { FeedWriter } from '../sync/feed-writer.ts'
import type { Nudges } from '../sync/nudges.ts'
import { readable } from '../sync/sync.service.ts'
import { publishProfile } from './accounts.feed.ts'
import { accountById, updateAccount } from './accounts.store.ts'
import { makeAvatar } from './avatar.ts'

/** Says anew whose dex it is. The caller holds the owner's lock. */
export async function republishProfile(tx: Tx, nudges: Nudges, id: string): Promise<void> {
  const account = await accountById(tx.q, id)
  if (!account) throw new AppError('not_signed_in')
  const feeds = await FeedWriter.open(tx, nudges, id)
  publishProfile(feeds, account)
  await feeds.flush()
}

async function keepAvatar(ctx: Context, id: string, avatar: Rendition | null): Promise<void> {
  await ctx.db.write(async (tx) => {
    if (!(await tx.lockOwner(id))) throw new AppError('not_signed_in')
    await updateAccount(tx, id, { avatar: avatar && JSON.stringify(avatar) })
    await republishProfile(tx, ctx.nudges, id)
  })
}

/**
 * Gives the caller's profile a picture, in every feed of the dex.
 * @param original a file as the person chose it
 * @returns SHA-256 of what is kept of it
 * @throws AppError as `makeAvatar`
 */
export async function setAvatar(ctx: Context, caller: Caller, original: Uint8Array): Promise<string> {
  const bytes = await makeAvatar(original)
  const sha256 = await ctx.blobs.put(bytes)
  await keepAvatar(ctx, caller.account, { sha256, size: bytes.length })
  return sha256
}

export const removeAvatar = (ctx: Context, caller: Caller): Promise<void> => keepAvatar(ctx, caller.account, null)

/**
 * The picture of a dex's owner, by the profile in the viewer's own feed of that dex (I3).
 * @throws AppError not_found, alike for no such dex, no picture, and what is not the viewer's to see
 */
export async function findAvatar(ctx: Context, viewer: string, dex: string): Promise<Rendition> {
  const payload = await readable(ctx, viewer, dex, `profile/${dex}`)
  const avatar = payload === undefined ? undefined : (JSON.parse(payload) as ProfileItem).avatar
  if (!avatar || !(await ctx.blobs.has(avatar.sha256))) throw new AppError('not_found')
  return avatar
}
