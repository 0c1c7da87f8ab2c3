import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Context } from '../../context.ts'
import { onSessionEnded } from '../../http/sessions.ts'
import { topicOf } from './nudges.ts'
import { followedBy } from './pull.service.ts'

/** Often enough that proxies and phones keep the stream open. */
const HEARTBEAT_MS = 25_000
/** Feeds that move within this time are named together. */
const GATHER_MS = 20

/**
 * Server-sent events that name the followed feeds that moved (N1). The stream ends with its session; what a reader
 * misses it gets at its next pull (N2).
 */
export function openEvents(ctx: Context, caller: Caller, request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = reply
  reply.hijack()
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  })
  raw.write(': open\n\n')

  const names = new Map(followedBy(caller.account).map(({ name, owner, kind }) => [topicOf(owner, kind), name]))
  const moved = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  const tell = () => {
    gathering = undefined
    raw.write(`event: moved\ndata: ${JSON.stringify({ feeds: [...moved] })}\n\n`)
    moved.clear()
  }
  const unlisten = ctx.nudges.listen([...names.keys()], (topic) => {
    moved.add(names.get(topic) ?? '')
    gathering ??= setTimeout(tell, GATHER_MS)
  })
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS)
  const stop = () => {
    clearInterval(heartbeat)
    clearTimeout(gathering)
    unlisten()
    endWithSession()
    endWithServer()
  }
  // Nothing may be written after the end: it would be an error that nobody handles, and `close` can be long in coming.
  const end = () => {
    stop()
    raw.end()
  }
  const endWithSession = onSessionEnded(caller.session, end)
  const endWithServer = ctx.nudges.onClose(end)
  request.raw.once('close', stop)
}
