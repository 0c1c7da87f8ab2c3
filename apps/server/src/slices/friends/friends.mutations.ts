import { AppError } from '@biologidex/core/errors'
import { FRIEND_FIELDS } from '@biologidex/core/friends/friend'
import { LIMITS } from '@biologidex/core/limits'
import type { Mutation } from '@biologidex/core/sync/mutation'
import type { Kysely } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import type { Outcome, PushWork } from '../sync/push-work.ts'
import { publishBlock, publishFriend, withdrawBlock, withdrawFriend } from './friends.feed.ts'
import * as store from './friends.store.ts'
import { asKnown } from './standings.service.ts'

/** The code that a mutation names somebody by, if any. @throws AppError invalid_mutation when it is none */
function codeOf(mutation: Mutation): string | undefined {
  const change = mutation.set?.code
  if (!change) return undefined
  const parsed = FRIEND_FIELDS.code.safeParse('to' in change ? change.to : undefined)
  if (!parsed.success) throw new AppError('invalid_mutation', { field: 'code', why: parsed.error.issues[0]?.message })
  return parsed.data
}

/** Whom a mutation is about, or undefined when there is nobody. */
async function targetOf(q: Kysely<Tables>, mutation: Mutation): Promise<store.PersonRow | undefined> {
  const code = mutation.op !== 'update' && mutation.type === 'friend' ? codeOf(mutation) : undefined
  return code === undefined ? store.personById(q, mutation.id) : store.personByCode(q, code)
}

/**
 * Accounts that a push's mutations touch besides its own, so that all are locked in one order before anything is read (W1,
 * G1). What names nobody is found out, and refused, when its turn comes.
 */
export async function othersTouched(q: Kysely<Tables>, mutations: readonly Mutation[]): Promise<string[]> {
  const ids = new Set<string>()
  for (const mutation of mutations) {
    if (mutation.type !== 'friend' && mutation.type !== 'block') continue
    const person = await targetOf(q, mutation).catch((error: unknown) => {
      if (error instanceof AppError) return undefined
      throw error
    })
    if (person) ids.add(person.id)
  }
  return [...ids]
}

/** The other side, locked. Unknown, oneself and whoever blocked this account answer alike (privacy). */
async function other(work: PushWork, mutation: Mutation): Promise<store.PersonRow> {
  const person = await targetOf(work.tx.q, mutation)
  if (!person || person.id === work.owner || !work.locked.has(person.id)) throw new AppError('missing_target')
  return person
}

async function ourselves(work: PushWork): Promise<store.PersonRow> {
  const row = await store.personById(work.tx.q, work.owner)
  if (!row) throw new AppError('not_signed_in')
  return row
}

/** A managed account wants it: nobody is told until its guardian said yes (data.md). */
async function hold(work: PushWork, person: store.PersonRow, askedBy?: string): Promise<void> {
  await checkRequests(work)
  const since = work.desk.now
  await store.putStanding(work.tx, work.owner, person.id, 'held', since, askedBy)
  publishFriend(work.feeds, person, 'held', since)
}

/** @throws AppError invalid_mutation when as many requests wait as may */
async function checkRequests({ tx, owner }: PushWork): Promise<void> {
  const waiting = (await store.countStandings(tx.q, owner, 'asked')) + (await store.countStandings(tx.q, owner, 'held'))
  if (waiting >= LIMITS.friendRequests) {
    throw new AppError('invalid_mutation', { why: `at most ${LIMITS.friendRequests} requests that wait` })
  }
}

async function becomeFriends(work: PushWork, person: store.PersonRow, askedBy?: string): Promise<void> {
  const { tx, owner } = work
  await store.checkRoom(tx.q, [owner, person.id])
  work.audited.add('friend_accepted')
  const since = work.desk.now
  await store.putStanding(tx, owner, person.id, 'friends', since, askedBy)
  await store.putStanding(tx, person.id, owner, 'friends', since)
  publishFriend(work.feeds, person, 'friends', since)
  publishFriend(await work.feedsOf(person.id), await ourselves(work), 'friends', since)
}

