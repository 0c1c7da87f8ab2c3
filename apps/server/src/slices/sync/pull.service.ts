import { LIMITS } from '@biologidex/core/limits'
import { accountFeed, CATALOGUE, type Chunk, dexFeed, type FeedMode, type Hello } from '@biologidex/core/sync/wire'
import type { Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import { animalItems } from '../animals/animals.service.ts'
import { type Cursor, isTooOld, planFor, writeCursor } from './cursor.ts'
import { ACCOUNT, NO_OWNER } from './feed-writer.ts'

/** A feed's name on the wire. */
export function nameOf({ owner, kind }: Pick<FeedHead, 'owner' | 'kind'>): string {
  if (owner === NO_OWNER) return CATALOGUE
  return kind === ACCOUNT ? accountFeed(owner) : dexFeed(owner)
}

export interface PlannedFeed {
  readonly name: string
  readonly mode: FeedMode
  readonly total: number
  readonly narrower?: true
  /** Absent for one that is gone, or not served just now. */
  readonly head?: FeedHead
  readonly from?: Cursor
}

/** Plans the answer for one feed from a cursor. */
export async function planFeed(ctx: Context, head: FeedHead, cursor: string | undefined): Promise<PlannedFeed> {
  const name = nameOf(head)
  // Shown finer than its owner wants it by now: asked for again when it is narrowed (W3).
  if (head.closed > 0) return { name, mode: 'later', total: 0 }
  const { mode, from, narrower } = planFor(head, cursor)
  const total = mode === 'changes' ? await rowsAfter(ctx, from, head.head) : head.live
  return { name, mode, total, head, from, ...(narrower ? { narrower } : {}) }
}

async function rowsAfter(ctx: Context, { feed, position }: Cursor, upTo: number): Promise<number> {
  if (position === upTo) return 0
  return ctx.db.hot.rowsBetween(feed, position, upTo)
}

/** Plans an answer: each feed followed, or those of them in `only`; a cursor of a feed not followed (any more) is `gone` (P5). */
export async function planPull(
  ctx: Context,
  heads: readonly FeedHead[],
  cursors: Readonly<Record<string, string>>,
  only?: readonly string[],
): Promise<PlannedFeed[]> {
  const named = new Map(heads.map((head) => [nameOf(head), head]))
  const asked = only && new Set(only)
  const wanted = [...named].filter(([name]) => !asked || asked.has(name))
  const feeds = await Promise.all(wanted.map(([name, head]) => planFeed(ctx, head, cursors[name])))
  const gone = Object.keys(cursors).filter((name) => !named.has(name) && (!asked || asked.has(name)))
  return [...feeds, ...gone.map((name) => ({ name, mode: 'gone' as const, total: 0 }))]
}

export const helloOf = (account: string, feeds: readonly PlannedFeed[]): Hello => ({
  account,
  feeds: feeds.map(({ name, mode, total, narrower }) => ({ feed: name, mode, total, ...(narrower ? { narrower } : {}) })),
})

/** Rows of a snapshot's first chunk: what fills a screen several times over is there to be shown before the rest is read. */
const FIRST_ROWS = 200

/**
 * The lines of one feed from a cursor to the head that the answer began with (P7): a short read for each chunk, records of
 * animals the first time this answer names them (F4); those that the catalogue may lack the first time each feed does, for a device
 * keeps each dex apart. One turn yields the pieces of one chunk.
 * @param mayGoOn asked once a chunk is read and before any of it is sent
 * @throws StreamEnded when the right to read is gone, or removals were forgotten on the way: the answer then has no `end`
 */
export async function* chunksOf(
  ctx: Context,
  feed: PlannedFeed,
  sent: Set<string>,
  mayGoOn: () => Promise<boolean>,
): AsyncGenerator<Uint8Array[]> {
  const { head, from, name } = feed
  if (!head || !from) return
  let position = from.position
  const snapshotHead = from.snapshotHead
  const sentHere = new Set<string>()
  if (feed.mode === 'changes' && position >= head.head) return
  for (let limit = feed.mode === 'snapshot' ? FIRST_ROWS : LIMITS.rowsPerChunk; ; limit = LIMITS.rowsPerChunk) {
    const stretch = await ctx.db.hot.feedStretch(head.id, position, head.head, limit, snapshotHead)
    // The floor moved since it was planned: what was read may lack removals. Asked again from here, the feed is answered anew.
    if (isTooOld({ position, snapshotHead }, stretch.floor)) throw new StreamEnded('unavailable')
    const rows = stretch.count + stretch.removed.length
    const whole = rows < limit || stretch.last === head.head
    position = whole ? head.head : (stretch.last ?? head.head)
    const unsent = stretch.animals.filter((id) => !sent.has(id) && !sentHere.has(id))
    const animals = await animalItems(ctx.db.read, unsent)
    for (const { id, verified } of animals) (verified ? sent : sentHere).add(id)
    // Asked after reading: what was read while the right stood may be sent, what came to be later can't have been read.
    if (!(await mayGoOn())) throw new StreamEnded()
    const chunk: Chunk = {
      feed: name,
      cursor: writeCursor({ feed: head.id, epoch: head.epoch, position, snapshotHead }),
      seq: position,
      items: stretch.count,
      ...(stretch.removed.length > 0 ? { removed: [...stretch.removed] } : {}),
      ...(animals.length > 0 ? { animals } : {}),
      ...(whole ? { whole: true as const } : {}),
    }
    // As they came from the database: a copy of half a megabyte for each chunk would be half of what an answer holds.
    yield [Buffer.from(`${JSON.stringify({ chunk })}\n[`), stretch.items, CHUNK_END]
    if (whole) return
  }
}

const CHUNK_END = Buffer.from(']\n')

/** An answer that was under way ends where it is, without `end`: the right to read went away (P7), or it can't go on from there. */
export class StreamEnded extends Error {
  readonly code: 'not_found' | 'unavailable'

  /** @param code what a reader is told to whom nothing was sent yet */
  constructor(code: StreamEnded['code'] = 'not_found') {
    super(`an answer ended: ${code}`)
    this.name = 'StreamEnded'
    this.code = code
  }
}
