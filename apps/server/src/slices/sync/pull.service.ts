import { hash } from 'node:crypto'
import { LIMITS } from '@biologidex/core/limits'
import { CATALOGUE, type Chunk, dexFeed, type FeedMode, type Hello } from '@biologidex/core/sync/wire'
import type { Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import { animalItems } from '../animals/animals.service.ts'
import { type Cursor, planFor, writeCursor } from './cursor.ts'
import { type FeedKind, NO_OWNER } from './feed-writer.ts'

/** A feed that an account follows: its name on the wire, and which feed that is for this account (F1). */
export interface Followed {
  readonly name: string
  readonly owner: string
  readonly kind: FeedKind
}

/** What an account follows now: its own dex and the catalogue; friends' dexes will join here. */
export function followedBy(account: string): Followed[] {
  return [
    { name: dexFeed(account), owner: account, kind: 'owner' },
    { name: CATALOGUE, owner: NO_OWNER, kind: 'catalogue' },
  ]
}

export interface FollowedHead extends Followed {
  readonly head: FeedHead
}

/** Heads of the feeds: look-ups by key, no scan (G1). */
export async function headsOf(ctx: Context, followed: readonly Followed[]): Promise<FollowedHead[]> {
  const heads: FollowedHead[] = []
  for (const feed of followed) {
    const head = await ctx.db.hot.feedHead(feed.owner, feed.kind)
    if (head) heads.push({ ...feed, head })
  }
  return heads
}

/** One short text for where all feeds stand: equal exactly when nothing of them moved (P1). */
export function digestOf(heads: readonly FollowedHead[]): string {
  return hash('sha256', heads.map(({ head }) => `${head.id}.${head.epoch}.${head.head}`).join(), 'base64url').slice(0, 22)
}

export interface PlannedFeed {
  readonly name: string
  readonly mode: FeedMode
  readonly total: number
  readonly head?: FeedHead
  readonly from?: Cursor
}

async function planned(ctx: Context, { name, head }: FollowedHead, cursor: string | undefined): Promise<PlannedFeed> {
  const { mode, from } = planFor(head, cursor)
  const total = mode === 'changes' ? await rowsAfter(ctx, from, head.head) : head.live
  return { name, mode, total, head, from }
}

async function rowsAfter(ctx: Context, { feed, position }: Cursor, upTo: number): Promise<number> {
  if (position === upTo) return 0
  return ctx.db.hot.rowsBetween(feed, position, upTo)
}

/** Plans an answer: each feed followed, or those of them in `only`; a cursor of a feed not followed (any more) is `gone` (P5). */
export async function planPull(
  ctx: Context,
  heads: readonly FollowedHead[],
  cursors: Readonly<Record<string, string>>,
  only?: readonly string[],
): Promise<PlannedFeed[]> {
  const names = new Set(heads.map((feed) => feed.name))
  const asked = only && new Set(only)
  const wanted = heads.filter((feed) => !asked || asked.has(feed.name))
  const feeds = await Promise.all(wanted.map((feed) => planned(ctx, feed, cursors[feed.name])))
  const gone = Object.keys(cursors).filter((name) => !names.has(name) && (!asked || asked.has(name)))
  return [...feeds, ...gone.map((name) => ({ name, mode: 'gone' as const, total: 0 }))]
}

export const helloOf = (account: string, feeds: readonly PlannedFeed[]): Hello => ({
  account,
  feeds: feeds.map(({ name, mode, total }) => ({ feed: name, mode, total })),
})

/** Rows of a snapshot's first chunk: what fills a screen several times over is there to be shown before the rest is read. */
const FIRST_ROWS = 200

/**
 * The lines of one feed from a cursor to the head that the answer began with (P7): a short read for each chunk, records of
 * animals the first time this answer names them (F4). Stops early when `mayGoOn` says so: the answer then has no `end`.
 */
export async function* chunkLines(
  ctx: Context,
  feed: PlannedFeed,
  sent: Set<string>,
  mayGoOn: () => Promise<boolean>,
): AsyncGenerator<Uint8Array> {
  const { head, from, name } = feed
  if (!head || !from) return
  let position = from.position
  const snapshotHead = from.snapshotHead
  if (feed.mode === 'changes' && position >= head.head) return
  for (let limit = feed.mode === 'snapshot' ? FIRST_ROWS : LIMITS.rowsPerChunk; ; limit = LIMITS.rowsPerChunk) {
    if (!(await mayGoOn())) throw new StreamEnded()
    const stretch = await ctx.db.hot.feedStretch(head.id, position, head.head, limit, snapshotHead)
    const rows = stretch.count + stretch.removed.length
    const whole = rows < limit || stretch.last === head.head
    position = whole ? head.head : (stretch.last ?? head.head)
    const unsent = stretch.animals.filter((id) => !sent.has(id))
    for (const id of unsent) sent.add(id)
    const animals = await animalItems(ctx.db.read, unsent)
    const chunk: Chunk = {
      feed: name,
      cursor: writeCursor({ feed: head.id, epoch: head.epoch, position, snapshotHead }),
      seq: position,
      items: stretch.count,
      ...(stretch.removed.length > 0 ? { removed: [...stretch.removed] } : {}),
      ...(animals.length > 0 ? { animals } : {}),
      ...(whole ? { whole: true as const } : {}),
    }
    yield Buffer.from(`${JSON.stringify({ chunk })}\n[`)
    // As they came from the database: a copy of half a megabyte for each chunk would be half of what an answer holds.
    if (stretch.items.length > 0) yield stretch.items
    yield CHUNK_END
    if (whole) return
  }
}

const CHUNK_END = Buffer.from(']\n')

/** The right to read went away while an answer was under way (P7): it ends there, without `end`. */
export class StreamEnded extends Error {
  constructor() {
    super('the session ended')
    this.name = 'StreamEnded'
  }
}
