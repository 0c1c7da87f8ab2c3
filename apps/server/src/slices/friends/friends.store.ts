import { AppError } from '@biologidex/core/errors'
import type { FriendState } from '@biologidex/core/friends/friend'
import { LIMITS } from '@biologidex/core/limits'
import { type Kysely, sql } from 'kysely'
import type { Tx } from '../../db/db.ts'
import type { AccountsTable, Tables } from '../../db/tables.ts'

/** What of an account's row others may be shown. */
export type PersonRow = Pick<AccountsTable, 'id' | 'username' | 'display_name' | 'avatar'>
const PERSON = ['id', 'username', 'display_name', 'avatar'] as const

export function personById(q: Kysely<Tables>, id: string): Promise<PersonRow | undefined> {
  return q.selectFrom('accounts').select(PERSON).where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
}

export function personByCode(q: Kysely<Tables>, code: string): Promise<PersonRow | undefined> {
  return q.selectFrom('accounts').select(PERSON).where('friend_code', '=', code).executeTakeFirst()
}

export function personByName(q: Kysely<Tables>, folded: string): Promise<PersonRow | undefined> {
  return q.selectFrom('accounts').select(PERSON).where('username_folded', '=', folded).executeTakeFirst()
}

/** How `account` stands to `other`, as its own side has it. */
export async function standing(q: Kysely<Tables>, account: string, other: string): Promise<FriendState | undefined> {
  const row = await q
    .selectFrom('friendships')
    .select('state')
    .where('account_id', '=', account)
    .where('other_id', '=', other)
    .executeTakeFirst()
  return row?.state as FriendState | undefined
}

/** How an account stands to another, and who that is. */
export interface Standing extends PersonRow {
  readonly friend_code: string
  readonly state: FriendState
  readonly since: number
  readonly asked_by: string | null
}

const standings = (q: Kysely<Tables>, account: string) =>
  q
    .selectFrom('friendships as s')
    .innerJoin('accounts as a', 'a.id', 's.other_id')
    .select(['a.id', 'a.username', 'a.display_name', 'a.avatar', 'a.friend_code', 's.state', 's.since', 's.asked_by'])
    .where('s.account_id', '=', account)
    .where('a.deleted_at', 'is', null)

export async function standingsOf(q: Kysely<Tables>, account: string, state: FriendState): Promise<Standing[]> {
  const rows = await standings(q, account).where('s.state', '=', state).orderBy('s.since').orderBy('a.id').execute()
  return rows.map((row) => ({ ...row, state }))
}

export async function standingWith(q: Kysely<Tables>, account: string, other: string): Promise<Standing | undefined> {
  const row = await standings(q, account).where('s.other_id', '=', other).executeTakeFirst()
  return row && { ...row, state: row.state as FriendState }
}

/** What an account's own feed says of its requests that wait, oldest first. */
export async function waitingItems(q: Kysely<Tables>, account: string): Promise<string[]> {
  const rows = await q
    .selectFrom('friendships as s')
    .innerJoin('accounts as a', 'a.id', 's.other_id')
    .innerJoin('feeds as f', (join) => join.onRef('f.owner_id', '=', 's.account_id').on('f.kind', '=', 'account'))
    .innerJoin('feed_items as i', (join) =>
      join.onRef('i.feed_id', '=', 'f.id').on('i.item', '=', sql<string>`'friend/' || s.other_id`),
    )
    .select('i.payload')
    .where('s.account_id', '=', account)
    .where('s.state', 'in', ['asked', 'held'])
    .where('a.deleted_at', 'is', null)
    .orderBy('s.since')
    .orderBy('s.other_id')
    .execute()
  return rows.flatMap(({ payload }) => payload ?? [])
}

/** How many others an account stands to in this way. */
export async function countStandings(q: Kysely<Tables>, account: string, state: FriendState): Promise<number> {
  const row = await q
    .selectFrom('friendships')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('account_id', '=', account)
    .where('state', '=', state)
    .executeTakeFirstOrThrow()
  return row.rows
}

/** @throws AppError invalid_mutation when one of them has as many friends as an account may have */
export async function checkRoom(q: Kysely<Tables>, accounts: readonly string[]): Promise<void> {
  for (const account of accounts) {
    if ((await countStandings(q, account, 'friends')) < LIMITS.friends) continue
    throw new AppError('invalid_mutation', { why: `at most ${LIMITS.friends} friends` })
  }
}

/**
 * Puts one side of a friendship. The caller holds both owners' locks.
 * @param askedBy id of the mutation by which this side asks; without one, what it asked by before stands
 */
export async function putStanding(
  tx: Tx,
  account: string,
  other: string,
  state: FriendState,
  since: number,
  askedBy?: string,
): Promise<void> {
  const feed = tx.q.selectFrom('feeds').select('id').where('owner_id', '=', other).where('kind', '=', 'friends')
  const set = { state, since, feed_id: feed, ...(askedBy === undefined ? {} : { asked_by: askedBy }) }
  await tx.q
    .insertInto('friendships')
    .values({ account_id: account, other_id: other, ...set })
    .onConflict((conflict) => conflict.columns(['account_id', 'other_id']).doUpdateSet(set))
    .execute()
}

/** Removes one side of a friendship. The caller holds both owners' locks. */
export async function dropStanding(tx: Tx, account: string, other: string): Promise<void> {
  await tx.q.deleteFrom('friendships').where('account_id', '=', account).where('other_id', '=', other).execute()
}

export async function isBlocked(q: Kysely<Tables>, by: string, whom: string): Promise<boolean> {
  const row = await q
    .selectFrom('blocks')
    .select('since')
    .where('account_id', '=', by)
    .where('other_id', '=', whom)
    .executeTakeFirst()
  return row !== undefined
}

export async function putBlock(tx: Tx, by: string, whom: string, since: number): Promise<void> {
  await tx.q
    .insertInto('blocks')
    .values({ account_id: by, other_id: whom, since })
    .onConflict((conflict) => conflict.columns(['account_id', 'other_id']).doNothing())
    .execute()
}

export async function dropBlock(tx: Tx, by: string, whom: string): Promise<void> {
  await tx.q.deleteFrom('blocks').where('account_id', '=', by).where('other_id', '=', whom).execute()
}

/** Ids of the accounts on the other side of any standing or block of this one. */
export async function othersOf(q: Kysely<Tables>, account: string): Promise<string[]> {
  const rows = await q
    .selectFrom('friendships')
    .select('account_id as id')
    .where('other_id', '=', account)
    .union(q.selectFrom('blocks').select('account_id as id').where('other_id', '=', account))
    .union(q.selectFrom('friendships').select('other_id as id').where('account_id', '=', account))
    .union(q.selectFrom('blocks').select('other_id as id').where('account_id', '=', account))
    .execute()
  return rows.map((row) => row.id)
}
