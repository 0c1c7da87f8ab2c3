import { AppError } from '@biologidex/core/errors'
import { v1Pictures } from '@biologidex/core/v1/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { findCaller } from '../../http/sessions.ts'
import { findShown } from './shown.service.ts'

/** Pictures by the addresses that entries name: for whoever may see them now, by token or by the address itself. */
export function registerV1Pictures(app: FastifyInstance, ctx: Context): void {
  addRoute(app, ctx, v1Pictures.one, { rate: 'picture', validateAnswer: false }, async (request, reply) => {
    const found = await findCaller(ctx, request)
    const shown = await findShown(ctx, found?.caller.account, request.params)
    const size = shown && (await ctx.blobs.size(shown.sha256))
    if (!shown || size === undefined) throw new AppError('not_found')
    reply.headers({ 'content-type': shown.type, 'content-length': String(size), 'cache-control': 'private, no-store' })
    // Bytes as somebody sent them: to be saved, never shown as a page of this site.
    if (shown.original) reply.header('content-disposition', 'attachment')
    return reply.send(await ctx.blobs.readAll(shown.sha256))
  })
}
