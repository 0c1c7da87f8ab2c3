import { AppError } from '@biologidex/core/errors'
import { isUuid } from '@biologidex/core/ids'
import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import { type FeedHead, LONGEST_WRITE_MS } from '../../db/db.ts'
import { audienceOf } from '../friends/friends.service.ts'

/**
 * How far back an answer looks behind the time that a client names, in milliseconds: a write carries the time at which it was
 * made and comes to light when it is committed, at most LONGEST_WRITE_MS and the time of a commit later (V1).
 */
export const OVERLAP_MS = 2 * LONGEST_WRITE_MS

/** Rows in one look for what changed. */
const STRETCH = 5_000

/** A time at which nothing of what is answered had been read yet. */
export interface Standing {
  readonly now: number
  readonly namedAt: number
}

/** What of a dex is to be answered: everything, or what changed at `since` or later. */
export interface DexRequest {
  readonly head: FeedHead
  readonly since: number | undefined
  /** Nothing of it is to be answered: told without a look at its rows. */
  readonly unchanged: boolean
  /** Names or pictures changed besides rows: all of them have to be looked at. */
  readonly scan: boolean
  /** When an animal was named anew last. */
  readonly namedAt: number
}

const known = new WeakMap<readonly FeedHead[], ReadonlyMap<string, FeedHead>>()

/** The dexes that an account follows, its own included, by owner. */
export async function followedDexes(ctx: Pick<Context, 'db'>, account: string): Promise<ReadonlyMap<string, FeedHead>> {
  const heads = await ctx.db.hot.followed(account)
  const before = known.get(heads)
  if (before) return before
  const dexes = new Map(
    heads.filter(({ kind }) => kind === 'owner' || kind === 'friends').map((head) => [head.owner, head] as const),
  )
  known.set(heads, dexes)
  return dexes
}

/** @throws AppError not_found, in the words that old clients know, alike for unknown and blocked */
export const noUser = (): AppError => new AppError('not_found', undefined, 'User not found')

/** @throws AppError unavailable while it is being narrowed (W3) */
export function openHead(head: FeedHead): FeedHead {
  if (head.closed > 0) throw new AppError('unavailable')
  return head
}

/**
 * The one feed of a dex that is a viewer's to read, now.
 * @throws AppError not_found; unavailable while it is being narrowed (W3)
 */
export async function headFor(ctx: Context, viewer: string, dex: string): Promise<FeedHead> {
  if (!isUuid(dex)) throw noUser()
  const head = (await followedDexes(ctx, viewer)).get(dex) ?? (await publicHead(ctx, viewer, dex))
  if (!head) throw noUser()
  return openHead(head)
}

async function publicHead(ctx: Context, viewer: string, dex: string): Promise<FeedHead | undefined> {
  return (await audienceOf(ctx, viewer, dex)) === 'public' ? ctx.db.hot.feedHead(dex, 'public') : undefined
}

/**
 * Decides what a client is answered that last read a dex at `lastSync`, in UTC milliseconds (V1). All of it, when that was before the
 * friendship or the epoch began, or lies ahead of the database's clock, which then went back.
 */
export function planDex(head: FeedHead, lastSync: number | undefined, { now, namedAt }: Standing): DexRequest {
  const since = lastSync === undefined ? undefined : lastSync - OVERLAP_MS
  if (since === undefined || lastSync === undefined || since < head.wholeBefore || lastSync > now) {
    return { head, since: undefined, unchanged: false, scan: true, namedAt }
  }
  const scan = head.picturedAt >= since || namedAt >= since
  return { head, since, unchanged: !scan && head.changedAt < since, scan, namedAt }
}

/** More than a feed has positions. */
const POSITIONS = 2 ** 32

/** Positions of what is to be answered, in the order of discovery numbers: two numbers an entry, whatever the dex's size. */
export async function positionsOf(ctx: Context, { head, since, scan }: DexRequest): Promise<readonly number[]> {
  // A discovery number and a position as one whole number below 2^53, which sorts by itself.
  const found: number[] = []
  // Times never go back within a feed: what changed lately lies at its end.
  let after = since === undefined || scan ? 0 : await ctx.db.v1.positionBefore(head.id, since)
  for (;;) {
    const filter = scan ? since : undefined
    const stretch = await ctx.db.v1.stretch({ feed: head.id, owner: head.owner, after, limit: STRETCH, since: filter })
    for (const [at, seq] of stretch.seqs.entries()) found.push((stretch.numbers[at] ?? 0) * POSITIONS + seq)
    if (stretch.last === undefined || stretch.seqs.length < STRETCH) break
    after = stretch.last
    // Others' requests come between two stretches.
    await breathe()
  }
  return Array.from(Float64Array.from(found).sort(), (place) => place % POSITIONS)
}
