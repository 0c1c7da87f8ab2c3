import { LIMITS } from '@biologidex/core/limits'
import { accountFeed, CATALOGUE, DIGEST_HEADER, dexFeed, type Hello, syncRoutes } from '@biologidex/core/sync/wire'
import { cursorOf, type FeedBook } from './feeds.ts'
import { postJson, send } from './http.ts'
import { type Line, readLines } from './lines.ts'
import type { Packing } from './packing.ts'
import { type Clock, type LocalStore, NetworkFailure, type Ports, type Transport } from './ports.ts'
import { type Rescue, type Taken, Taker } from './take.ts'

/** What a pull needs of the engine. */
export interface PullParts {
  readonly account: string
  readonly transport: Transport
  readonly clock: Clock
  readonly store: LocalStore
  readonly book: FeedBook
  readonly packing: Packing
  readonly rescue: Rescue
  readonly shown?: Ports['shown']
  /** Deletes another's dex with all that hangs on it (P4); `gone`: for good (P5). */
  readonly forget: (feed: string, gone: boolean) => Promise<void>
  readonly onProgress: (current: number, total: number) => void
}

export interface Pulled extends Taken {
  /** Feeds that the server asks to pull again soon (W3). */
  readonly later: readonly string[]
  /** To remember, when this was a full pull whose every row was taken. */
  readonly digest?: string
}

/** Does what the head of an answer says of whole feeds: which ones are gone (P5), which start anew, which come later. */
async function greet(parts: PullParts, taker: Taker, hello: Hello, later: string[]): Promise<number> {
  if (hello.account !== parts.account) throw new NetworkFailure('the answer is for another account')
  const ours = new Set([dexFeed(parts.account), accountFeed(parts.account), CATALOGUE])
  let total = 0
  for (const { feed, mode, total: rows, narrower } of hello.feeds) {
    total += rows
    taker.announce(feed, mode)
    if (mode === 'later') later.push(feed)
    // One's own feeds and the catalogue are never gone: a server that says so is not believed.
    const gone = mode === 'gone'
    if ((gone || narrower) && !ours.has(feed)) await parts.forget(feed, gone)
  }
  return total
}

/**
 * Takes the lines of a pull's answer, or of the part of a push's that follows its results. What was taken before a cut
 * holds (P3). Throws NetworkFailure when the answer is cut or not ours.
 * @param asked how many feeds had been lost when their cursors were sent
 */
export async function takeLines(
  parts: PullParts,
  lines: AsyncIterable<Line>,
  asked: { readonly losses: number; readonly known?: ReadonlySet<string> },
): Promise<Pulled> {
  const taker = new Taker({ ...parts, ...asked, own: dexFeed(parts.account) })
  const later: string[] = []
  let total = 0
  let brought: string[] = []
  let digest: string | undefined
  try {
    for await (const line of lines) {
      if (line.kind === 'hello') {
        total += await greet(parts, taker, line.hello, later)
        brought = line.hello.feeds.filter(({ mode }) => mode !== 'gone' && mode !== 'later').map(({ feed }) => feed)
      } else if (line.kind === 'bad_chunk') taker.refuse(line.feed)
      else if (line.kind === 'end') {
        digest = line.digest
        await taker.finish(brought)
      } else if (line.kind === 'chunk') {
        await taker.take(line)
        if (total > 0) parts.onProgress(Math.min(taker.taken.rows, total), total)
      }
    }
  } finally {
    await taker.flush()
  }
  const whole = digest && later.length === 0 && ![...taker.taken.troubles.values()].includes('chunk_refused')
  return { ...taker.taken, later, ...(whole ? { digest } : {}) }
}

/** Makes the own dex's place in the store while the server prepares its first answer, and its first rows are drawn: that takes long. */
async function makeReady({ account, book }: PullParts): Promise<void> {
  const feed = dexFeed(account)
  if (!book.state(feed)) await book.makePlace(feed)
}

/**
 * Pulls what the account follows, or `only` some of it (P1). Every chunk is durable together with its cursor before
 * many more are read (P7). Throws Refusal, NetworkFailure, or what the store throws.
 */
export async function pull(
  parts: PullParts,
  digest: string | undefined,
  only: readonly string[],
  signal: AbortSignal,
): Promise<Pulled> {
  const { losses } = parts.book
  const cursors: Record<string, string> = {}
  for (const state of parts.book.states()) {
    const cursor = cursorOf(state)
    if (cursor && (only.length === 0 || only.includes(state.feed))) cursors[state.feed] = cursor
  }
  const some = only.length > 0 && only.length <= LIMITS.feedsPerPull
  const had = some || !digest ? undefined : digest
  const body = { account: parts.account, cursors, ...(some ? { only } : {}), ...(had ? { digest: had } : {}) }
  const headers: Record<string, string> = had ? { [DIGEST_HEADER]: had } : {}
  const ready = makeReady(parts)
  // Whoever waits for it hears of its failure.
  ready.catch(() => undefined)
  const response = await send(parts.transport, parts.clock, postJson(syncRoutes.pull.path, body, signal, headers))
  const pulled = await takeLines(parts, readLines(response), { losses })
  await ready
  return pulled
}
