import { z } from 'zod'
import { animalItem } from '../animals/animal.ts'
import { uuid } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import type { RouteSpec } from '../routes.ts'
import { mutation, mutationResult } from './mutation.ts'

/**
 * The wire of sync. A pull answers lines of JSON (`application/x-ndjson`), each ended by `\n`:
 *
 *   {"hello":{…}}        what follows, feed by feed, with counts
 *   {"chunk":{…}}        a stretch of one feed …
 *   [item,item,…]        … whose items are the next line, at most 500
 *   {"end":{"digest":…}} the answer is whole
 *
 * or one line, {"unchanged":true}. An answer without `end` was cut: its chunks hold, and the next pull goes on from the
 * last cursor (P3). A push answers {"results":[…]} and then lines like a pull's, for the own dex and the account feed only.
 */
export const LINES = 'application/x-ndjson'

/**
 * Names of feeds on the wire: a dex by its owner's id, an account's own (friendships, blocks), and the catalogue. Which audience
 * of a dex is the server's to say.
 */
export const CATALOGUE = 'catalogue'
export const accountFeed = (account: string): string => `account/${account}`
export const dexFeed = (account: string): string => `dex/${account}`
/** Whose dex a feed is; undefined for one that is none. */
export const dexOf = (feed: string): string | undefined => (feed.startsWith('dex/') ? feed.slice(4) : undefined)

/** The feed that shows what a mutation of a type did: `seq` of its result is a position there. */
export const feedOfChange = (type: string, account: string): string =>
  type === 'friend' || type === 'block' ? accountFeed(account) : dexFeed(account)

/** Key of an item in its feed: `entry/<id>`, `profile/<id>`, `conflict/<id>`, `outing/<id>`, `trash/<id>`, `friend/<id>`, `block/<id>`, `animal/<id>`. */
export const itemKey = (item: { type: string; id: string }): string => `${item.type}/${item.id}`

/**
 * How a feed is answered. `changes`: follow the cursor. `snapshot`: a first pull, to be used as it arrives.
 * `reset`: a new snapshot that replaces what is there when it is whole (P4). `restored`: likewise, but the server went
 * back in time: nothing the device alone has is dropped (P6). `gone`: delete all of it (P5). `later`: ask again soon (W3).
 */
export const FEED_MODES = ['changes', 'snapshot', 'reset', 'restored', 'gone', 'later'] as const
export type FeedMode = (typeof FEED_MODES)[number]

/**
 * `total`: rows that this answer will bring for the feed; for progress, not a promise. `narrower`, with a `reset`: less may be seen
 * than before, so that what is there goes before anything new comes (P4).
 */
export const hello = z.object({
  account: uuid,
  feeds: z.array(
    z.object({ feed: z.string(), mode: z.enum(FEED_MODES), total: z.int(), narrower: z.literal(true).optional() }),
  ),
})
export type Hello = z.infer<typeof hello>

/**
 * A stretch of one feed, in order. `cursor` is where the reader stands after it, `seq` the same in plain (P2); `items` is how
 * many the next line holds; `removed` names keys that are gone; `animals` are records that the items name and that this answer
 * has not brought yet; `whole` ends the feed in this answer.
 */
export const chunk = z.object({
  feed: z.string(),
  cursor: z.string(),
  seq: z.int(),
  items: z.int(),
  removed: z.array(z.string()).optional(),
  animals: z.array(animalItem).optional(),
  whole: z.literal(true).optional(),
})
export type Chunk = z.infer<typeof chunk>

export const end = z.object({ digest: z.string() })
export type End = z.infer<typeof end>

/** `only`: bring just these feeds, as a nudge names them; the answer's digest is then empty. */
export const pullInput = z.object({
  account: uuid,
  cursors: z.record(z.string(), z.string()),
  digest: z.string().max(100).optional(),
  only: z.array(z.string()).max(LIMITS.feedsPerPull).optional(),
})
export type PullInput = z.infer<typeof pullInput>

/**
 * `ack`: results up to this `n` are durable on the device and may be forgotten (O3). `cursor`: of the own dex, if any;
 * `accountCursor`: of the account feed. Of each feed whose cursor is given the answer brings the changes.
 */
export const pushInput = z.object({
  account: uuid,
  client: uuid,
  ack: z.int().min(0),
  cursor: z.string().optional(),
  accountCursor: z.string().optional(),
  mutations: z.array(mutation).min(1).max(LIMITS.mutationsPerPush),
})
export type PushInput = z.infer<typeof pushInput>

export const pushResults = z.object({ results: z.array(mutationResult) })
export type PushResults = z.infer<typeof pushResults>

/**
 * On the stream of events: the digest as the stream began. Who has the same from a full pull has missed nothing (N1). On a full pull:
 * what its body says as `digest` too, for a server that answers "unchanged" before it reads a body of as many cursors as there are feeds (P1).
 */
export const DIGEST_HEADER = 'biologidex-digest'

export const syncRoutes = {
  pull: {
    method: 'POST',
    path: '/api/v2/sync/pull',
    access: 'session',
    body: pullInput,
    media: LINES,
    errors: [
      'invalid_input',
      'not_signed_in',
      'wrong_account',
      'origin_refused',
      'rate_limited',
      'protocol_outdated',
      'unavailable',
    ],
  },
  push: {
    method: 'POST',
    path: '/api/v2/sync/push',
    access: 'session',
    body: pushInput,
    media: LINES,
    errors: [
      'invalid_input',
      'not_signed_in',
      'wrong_account',
      'origin_refused',
      'new_identity',
      'too_large',
      'rate_limited',
      'protocol_outdated',
      'unavailable',
    ],
  },
  /** Server-sent events: `event: moved`, `data: {"feeds":[…]}`. `?account=` must be the session's. */
  events: {
    method: 'GET',
    path: '/api/v2/sync/events',
    access: 'session',
    query: z.object({ account: uuid }),
    media: 'text/event-stream',
    errors: ['not_signed_in', 'wrong_account', 'rate_limited'],
  },
} as const satisfies Record<string, RouteSpec>
