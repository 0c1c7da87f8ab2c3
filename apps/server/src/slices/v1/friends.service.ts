import { AppError } from '@biologidex/core/errors'
import type { FriendItem } from '@biologidex/core/friends/friend'
import { isUuid } from '@biologidex/core/ids'
import type { V1Friend, V1Friendship } from '@biologidex/core/v1/shapes'
import { toTime } from '@biologidex/core/v1/times'
import type { Caller, Context } from '../../context.ts'
import { accountOf } from '../accounts/accounts.service.ts'
import { audienceOf, findByCode } from '../friends/friends.service.ts'
import { everyone, requestsSent, requestTo, type Standing, standingTo } from '../friends/standings.service.ts'
import { type Change, changeNow } from '../sync/push.service.ts'
import { toV1Person } from './accounts.service.ts'
import { followedDexes, noUser } from './dex.service.ts'

/** The caller's friends, counting what the caller may see of their dexes. */
export async function friendsOf(ctx: Context, { account }: Caller, base: string): Promise<V1Friend[]> {
  const followed = await followedDexes(ctx, account)
  const friends: V1Friend[] = []
  for (const row of await everyone(ctx, account, 'friends')) {
    const head = followed.get(row.id)
    const { entries, animals } = head ? await ctx.db.v1.totals(head.id) : { entries: 0, animals: 0 }
    const person = await toV1Person(ctx, base, account, row)
    friends.push({ ...person, friend_code: row.friend_code, total_catches: entries, unique_species: animals })
  }
  return friends
}

type Person = Pick<Standing, 'id' | 'username' | 'avatar'>

/** A friendship as the caller sees it; its id is the other account's. */
async function toFriendship(
  ctx: Context,
  { account }: Caller,
  base: string,
  other: Person,
  status: V1Friendship['status'],
  byThem: boolean,
  since: number,
): Promise<V1Friendship> {
  const own = await accountOf(ctx, account)
  if (!own) throw new AppError('not_signed_in')
  const [us, them] = [await toV1Person(ctx, base, account, own), await toV1Person(ctx, base, account, other)]
  const [from, to] = byThem ? [them, us] : [us, them]
  const at = toTime(since)
  return {
    id: other.id,
    ...{ from_user: from.id, from_user_details: from, to_user: to.id, to_user_details: to, status },
    created_at: at,
    updated_at: at,
  }
}

/** Requests of others to the caller that wait. */
export async function requestsToUs(ctx: Context, caller: Caller, base: string): Promise<V1Friendship[]> {
  const rows = await everyone(ctx, caller.account, 'asks')
  return Promise.all(rows.map((row) => toFriendship(ctx, caller, base, row, 'pending', true, row.since)))
}

/** A request of the caller that waits; also for a guardian, which is the same as far as these clients can tell. */
function toRequest(ctx: Context, caller: Caller, base: string, item: FriendItem): Promise<V1Friendship> {
  const person = { ...item, avatar: item.avatar ? JSON.stringify(item.avatar) : null }
  return toFriendship(ctx, caller, base, person, 'pending', false, item.since)
}

/** Requests of the caller to others that wait. */
export async function requestsOfOurs(ctx: Context, caller: Caller, base: string): Promise<V1Friendship[]> {
  const items = await requestsSent(ctx, caller.account)
  return Promise.all(items.map((item) => toRequest(ctx, caller, base, item)))
}

const now = async (ctx: Context): Promise<number> => (await ctx.db.v1.standing()).now

/** Somebody whom the caller may know of. @throws AppError not_found, alike for unknown and blocked */
async function somebody(ctx: Context, { account }: Caller, id: string): Promise<Person> {
  const row = isUuid(id) ? await accountOf(ctx, id) : undefined
  if (!row || (await audienceOf(ctx, account, id)) === undefined) throw noUser()
  return row
}

async function changeStanding(ctx: Context, caller: Caller, other: string, change: Omit<Change, 'id'>): Promise<void> {
  try {
    await changeNow(ctx, caller, [other], async () => [{ ...change, id: other }])
  } catch (error) {
    // Unknown, gone, or blocked by them meanwhile: alike.
    throw error instanceof AppError && error.code === 'missing_target' ? noUser() : error
  }
}

/** Asks somebody to be friends; whoever asked the caller before is answered yes by it. @throws AppError not_found, invalid_input */
export async function askFriend(
  ctx: Context,
  caller: Caller,
  { friend_code: code, user_id: id }: { friend_code?: string | undefined; user_id?: string | undefined },
  base: string,
): Promise<V1Friendship> {
  if ((code === undefined) === (id === undefined)) {
    throw new AppError('invalid_input', [{ path: 'friend_code', message: 'either this or user_id' }])
  }
  const waiting = await requestTo(ctx, caller.account, { code, id: id?.toLowerCase() })
  if (waiting) return toRequest(ctx, caller, base, waiting)
  const found = code === undefined ? (id ?? '').toLowerCase() : (await findByCode(ctx, caller.account, code)).id
  if (found === caller.account) throw new AppError('invalid_input', [{ path: 'friend_code', message: 'not your own' }])
  const person = await somebody(ctx, caller, found)
  await changeStanding(ctx, caller, person.id, { type: 'friend', op: 'create' })
  const standing = await standingTo(ctx, caller.account, person.id)
  const status = standing?.state === 'friends' ? 'accepted' : 'pending'
  return toFriendship(ctx, caller, base, person, status, false, standing?.since ?? (await now(ctx)))
}

/** Answers a request. @throws AppError not_found when nobody of that id asks */
export async function respond(
  ctx: Context,
  caller: Caller,
  id: string,
  action: 'accept' | 'reject' | 'block',
  base: string,
): Promise<V1Friendship> {
  const other = id.toLowerCase()
  const standing = isUuid(other) ? await standingTo(ctx, caller.account, other) : undefined
  if (standing?.state !== 'asks') throw new AppError('not_found')
  if (action === 'accept') {
    await changeStanding(ctx, caller, other, { type: 'friend', op: 'update', set: { state: { to: 'friends' } } })
  } else if (action === 'reject') await changeStanding(ctx, caller, other, { type: 'friend', op: 'delete' })
  else await changeStanding(ctx, caller, other, { type: 'block', op: 'create' })
  const stands = action === 'accept' ? (await standingTo(ctx, caller.account, other))?.state : undefined
  const accepted = stands === 'held' ? 'pending' : 'accepted'
  const status = action === 'accept' ? accepted : action === 'reject' ? 'rejected' : 'blocked'
  return toFriendship(ctx, caller, base, standing, status, true, standing.since)
}

/** Ends a friendship, or takes a request back. @throws AppError not_found when there is none */
export async function unfriend(ctx: Context, caller: Caller, id: string): Promise<void> {
  const other = id.toLowerCase()
  const standing = isUuid(other) ? await standingTo(ctx, caller.account, other) : undefined
  if (!standing) throw new AppError('not_found')
  await changeStanding(ctx, caller, other, { type: 'friend', op: 'delete' })
}

/** How the caller stands to somebody. @throws AppError not_found, alike for unknown and blocked */
export async function checkFriend(ctx: Context, caller: Caller, id: string) {
  const waiting = await requestTo(ctx, caller.account, { id: id.toLowerCase() })
  if (waiting) return { user_id: waiting.id, username: waiting.username, is_friends: false, pending_request: true }
  const { id: user_id, username } = await somebody(ctx, caller, id.toLowerCase())
  const state = (await standingTo(ctx, caller.account, user_id))?.state
  return { user_id, username, is_friends: state === 'friends', pending_request: state !== undefined && state !== 'friends' }
}
