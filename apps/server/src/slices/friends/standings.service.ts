import type { FriendState } from '@biologidex/core/friends/friend'
import type { Context } from '../../context.ts'
import { type Standing, standingsOf, standingWith } from './friends.store.ts'

export type { Standing } from './friends.store.ts'

/** Everyone to whom an account stands in this way, by when it came to be. */
export const everyone = (ctx: Pick<Context, 'db'>, account: string, state: FriendState): Promise<Standing[]> =>
  standingsOf(ctx.db.read, account, state)

/** How an account stands to another, with who that is; undefined when it does not. */
export const standingTo = (ctx: Pick<Context, 'db'>, account: string, other: string): Promise<Standing | undefined> =>
  standingWith(ctx.db.read, account, other)
