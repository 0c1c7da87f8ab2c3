import { Readable } from 'node:stream'
import { constants, createZstdCompress } from 'node:zlib'
import { AppError } from '@biologidex/core/errors'
import { isUuid } from '@biologidex/core/ids'
import { LIMITS } from '@biologidex/core/limits'
import { DIGEST_HEADER, type PushResults, syncRoutes } from '@biologidex/core/sync/wire'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Context } from '../../context.ts'
import { type AddRouteOptions, addRoute } from '../../http/route.ts'
import { BACKFILL_JOB, backfill, needsBackfill } from './backfill.service.ts'
import { openEvents } from './events.ts'
import { OpenStreams } from './open-streams.ts'
import { StreamEnded } from './pull.service.ts'
import { push } from './push.service.ts'
import { type LinesOfRows, type PullRequest, pull, pushLines } from './sync.service.ts'
import { forgetRemovals, TOMBSTONES_JOB } from './tombstones.service.ts'
import { sendUnchanged } from './unchanged.ts'

/** Answers of fewer rows are sent as they are: compressing them costs more than it saves. */
const COMPRESS_FROM_ROWS = 50
const MAX_TEXT = 200

const bad = (path: string, message: string): AppError => new AppError('invalid_input', [{ path, message }])

/** A hundred of them in each pull of a circle: looked at in place. */
function checkCursors(cursors: Readonly<Record<string, unknown>>): void {
  let count = 0
  for (const feed in cursors) {
    const cursor = cursors[feed]
    if (feed.length > MAX_TEXT || typeof cursor !== 'string' || cursor.length > MAX_TEXT)
      throw bad('cursors', 'an object of texts')
    count += 1
  }
  if (count > LIMITS.feedsPerPull) throw bad('cursors', `at most ${LIMITS.feedsPerPull}`)
}

/**
 * Checks a pull by hand: a schema run over a hundred cursors costs a third of an unchanged pull (numbers.md, 8).
 * @throws AppError invalid_input, wrong_account (O1)
 */
export function readPull(body: unknown, account: string): PullRequest {
  if (typeof body !== 'object' || body === null) throw bad('', 'an object')
  const { account: asked, cursors, digest, only } = body as Record<string, unknown>
  if (!isUuid(asked)) throw bad('account', 'a lower-case UUID v4')
  if (asked !== account) throw new AppError('wrong_account')
  if (typeof cursors !== 'object' || cursors === null || Array.isArray(cursors)) throw bad('cursors', 'an object of texts')
  checkCursors(cursors as Record<string, unknown>)
  if (digest !== undefined && (typeof digest !== 'string' || digest.length > MAX_TEXT)) throw bad('digest', 'a text')
  const names: unknown[] | undefined = only === undefined ? undefined : Array.isArray(only) ? only : []
  if (only !== undefined && (!Array.isArray(only) || only.length > LIMITS.feedsPerPull)) throw bad('only', 'a list of feeds')
  if (names?.some((name) => typeof name !== 'string' || name.length > MAX_TEXT)) throw bad('only', 'a list of feeds')
  return { account, cursors: cursors as Record<string, string>, digest, only: names as string[] | undefined }
}

const takesZstd = (request: FastifyRequest): boolean => /\bzstd\b/.test(request.headers['accept-encoding']?.toString() ?? '')

/**
 * Answers to a push of so many rows at most leave as one piece: in as many as they are made of, each costs both sides a turn. Those to a pull do not:
 * what was read of one friend's dex does not wait for the others, for the right to it may end meanwhile (P7).
 */
const ROWS_AT_ONCE = 250