/** Asks somebody to be friends; whoever was asked by them already says yes by it. */
async function ask(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const { tx, owner } = work
  const person = await other(work, mutation)
  const ours = await store.standing(tx.q, owner, person.id)
  // Before any block is looked at: whose request waits is answered alike, whether they were blocked for it or not seen yet.
  if (ours === 'friends' || ours === 'asked' || ours === 'held') return {}
  if (await store.isBlocked(tx.q, person.id, owner)) throw new AppError('missing_target')
  if (await store.isBlocked(tx.q, owner, person.id)) throw new AppError('invalid_mutation', { why: 'unblock them first' })
  if (work.managed) {
    await hold(work, person, mutation.id)
    return {}
  }
  const theirs = await store.standing(tx.q, person.id, owner)
  if (theirs === 'asked') {
    await becomeFriends(work, person, mutation.id)
    return {}
  }
  await checkRequests(work)
  work.audited.add('friend_asked')
  const since = work.desk.now
  await store.putStanding(tx, owner, person.id, 'asked', since, mutation.id)
  publishFriend(work.feeds, person, 'asked', since)
  // What waits for the other's guardian goes on waiting: their yes makes friends of both.
  if (theirs === 'held') return {}
  await store.putStanding(tx, person.id, owner, 'asks', since)
  publishFriend(await work.feedsOf(person.id), await ourselves(work), 'asks', since)
  return {}
}

async function accept(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const person = await other(work, mutation)
  const ours = await store.standing(work.tx.q, work.owner, person.id)
  if (ours === 'friends' || ours === 'held') return {}
  // A request that was withdrawn meanwhile can't be accepted any more.
  if (ours !== 'asks') throw new AppError('missing_target')
  if (work.managed) await hold(work, person)
  else await becomeFriends(work, person)
  return {}
}

/** Whether a standing is a request, or a friendship that came of the one that a mutation names: another is not meant by a code. */
const isOfTheRequest = ({ state, asked_by: askedBy }: store.Standing, { id }: Mutation): boolean =>
  state === 'asked' || state === 'held' || (state === 'friends' && askedBy === id)

/**
 * Withdraws, declines or unfriends. Who is declined is not told: their side stays as it is. By code it takes back what is asked of
 * whoever has it, also where asking has made friends of both by then: the app has said that it is withdrawn.
 */
async function part(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const { tx, owner } = work
  const person = await other(work, mutation).catch(() => undefined)
  const standing = person && (await store.standingWith(tx.q, owner, person.id))
  if (!person || !standing) return {}
  if (mutation.set?.code && !isOfTheRequest(standing, mutation)) return {}
  const { state: ours } = standing
  work.audited.add('friend_ended')
  await store.dropStanding(tx, owner, person.id)
  withdrawFriend(work.feeds, person.id)
  if (ours === 'asks' || ours === 'held') return {}
  // Withdrawn or unfriended: the other side's row goes, whatever it is by now.
  await store.dropStanding(tx, person.id, owner)
  withdrawFriend(await work.feedsOf(person.id), owner)
  return {}
}

/** Carries out a mutation of type `friend`. @throws AppError when it can't be, having changed nothing */
export function applyFriendMutation(work: PushWork, mutation: Mutation): Promise<Outcome> {
  if (mutation.op === 'create') return ask(work, mutation)
  if (mutation.op === 'delete') return part(work, mutation)
  const change = mutation.set?.state
  if (mutation.op !== 'update' || !change || !('to' in change) || change.to !== 'friends') {
    throw new AppError('invalid_mutation', { op: mutation.op, field: 'state' })
  }
  return accept(work, mutation)
}

/**
 * Blocks somebody: the friendship ends for both, and for the blocked this dex is as if it did not exist. A request of theirs
 * stays on their side, so that they are not told; a friendship ends on theirs as unfriending would end it.
 */
async function block(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const { tx, owner } = work
  const person = await other(work, mutation)
  if (await store.isBlocked(tx.q, owner, person.id)) return {}
  const known = await asKnown(tx.q, owner, person)
  if (!known) throw new AppError('missing_target')
  const theirs = await store.standing(tx.q, person.id, owner)
  work.audited.add('friend_blocked')
  await store.putBlock(tx, owner, person.id, work.desk.now)
  await store.dropStanding(tx, owner, person.id)
  withdrawFriend(work.feeds, person.id)
  publishBlock(work.feeds, known, work.desk.now)
  if (theirs && theirs !== 'asked' && theirs !== 'held') {
    await store.dropStanding(tx, person.id, owner)
    withdrawFriend(await work.feedsOf(person.id), owner)
  }
  return {}
}

async function unblock(work: PushWork, mutation: Mutation): Promise<Outcome> {
  work.audited.add('friend_unblocked')
  await store.dropBlock(work.tx, work.owner, mutation.id)
  withdrawBlock(work.feeds, mutation.id)
  return {}
}

/** Carries out a mutation of type `block`. @throws AppError when it can't be, having changed nothing */
export function applyBlockMutation(work: PushWork, mutation: Mutation): Promise<Outcome> {
  if (mutation.op === 'create') return block(work, mutation)
  if (mutation.op === 'delete') return unblock(work, mutation)
  throw new AppError('invalid_mutation', { op: mutation.op })
}
