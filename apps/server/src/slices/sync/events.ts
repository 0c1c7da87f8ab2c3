import { AppError } from '@biologidex/core/errors'
import { DIGEST_HEADER } from '@biologidex/core/sync/wire'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Context } from '../../context.ts'
import { digestOf } from '../../db/digest.ts'
import { sessionTopic } from '../../http/sessions.ts'
import { Following } from './following.ts'
import type { OpenStreams } from './open-streams.ts'

/** Often enough that proxies and phones keep the stream open. */
const HEARTBEAT_MS = 25_000
/** Feeds that move within this time are named together. */
const GATHER_MS = 20

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  connection: 'keep-alive',
}

/**
 * Server-sent events that name the followed feeds that moved (N1). The stream ends with its session, at once, or at the next heartbeat
 * where the word of the process that ended it was missed, with the right to a feed, and when its session opens too many (N3); what a
 * reader misses it gets at its next pull (N2). Its head says where the feeds stood once it listened, so that who has all that need not ask.
 * @throws AppError unavailable when it has to end before it began
 */
export async function openEvents(
  ctx: Context,
  streams: OpenStreams,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { raw } = reply
  const moved = new Set<string>()
  let at: 'opening' | 'open' | 'ended' = 'opening'
  let gathering: NodeJS.Timeout | undefined
  let heartbeat: NodeJS.Timeout | undefined
  const tell = () => {
    gathering = undefined
    raw.write(`event: moved\ndata: ${JSON.stringify({ feeds: [...moved] })}\n\n`)
    moved.clear()
  }
  const gather = () => {
    if (at === 'open' && moved.size > 0) gathering ??= setTimeout(tell, GATHER_MS)
  }
  const following = new Following(ctx, caller.account, {
    moved(feed) {
      moved.add(feed)
      gather()
    },
    lost: () => end(),
  })
  const stop = () => {
    at = 'ended'
    clearInterval(heartbeat)
    clearTimeout(gathering)
    following.stop()
    endWithSession()
    endWithServer()
    countOut()
  }
  const hasEnded = () => at === 'ended'
  // Nothing may be written after the end: it would be an error that nobody handles, and `close` can be long in coming.
  const end = () => {
    const begun = at === 'open'
    stop()
    if (begun) raw.end()
  }
  const endWithSession = ctx.nudges.listen([sessionTopic(caller.session)], end)
  const endWithServer = ctx.nudges.onClose(end)
  const countOut = streams.add(caller.session, end)
  request.raw.once('close', stop)

  const heads = await following.start().catch((error: unknown) => {
    stop()
    throw error
  })
  if (hasEnded()) throw new AppError('unavailable')
  reply.hijack()
  raw.writeHead(200, { ...HEADERS, [DIGEST_HEADER]: digestOf(heads) })
  raw.write(': open\n\n')
  at = 'open'
  // Whoever ended the session or a friendship, another process or the host at the database, is told of here at the latest.
  const beat = async () => {
    const stands = await ctx.db.hot.sessionStands(caller.session)
    if (hasEnded()) return
    if (stands) raw.write(': still here\n\n')
    else end()
    following.check()
  }
  const failed = (error: unknown) => ctx.log.warn({ error }, 'whether a session still stands could not be asked')
  heartbeat = setInterval(() => void beat().catch(failed), HEARTBEAT_MS)
  gather()
}
