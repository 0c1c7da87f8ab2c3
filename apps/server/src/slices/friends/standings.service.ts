import { type FriendItem, type FriendState, foldCode } from '@biologidex/core/friends/friend'
import type { Kysely } from 'kysely'
import type { Context } from '../../context.ts'
import type { Tables } from '../../db/tables.ts'
import {
  isBlocked,
  type PersonRow,
  personByCode,
  type Standing,
  standingsOf,
  standingWith,
  waitingItems,
} from './friends.store.ts'

export type { Standing } from './friends.store.ts'

/** Everyone to whom an account stands in this way, by when it came to be. */
export const everyone = (ctx: Pick<Context, 'db'>, account: string, state: FriendState): Promise<Standing[]> =>
  standingsOf(ctx.db.read, account, state)

/** How an account stands to another, with who that is; undefined when it does not. */
export const standingTo = (ctx: Pick<Context, 'db'>, account: string, other: string): Promise<Standing | undefined> =>
  standingWith(ctx.db.read, account, other)

/**
 * An account's requests that wait, as it was told of them: whom it asked is named as they were then. Who blocked it since is not to be
 * seen any more, nor is it told that they did.
 */
export async function requestsSent({ db }: Pick<Context, 'db'>, account: string): Promise<FriendItem[]> {
  return (await waitingItems(db.read, account)).map((payload) => JSON.parse(payload) as FriendItem)
}

/** The one of them that is to whoever has an id, or a code. */
export async function requestTo(
  ctx: Pick<Context, 'db'>,
  account: string,
  { id, code }: { readonly id?: string | undefined; readonly code?: string | undefined },
): Promise<FriendItem | undefined> {
  const other = code === undefined ? id : (await personByCode(ctx.db.read, foldCode(code)))?.id
  return (await requestsSent(ctx, account)).find((item) => item.id === other)
}

/**
 * Somebody as an account may know them. By whom it was blocked is as if they did not exist, and what they are called by now is not to
 * be told: undefined; one of whom it asks something is there all the same, by the name of then, for it is not told that they did.
 */
export async function asKnown(q: Kysely<Tables>, account: string, person: PersonRow): Promise<PersonRow | undefined> {
  if (!(await isBlocked(q, person.id, account))) return person
  const waiting = (await waitingItems(q, account)).map((payload) => JSON.parse(payload) as FriendItem)
  const known = waiting.find(({ id }) => id === person.id)
  if (!known) return undefined
  const { id, username, displayName: display_name, avatar } = known
  return { id, username, display_name, avatar: avatar ? JSON.stringify(avatar) : null }
}
