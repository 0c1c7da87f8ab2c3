import { accountRoutes } from '@biologidex/core/accounts/routes'
import { AppError } from '@biologidex/core/errors'
import { LIMITS } from '@biologidex/core/limits'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { sendProblem } from '../../http/problems.ts'
import { addRoute } from '../../http/route.ts'
import { findAvatar, removeAvatar, setAvatar } from './profile.service.ts'

const isTooLarge = (error: unknown): boolean => (error as { code?: unknown }).code === 'FST_ERR_CTP_BODY_TOO_LARGE'

/** Takes a file as it is, whatever it is said to be: what it is, its bytes tell. */
function takeBytes(app: FastifyInstance, ctx: Context): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error, request, reply) =>
    sendProblem(isTooLarge(error) ? new AppError('picture_too_large') : error, request, reply),
  )
  const options = { rate: 'push', bodyLimit: LIMITS.pictureBytes } as const
  addRoute(app, ctx, accountRoutes.setAvatar, options, async (request, _reply, caller) => {
    // Dear to make and rarely wanted: as seldom as signing in.
    app.limiter.take('signIn', `avatar ${caller.account}`)
    if (!Buffer.isBuffer(request.body)) throw new AppError('not_a_picture')
    return { sha256: await setAvatar(ctx, caller, request.body) }
  })
}

/** Routes of the profile's picture; the rest of the profile travels as mutations. */
export function registerProfileRoutes(app: FastifyInstance, ctx: Context): void {
  app.register(async (scope) => takeBytes(scope, ctx))

  addRoute(app, ctx, accountRoutes.removeAvatar, { rate: 'push' }, async (_request, _reply, caller) => {
    await removeAvatar(ctx, caller)
    return { removed: true as const }
  })

  addRoute(app, ctx, accountRoutes.avatar, { rate: 'picture', validateAnswer: false }, async (request, reply, caller) => {
    const { sha256, size } = await findAvatar(ctx, caller.account, request.params.dex)
    reply.headers({ 'content-type': 'image/webp', 'content-length': String(size), 'cache-control': 'private, no-store' })
    return reply.send(await ctx.blobs.readAll(sha256))
  })
}
