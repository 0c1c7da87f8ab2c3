import type { End } from '@biologidex/core/sync/wire'
import type { Context } from '../../context.ts'
import type { FeedKind } from './feed-writer.ts'
import { chunkLines, digestOf, followedBy, headsOf, helloOf, type PlannedFeed, planPull } from './pull.service.ts'

/** A pull as the route has checked it. */
export interface PullRequest {
  readonly account: string
  readonly cursors: Readonly<Record<string, string>>
  readonly digest?: string | undefined
  readonly only?: readonly string[] | undefined
}

/** What a pull is answered: the constant line, or lines that are read from the database as they are sent. */
export type PullAnswer =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'lines'; readonly rows: number; readonly lines: AsyncGenerator<Uint8Array> }

async function* lines(
  ctx: Context,
  first: string,
  feeds: readonly PlannedFeed[],
  digest: string,
  mayGoOn: () => Promise<boolean>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(first)
  const sent = new Set<string>()
  for (const feed of feeds) yield* chunkLines(ctx, feed, sent, mayGoOn)
  const end: End = { digest }
  yield Buffer.from(`${JSON.stringify({ end })}\n`)
}

/**
 * One request for everything an account follows (P1).
 * @param mayGoOn asked before each chunk: whether the session still stands (P7)
 */
export async function pull(ctx: Context, request: PullRequest, mayGoOn: () => Promise<boolean>): Promise<PullAnswer> {
  const heads = await headsOf(ctx, followedBy(request.account))
  const digest = digestOf(heads)
  if (request.digest === digest && !request.only) return { kind: 'unchanged' }
  const feeds = await planPull(ctx, heads, request.cursors, request.only)
  const hello = `${JSON.stringify({ hello: helloOf(request.account, feeds) })}\n`
  const rows = feeds.reduce((sum, feed) => sum + feed.total, 0)
  return { kind: 'lines', rows, lines: lines(ctx, hello, feeds, request.only ? '' : digest, mayGoOn) }
}

/** The lines that follow a push's results: the own dex's changes since the client's position (O7). */
export async function pushLines(
  ctx: Context,
  account: string,
  cursor: string | undefined,
  first: string,
  mayGoOn: () => Promise<boolean>,
): Promise<AsyncGenerator<Uint8Array>> {
  const own = followedBy(account).slice(0, 1)
  // Without a cursor the device has nothing yet: a pull brings it, the push only says where its changes are.
  const feeds = cursor === undefined ? [] : await planPull(ctx, await headsOf(ctx, own), { [own[0]?.name ?? '']: cursor })
  const changes = feeds.filter((feed) => feed.mode === 'changes')
  return lines(ctx, first, changes, '', mayGoOn)
}

/**
 * The payload of an item as this viewer may read it, from the one feed of that dex that is theirs; undefined alike for what is
 * not there and what is not theirs (I3).
 */
export async function readable(ctx: Context, viewer: string, dex: string, item: string): Promise<string | undefined> {
  const kind: FeedKind | undefined = viewer === dex ? 'owner' : undefined
  if (!kind) return undefined
  const row = await ctx.db.read
    .selectFrom('feed_items as i')
    .innerJoin('feeds as f', 'f.id', 'i.feed_id')
    .select('i.payload')
    .where('f.owner_id', '=', dex)
    .where('f.kind', '=', kind)
    .where('i.item', '=', item)
    .executeTakeFirst()
  return row?.payload ?? undefined
}
