import type { FeedBook } from './feeds.ts'
import { Refusal } from './http.ts'
import type { Outbox } from './outbox.ts'
import { pack, wantsPacking } from './pack.ts'
import type { Clock, FeedState, LocalStore } from './ports.ts'
import { type Pulled, type PullParts, pull } from './pull.ts'
import { Halved, type Pusher } from './push.ts'
import type { Records } from './records.ts'
import { type MakeRoom, withRoom } from './room.ts'
import type { WantedFeeds } from './wanted.ts'

export interface RoundParts {
  readonly account: string
  readonly pulling: PullParts
  readonly pusher: Pusher
  readonly outbox: Outbox
  readonly book: FeedBook
  readonly store: LocalStore
  readonly makeRoom: MakeRoom
  /** Drops pictures of a dex that no entry of it shows any more. */
  readonly tidy: (state: FeedState) => Promise<void>
  readonly records: Records
  readonly clock: Clock
}

export interface Round {
  /** Own entries that changed here by others' doing. */
  readonly changed: number
  /** Feeds to ask for again soon (W3). */
  readonly later: readonly string[]
  /** What need not be waited for: records and packing. The next round waits for it. */
  readonly rest: () => Promise<void>
}

const nothing: Pulled = { rows: 0, changed: 0, troubles: new Map(), strange: new Map(), later: [] }

/** What came down. `worth`: its record is worth a write. `digest`: of all that is followed now, unless something was lost since. */
interface Down extends Pick<Pulled, 'changed' | 'later'> {
  readonly worth: boolean
  readonly digest: () => string | undefined
}

/** Pulls what is wanted, and what changes that were carried out wait for. */
async function bringDown({ account, ...parts }: RoundParts, wanted: WantedFeeds, signal: AbortSignal): Promise<Down> {
  const { pulling, outbox, book, makeRoom, records, clock } = parts
  // A push that was answered in part leaves changes waiting for their place in the feed (O7).
  const feeds = [...new Set([...wanted.feeds, ...outbox.awaits(account)])]
  const pulls = (wanted.all || feeds.length > 0) && !signal.aborted
  const only = wanted.all ? [] : feeds
  const { losses } = book
  const pulled = pulls ? await withRoom(makeRoom, () => pull(pulling, records.digestOf(book), only, signal)) : nothing
  if (pulled.rows > 0 || outbox.awaits(account).length > 0) await outbox.leave(book.reached(account))
  // Of a feed that was asked for and is gone nothing is noted: it would be a trace of whose dex it was (P5).
  const reached = wanted.all ? Array.from(book.states(), ({ feed }) => feed) : feeds.filter((feed) => book.state(feed))
  // What was put off stands where it stood (W3).
  const answered = reached.filter((feed) => !pulled.later.includes(feed))
  const worth = records.succeeded(answered, clock.now(), pulled)
  // Of what was lost since, the answer says nothing.
  const digest = () => (book.losses === losses ? pulled.digest : undefined)
  return { changed: pulled.changed, later: pulled.later, worth, digest }
}

/**
 * One sync: everything unsent goes up, then what is wanted comes down. What others withdrew waits for no long outbox, and for none that the server
 * does not take: it comes down before the one and in spite of the other. Throws what went wrong; what was kept is kept.
 */
export async function runRound(parts: RoundParts, wanted: WantedFeeds, signal: AbortSignal): Promise<Round> {
  const { pusher, book, makeRoom, records } = parts
  const before = pusher.takesSeveral() ? await bringDown(parts, wanted, signal) : undefined
  const pushed = await withRoom(makeRoom, () => pusher.pushAll(signal)).catch(async (error) => {
    // Where the server cannot be reached there is nothing to ask it for.
    const answered = error instanceof Refusal || error instanceof Halved
    if (!before && answered) await bringDown(parts, wanted, signal).catch(() => undefined)
    throw error
  })
  const down = await bringDown(parts, wanted, signal)
  const rest = async () => {
    const digest = down.digest()
    if (digest !== undefined) await records.forgetMissing(book)
    if (before?.worth || down.worth || digest !== undefined) await records.save(digest)
    await putInOrder(parts)
  }
  return { changed: (before?.changed ?? 0) + pushed + down.changed, later: down.later, rest }
}

/** Counts what may be counted wrong, and packs what lies over older rows (E15, E49): after a sync, be it one that failed half-way, and at the start. */
export async function putInOrder({ book, store, tidy, pulling: { packing } }: RoundParts): Promise<void> {
  await book.keepCounts()
  for (const state of [...book.states()]) {
    if (state.withdrawn && state.complete) await tidy(state)
    if (wantsPacking(state, packing)) await pack(book, store, state, packing)
  }
}
