import { AppError } from '@biologidex/core/errors'
import type { End } from '@biologidex/core/sync/wire'
import type { Context } from '../../context.ts'
import { digestOf } from '../../db/digest.ts'
import { audienceOf } from '../friends/friends.service.ts'
import { ACCOUNT } from './feed-writer.ts'
import { chunksOf, helloOf, type PlannedFeed, planFeed, planPull, StreamEnded } from './pull.service.ts'
import type { Pushed } from './push.service.ts'

/** A pull as the route has checked it. */
export interface PullRequest {
  readonly account: string
  readonly cursors: Readonly<Record<string, string>>
  readonly digest?: string | undefined
  readonly only?: readonly string[] | undefined
}

/** What a pull is answered: the constant line, or lines that are read from the database as they are sent. */
export type PullAnswer = { readonly kind: 'unchanged' } | ({ readonly kind: 'lines' } & LinesOfRows)

/** Lines of an answer, and how many rows of feeds they bring. */
export interface LinesOfRows {
  readonly rows: number
  readonly lines: AsyncGenerator<Uint8Array>
}

const endLine = (digest: string): Buffer => Buffer.from(`${JSON.stringify({ end: { digest } satisfies End })}\n`)

/** Whether a viewer may still read a feed: asked anew for each chunk (P7). */
const mayRead =
  (ctx: Context, viewer: string, { head }: PlannedFeed, sessionStands: () => Promise<boolean>) =>
  async (): Promise<boolean> =>
    (await sessionStands()) && (head?.kind !== 'friends' || (await ctx.db.hot.mayRead(viewer, head.id)))

async function* lines(
  ctx: Context,
  viewer: string,
  first: string,
  feeds: readonly PlannedFeed[],
  digest: string,
  mayGoOn: () => Promise<boolean>,
  had: Iterable<string> = [],
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(first)
  const sent = new Set<string>(had)
  for (const feed of feeds)
    for await (const pieces of chunksOf(ctx, feed, sent, mayRead(ctx, viewer, feed, mayGoOn))) yield* pieces
  yield endLine(digest)
}

const rowsOf = (feeds: readonly PlannedFeed[]): number => feeds.reduce((sum, feed) => sum + feed.total, 0)

/**
 * One request for everything an account follows (P1).
 * @param mayGoOn asked for each chunk: whether the session still stands (P7)
 */
export async function pull(ctx: Context, request: PullRequest, mayGoOn: () => Promise<boolean>): Promise<PullAnswer> {
  const { digest: had, account } = request
  if (had !== undefined && !request.only && had === (await ctx.db.hot.followedDigest(account))) return { kind: 'unchanged' }
  const heads = await ctx.db.hot.followed(account)
  const feeds = await planPull(ctx, heads, request.cursors, request.only)
  const hello = `${JSON.stringify({ hello: helloOf(account, feeds) })}\n`
  return {
    kind: 'lines',
    rows: rowsOf(feeds),
    lines: lines(ctx, account, hello, feeds, request.only ? '' : digestOf(heads), mayGoOn),
  }
}

/** Where a device stands in the feeds that its pushes change, and which animals these go on naming. */
export interface AfterPush extends Pick<Pushed, 'named'> {
  readonly cursor?: string | undefined
  readonly accountCursor?: string | undefined
}

/**
 * The lines that follow a push's results: changes of the own dex and the account feed since the client's positions (O7). Of an animal that an entry
 * named as it lay here no record travels along (F4): it did when that was read.
 */
export async function pushLines(
  ctx: Context,
  account: string,
  { cursor, accountCursor, named }: AfterPush,
  first: string,
  mayGoOn: () => Promise<boolean>,
): Promise<LinesOfRows> {
  // Without a cursor the device has nothing yet: a pull brings it, the push only says where its changes are.
  const changes: PlannedFeed[] = []
  for (const [kind, from] of [['owner', cursor] as const, [ACCOUNT, accountCursor] as const]) {
    const head = from === undefined ? undefined : await ctx.db.hot.feedHead(account, kind)
    const feed = head && (await planFeed(ctx, head, from))
    if (feed?.mode === 'changes') changes.push(feed)
  }
  const position = changes.find(({ head }) => head?.kind === 'owner')?.from?.position ?? -1
  const had = [...named].flatMap(([animal, seq]) => (seq <= position ? [animal] : []))
  return { rows: rowsOf(changes), lines: lines(ctx, account, first, changes, '', mayGoOn, had) }
}

/**
 * One page of a dex's public feed, for whoever may see that the dex exists (F1): a chunk from a cursor on, in lines like a pull's.
 * Until a chunk says `whole`, what follows it is asked for with its cursor.
 * @throws AppError not_found, alike for what is not there and what is as if it were not; unavailable
 */
export async function publicPage(ctx: Context, viewer: string, dex: string, cursor?: string): Promise<Buffer> {
  const head = (await audienceOf(ctx, viewer, dex)) && (await ctx.db.hot.feedHead(dex, 'public'))
  if (!head) throw new AppError('not_found')
  const feed = await planFeed(ctx, head, cursor)
  const mayGoOn = async () => (await audienceOf(ctx, viewer, dex)) !== undefined && (await ctx.db.hot.mayRead(viewer, head.id))
  const pieces: Uint8Array[] = [Buffer.from(`${JSON.stringify({ hello: helloOf(viewer, [feed]) })}\n`)]
  try {
    const first = await chunksOf(ctx, feed, new Set(), mayGoOn).next()
    pieces.push(...(first.done ? [] : first.value))
  } catch (error) {
    if (error instanceof StreamEnded) throw new AppError(error.code)
    throw error
  }
  return Buffer.concat([...pieces, endLine('')])
}

/** An item as a viewer may read it, and when it changed for them last. */
export interface ReadableItem {
  readonly payload: string
  readonly changedAt: number
}

/**
 * The payload of an item as this viewer may read it, from the one feed of that dex that is theirs; undefined alike for what is
 * not there and what is not theirs (I3).
 */
export async function readable(ctx: Context, viewer: string, dex: string, item: string): Promise<string | undefined> {
  return (await readableItem(ctx, viewer, dex, item))?.payload
}

/** As `readable`, with the time of the item's last change. */
export async function readableItem(ctx: Context, viewer: string, dex: string, item: string): Promise<ReadableItem | undefined> {
  const kind = await audienceOf(ctx, viewer, dex)
  if (!kind) return undefined
  const row = await ctx.db.read
    .selectFrom('feed_items as i')
    .innerJoin('feeds as f', 'f.id', 'i.feed_id')
    .select(['i.payload', 'i.changed_at'])
    .where('f.owner_id', '=', dex)
    .where('f.kind', '=', kind)
    .where('f.closed', '=', 0)
    .where('i.item', '=', item)
    .executeTakeFirst()
  // Asked again: what was read after the right had gone is not to be shown.
  if (kind !== 'owner' && (await audienceOf(ctx, viewer, dex)) !== kind) return undefined
  return row?.payload ? { payload: row.payload, changedAt: row.changed_at } : undefined
}
