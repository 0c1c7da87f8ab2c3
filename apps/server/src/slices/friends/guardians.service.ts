import { AppError } from '@biologidex/core/errors'
import type { WardInput, WardView } from '@biologidex/core/friends/guardian'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { addManaged } from '../accounts/accounts.service.ts'
import { note } from '../accounts/audit.service.ts'
import { FeedWriter } from '../sync/feed-writer.ts'
import { publishFriend, toPerson, withdrawFriend } from './friends.feed.ts'
import * as store from './friends.store.ts'
import { mayDecideFor, wardsOf } from './guardians.store.ts'
import { asKnown, requestsSent } from './standings.service.ts'

/**
 * Makes a managed account whose guardian the caller is (data.md: Account).
 * @throws AppError managed_account when the caller is one, signup_closed unless an admin, username_taken
 */
export async function makeWard(ctx: Context, caller: Caller, input: WardInput, address: string): Promise<WardView> {
  return { ...toPerson(await addManaged(ctx, caller, input, input.password, address)), waiting: [] }
}

/** The managed accounts that the caller decides for, with what waits. */
export async function listWards(ctx: Context, { account }: Caller): Promise<WardView[]> {
  const wards: WardView[] = []
  for (const ward of await wardsOf(ctx.db.read, account)) {
    // By the names of then: what became of them since, a block too, is not told.
    const waiting = (await requestsSent(ctx, ward.id)).filter(({ state }) => state === 'held')
    wards.push({ ...toPerson(ward), waiting })
  }
  return wards
}

/** Both sides of a friendship, their locks held. */
interface Pair {
  readonly tx: Tx
  readonly ward: store.PersonRow
  readonly person: store.PersonRow
  readonly since: number
}

/** The ward's wish goes its way: who asked becomes a friend, whoever else is asked now. */
async function allow({ tx, ward, person, since }: Pair, ours: FeedWriter, theirs: FeedWriter): Promise<void> {
  const wanted = (await store.standing(tx.q, person.id, ward.id)) === 'asked'
  const state = wanted ? 'friends' : 'asked'
  await store.putStanding(tx, ward.id, person.id, state, since)
  publishFriend(ours, (await asKnown(tx.q, ward.id, person)) ?? person, state, since)
  // Who blocked the ward meanwhile is not asked, and the ward is not told.
  if (await store.isBlocked(tx.q, person.id, ward.id)) return
  const back = wanted ? 'friends' : 'asks'
  await store.putStanding(tx, person.id, ward.id, back, since)
  publishFriend(theirs, ward, back, since)
}

/** Nobody but the ward is told, as when a request is declined. */
async function refuse({ tx, ward, person }: Pair, ours: FeedWriter): Promise<void> {
  await store.dropStanding(tx, ward.id, person.id)
  withdrawFriend(ours, person.id)
}

/**
 * The guardian says yes or no to a friendship that a managed account wants.
 * @throws AppError not_found when the caller does not decide for that account, or nothing of that person waits: alike;
 *   invalid_mutation when a side has as many friends as an account may have
 */
export async function decideFriend(
  ctx: Context,
  caller: Caller,
  { ward: wardId, person: personId }: { readonly ward: string; readonly person: string },
  allowed: boolean,
  address: string,
): Promise<void> {
  await ctx.db.write(async (tx) => {
    for (const id of [...new Set([wardId, personId])].sort()) if (!(await tx.lockOwner(id))) throw new AppError('not_found')
    const [ward, person] = [await store.personById(tx.q, wardId), await store.personById(tx.q, personId)]
    const waits = (await store.standing(tx.q, wardId, personId)) === 'held'
    if (!ward || !person || !waits || !(await mayDecideFor(tx.q, caller.account, wardId))) throw new AppError('not_found')
    const pair = { tx, ward, person, since: await tx.now() }
    const [ours, theirs] = [await FeedWriter.open(tx, ctx.nudges, wardId), await FeedWriter.open(tx, ctx.nudges, personId)]
    if (allowed) {
      await store.checkRoom(tx.q, [wardId, personId])
      await allow(pair, ours, theirs)
    } else await refuse(pair, ours)
    await ours.flush()
    await theirs.flush()
    await note(tx, caller.account, allowed ? 'ward_friend_allowed' : 'ward_friend_refused', address)
    if (allowed) await note(tx, wardId, 'friend_asked', null)
  })
}
