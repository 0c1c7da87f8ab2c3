import { AppError } from '@biologidex/core/errors'
import { readLastSync, toTime } from '@biologidex/core/v1/times'
import type { Caller, Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import { everyone } from '../friends/standings.service.ts'
import { entriesOf } from './answer.service.ts'
import { type DexRequest, followedDexes, headFor, noUser, openHead, planDex, type Standing } from './dex.service.ts'
import { TotalsMemory } from './totals.ts'

/** An answer: text that is there, or pieces of it that are read as they are sent. */
export type SyncAnswer = string | AsyncGenerator<string | Buffer>

/** @throws AppError invalid_input: what can't be read must not be answered in full */
export function lastSyncOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const at = typeof value === 'string' ? readLastSync(value) : undefined
  if (at === undefined) {
    const words = 'last_sync is not a time of ISO 8601, like 2026-09-14T07:10:00Z'
    throw new AppError('invalid_input', [{ path: 'last_sync', message: 'a time of ISO 8601' }], words)
  }
  return at
}

async function* oneDex(
  ctx: Context,
  caller: Caller,
  base: string,
  request: DexRequest,
  end: (count: number) => string,
): AsyncGenerator<string | Buffer> {
  let count = 0
  yield '{"entries":['
  yield* entriesOf(ctx, { caller, base, request }, (more) => {
    count += more
  })
  yield `],${end(count)}}`
}

/**
 * One dex for a viewer.
 * @param lastSync as the client sent it
 * @param say what the answer says beside the entries and the time, once they are counted
 * @throws AppError not_found, invalid_input, unavailable
 */
export async function syncDex(
  ctx: Context,
  caller: Caller,
  dex: string,
  lastSync: unknown,
  base: string,
  say: (count: number) => Readonly<Record<string, unknown>>,
): Promise<SyncAnswer> {
  const since = lastSyncOf(lastSync)
  // Before anything is read: a write that commits from here on is answered the next time.
  const standing = await ctx.db.v1.standing()
  const request = planDex(await headFor(ctx, caller.account, dex), since, standing)
  const end = (count: number) => JSON.stringify({ server_time: toTime(standing.now), ...say(count) }).slice(1, -1)
  return request.unchanged ? `{"entries":[],${end(0)}}` : oneDex(ctx, caller, base, request, end)
}

/** `lastSyncOf`, for a batch whose elements mostly say the same. */
function readingOnce(): typeof lastSyncOf {
  let before: { readonly value: unknown; readonly at: number | undefined } | undefined
  return (value) => {
    if (!before || before.value !== value) before = { value, at: lastSyncOf(value) }
    return before.at
  }
}

/** What is answered for one element of a batch. */
type Part = { readonly key: string; readonly text: string } | { readonly key: string; readonly request: DexRequest }

const errorText = (words: string): string => JSON.stringify({ error: words })

async function planPart(
  ctx: Context,
  viewer: string,
  element: unknown,
  followed: ReadonlyMap<string, FeedHead>,
  standing: Standing,
  read: (value: unknown) => number | undefined,
): Promise<Part | undefined> {
  if (typeof element !== 'object' || element === null || !('user_id' in element)) return undefined
  const { user_id: user, last_sync: last } = element as { user_id: unknown; last_sync?: unknown }
  const key = typeof user === 'string' ? user : JSON.stringify(user)
  try {
    const since = read(last)
    if (typeof user !== 'string') throw noUser()
    const dex = user === 'self' ? viewer : user.toLowerCase()
    const known = followed.get(dex)
    const head = known ? openHead(known) : await headFor(ctx, viewer, dex)
    const request = planDex(head, since, standing)
    return request.unchanged ? { key, text: '{"entries":[],"count":0}' } : { key, request }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { key, text: errorText(error.message) }
  }
}

async function* manyDexes(
  ctx: Context,
  caller: Caller,
  base: string,
  parts: Iterable<Part>,
  end: string,
): AsyncGenerator<string | Buffer> {
  let before = '{"results":{'
  for (const part of parts) {
    yield `${before}${JSON.stringify(part.key)}:`
    before = ','
    if ('text' in part) {
      yield part.text
      continue
    }
    let count = 0
    yield '{"entries":['
    yield* entriesOf(ctx, { caller, base, request: part.request }, (more) => {
      count += more
    })
    yield `],"count":${count}}`
  }
  yield end
}

/**
 * Several dexes in one answer; one bad element never fails the rest. Of a dex named twice the longer answer is given.
 * @param elements as the client sent them
 */
export async function syncBatch(ctx: Context, caller: Caller, elements: readonly unknown[], base: string): Promise<SyncAnswer> {
  const standing = await ctx.db.v1.standing()
  const followed = await followedDexes(ctx, caller.account)
  const parts = new Map<string, Part>()
  const read = readingOnce()
  for (const element of elements) {
    const part = await planPart(ctx, caller.account, element, followed, standing, read)
    const before = part && parts.get(part.key)
    if (part && !(before && 'request' in before && before.request.since === undefined)) parts.set(part.key, part)
  }
  const end = `},"server_time":${JSON.stringify(toTime(standing.now))}}`
  const all = [...parts.values()]
  if (all.some((part) => 'request' in part) || all.length === 0) {
    return all.length === 0 ? `{"results":{${end}` : manyDexes(ctx, caller, base, all, end)
  }
  const texts = all.map((part) => `${JSON.stringify(part.key)}:${'text' in part ? part.text : ''}`)
  return `{"results":{${texts.join(',')}${end}`
}

const overviews = new WeakMap<ReadonlyMap<string, FeedHead>, { readonly namedAt: number; readonly text: string }>()
const totals = new TotalsMemory()

/** How many entries each friend's dex has for this viewer, and when it changed for them last. */
export async function friendsOverview(ctx: Context, viewer: string): Promise<string> {
  const { namedAt } = await ctx.db.v1.standing()
  const followed = await followedDexes(ctx, viewer)
  // The same object as before: nothing that it is made of has changed (HotQueries.followed).
  const before = overviews.get(followed)
  if (before?.namedAt === namedAt) return before.text
  const friends = []
  for (const { id, username, friend_code } of await everyone(ctx, viewer, 'friends')) {
    const head = followed.get(id)
    if (!head) continue
    const { entries, latest } = await totals.of(ctx, head, namedAt)
    const latest_update = entries > 0 ? toTime(Math.max(latest, head.picturedAt)) : null
    friends.push({ user_id: id, username, friend_code, total_entries: entries, latest_update })
  }
  const text = JSON.stringify({ friends })
  overviews.set(followed, { namedAt, text })
  return text
}