/** Sends lines, long ones as they are read, at the reader's pace; a right that went away ends the answer without `end` (P7). */
async function sendLines(
  request: FastifyRequest,
  reply: FastifyReply,
  { lines, rows }: LinesOfRows,
  rowsAtOnce = 0,
): Promise<FastifyReply> {
  const broken = (error: Error): void => {
    if (!(error instanceof StreamEnded)) request.log.error({ error: error.message }, 'a sync answer broke off')
    reply.raw.destroy()
  }
  const compressed = rows >= COMPRESS_FROM_ROWS && takesZstd(request)
  if (rows <= rowsAtOnce && !compressed) {
    const pieces: Uint8Array[] = []
    try {
      for await (const piece of lines) pieces.push(piece)
    } catch (error) {
      broken(error as Error)
      return reply.hijack()
    }
    return reply.send(Buffer.concat(pieces))
  }
  const source = Readable.from(lines, { objectMode: false, highWaterMark: 1 })
  source.on('error', broken)
  if (!compressed) return reply.send(source)
  const zstd = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  source.on('error', () => zstd.destroy())
  reply.header('content-encoding', 'zstd')
  return reply.send(source.pipe(zstd))
}

/** Whether a session still stands: asked before each chunk of an answer (P7). */
const stands = (ctx: Context, caller: Caller) => (): Promise<boolean> => ctx.db.hot.sessionStands(caller.session)

/** Digests that requests had in their headers, and that were found to be of the past. */
type Outdated = WeakMap<FastifyRequest, unknown>

/** Answers a pull whose header says where the device's last full pull left it, before its cursors are read, where nothing moved since (P1). */
const unchangedSince =
  ({ db }: Context, outdated: Outdated): AddRouteOptions['early'] =>
  async (request, reply, { account }) => {
    const had = request.headers[DIGEST_HEADER]
    // A connection that is closed behind the answer takes it with it when what was sent is still unread.
    if (had === undefined || !reply.raw.shouldKeepAlive) return false
    if (had !== (await db.hot.followedDigest(account))) {
      outdated.set(request, had)
      return false
    }
    sendUnchanged(reply)
    return true
  }

/** Routes of sync: pull, push, events. */
export function registerSyncRoutes(app: FastifyInstance, ctx: Context): void {
  const outdated: Outdated = new WeakMap()
  addRoute(
    app,
    ctx,
    syncRoutes.pull,
    { rate: 'pull', validateBody: false, validateAnswer: false, early: unchangedSince(ctx, outdated) },
    async (request, reply, caller) => {
      const asked = readPull(request.body, caller.account)
      // Not compared a second time: on PostgreSQL that is another question to the database.
      const digest = asked.digest === outdated.get(request) ? undefined : asked.digest
      const answer = await pull(ctx, { ...asked, digest }, stands(ctx, caller))
      if (answer.kind === 'unchanged') return sendUnchanged(reply)
      return sendLines(request, reply, answer)
    },
  )

  const pushOptions = { rate: 'push', bodyLimit: LIMITS.pushBytes, validateAnswer: false } as const
  addRoute(app, ctx, syncRoutes.push, pushOptions, async (request, reply, caller) => {
    const input = request.body
    if (input.account !== caller.account) throw new AppError('wrong_account')
    const { results, named } = await push(ctx, caller, input)
    const first = `${JSON.stringify({ results } satisfies PushResults)}\n`
    const answer = await pushLines(ctx, caller.account, { ...input, named }, first, stands(ctx, caller))
    return sendLines(request, reply, answer, ROWS_AT_ONCE)
  })

  const streams = new OpenStreams(ctx.config.eventStreams)
  addRoute(app, ctx, syncRoutes.events, { rate: 'events', validateAnswer: false }, async (request, reply, caller) => {
    if (request.query.account !== caller.account) throw new AppError('wrong_account')
    await openEvents(ctx, streams, caller, request, reply)
    return reply
  })
}

/** Names the background work of sync, and adds it where feeds of an older version wait for it; before the queue starts. */
export async function registerSyncJobs(ctx: Context): Promise<void> {
  ctx.jobs.handle(BACKFILL_JOB, () => backfill(ctx))
  ctx.jobs.handle(TOMBSTONES_JOB, () => forgetRemovals(ctx))
  ctx.jobs.daily(TOMBSTONES_JOB)
  if (await needsBackfill(ctx)) await ctx.db.write((tx) => ctx.jobs.enqueue(tx, BACKFILL_JOB, ''))
}
