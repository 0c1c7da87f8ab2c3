import { Readable } from 'node:stream'
import { AppError } from '@biologidex/core/errors'
import { V1_BATCH } from '@biologidex/core/v1/inputs'
import { v1Sync } from '@biologidex/core/v1/routes'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { AnswerEnded } from './answer.service.ts'
import { friendsOverview, type SyncAnswer, syncBatch, syncDex } from './sync.service.ts'
import { baseOf } from './urls.ts'

/** Sends an answer at the reader's pace; a right that went away cuts it off (P7). */
function send(request: FastifyRequest, reply: FastifyReply, answer: SyncAnswer): FastifyReply {
  reply.header('content-type', 'application/json; charset=utf-8')
  if (typeof answer === 'string') return reply.send(answer)
  const source = Readable.from(answer, { objectMode: false, highWaterMark: 1 })
  source.on('error', (error) => {
    if (!(error instanceof AnswerEnded)) request.log.error({ error: error.message }, 'a v1 sync answer broke off')
    reply.raw.destroy()
  })
  return reply.send(source)
}

/**
 * The elements of a batch, checked by hand: a schema run over a hundred of them costs more than answering that nothing changed.
 * @throws AppError invalid_input; each element is judged by itself, later
 */
function readBatch(body: unknown): readonly unknown[] {
  const elements = typeof body === 'object' && body !== null && 'sync_requests' in body ? body.sync_requests : undefined
  if (Array.isArray(elements) && elements.length <= V1_BATCH) return elements as readonly unknown[]
  const words = `sync_requests is a list of at most ${V1_BATCH}`
  throw new AppError('invalid_input', [{ path: 'sync_requests', message: words }], words)
}

/** The four calls by which old clients keep up with dexes. */
export function registerV1Sync(app: FastifyInstance, ctx: Context): void {
  const options = { validateAnswer: false } as const
  /** All four from one bucket of the account, whichever device asks (N3). */
  const spend = ({ account }: Caller) => app.limiter.take('v1Sync', account)

  addRoute(app, ctx, v1Sync.own, options, async (request, reply, caller) => {
    spend(caller)
    const { last_sync } = request.query
    const say = (count: number) => ({ count })
    return send(request, reply, await syncDex(ctx, caller, caller.account, last_sync, baseOf(ctx, request), say))
  })

  addRoute(app, ctx, v1Sync.dex, options, async (request, reply, caller) => {
    spend(caller)
    const dex = request.params.id.toLowerCase()
    const say = (count: number) => ({ user_id: dex, total_count: count })
    return send(request, reply, await syncDex(ctx, caller, dex, request.query.last_sync, baseOf(ctx, request), say))
  })

  addRoute(app, ctx, v1Sync.overview, options, async (request, reply, caller) => {
    spend(caller)
    return send(request, reply, await friendsOverview(ctx, caller.account))
  })

  addRoute(app, ctx, v1Sync.batch, { ...options, validateBody: false }, async (request, reply, caller) => {
    spend(caller)
    return send(request, reply, await syncBatch(ctx, caller, readBatch(request.body), baseOf(ctx, request)))
  })
}
