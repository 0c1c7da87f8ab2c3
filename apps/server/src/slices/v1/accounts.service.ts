import { randomUUID } from 'node:crypto'
import type { OwnEntry } from '@biologidex/core/entries/entry'
import { AppError } from '@biologidex/core/errors'
import type { Rendition } from '@biologidex/core/images/image'
import type { V1Person, V1User } from '@biologidex/core/v1/shapes'
import { toCatchDate, toTime } from '@biologidex/core/v1/times'
import type { Caller, Context } from '../../context.ts'
import type { AccountsTable } from '../../db/tables.ts'
import { accountOf } from '../accounts/accounts.service.ts'
import { setAvatar } from '../accounts/profile.service.ts'
import { listEntries } from '../entries/listing.service.ts'
import { changeNow } from '../sync/push.service.ts'
import { readableItem } from '../sync/sync.service.ts'
import { pictureName, signerFor } from './urls.ts'

/** The address of an account's picture for a viewer; null when it has none. */
export async function avatarUrl(
  ctx: Context,
  base: string,
  viewer: string,
  { id, avatar }: Pick<AccountsTable, 'id' | 'avatar'>,
): Promise<string | null> {
  if (!avatar) return null
  const { sha256 } = JSON.parse(avatar) as Rendition
  return base + (await signerFor(ctx, viewer, id)).path('avatar', pictureName(sha256), 'webp')
}

/** Somebody as v1 shows them to a viewer. */
export async function toV1Person(
  ctx: Context,
  base: string,
  viewer: string,
  row: Pick<AccountsTable, 'id' | 'username' | 'avatar'>,
): Promise<V1Person> {
  return { id: row.id, username: row.username, avatar: await avatarUrl(ctx, base, viewer, row) }
}

async function lastCatch(ctx: Context, account: string): Promise<string | null> {
  const { ids } = await listEntries(ctx, account, { order: 'catch_date', descending: true }, 0, 1)
  const row = ids[0] === undefined ? undefined : await readableItem(ctx, account, account, `entry/${ids[0]}`)
  const { observed } = row ? (JSON.parse(row.payload) as OwnEntry) : {}
  return observed ? toCatchDate(observed) : null
}

/** The caller's own account. @throws AppError not_signed_in when it was deleted meanwhile */
export async function ownUser(ctx: Context, id: string, base: string): Promise<V1User> {
  const row = await accountOf(ctx, id)
  const feed = await ctx.db.hot.feedHead(id, 'owner')
  if (!row || !feed) throw new AppError('not_signed_in')
  const { entries, animals } = await ctx.db.v1.totals(feed.id)
  const profile = await readableItem(ctx, id, id, `profile/${id}`)
  const joined = toTime(row.created_at)
  return {
    id,
    username: row.username,
    email: row.email ?? '',
    friend_code: row.friend_code,
    bio: row.bio ?? '',
    avatar: await avatarUrl(ctx, base, id, row),
    badges: [],
    created_at: joined,
    updated_at: profile ? toTime(profile.changedAt) : joined,
    profile: {
      total_catches: entries,
      unique_species: animals,
      preferred_card_style: 'default',
      join_date: joined,
      last_catch_date: await lastCatch(ctx, id),
    },
  }
}

/** Changes the caller's bio and picture, what of them is given. @throws AppError as `setAvatar` */
export async function changeUser(
  ctx: Context,
  caller: Caller,
  bio: string | undefined,
  avatar: Uint8Array | undefined,
): Promise<void> {
  if (avatar) await setAvatar(ctx, caller, avatar)
  if (bio === undefined) return
  await changeNow(ctx, caller, [], async () => {
    const was = (await accountOf(ctx, caller.account))?.bio ?? null
    return [{ type: 'setting', id: caller.account, op: 'update', set: { bio: { was, to: bio || null } } }]
  })
}

/** An id for what is made here. */
export const newId = (): string => randomUUID()
