import { foldUsername, type SessionView } from '@biologidex/core/accounts/account'
import { accountRoutes } from '@biologidex/core/accounts/routes'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { clearSessionCookie, type SessionKind, setSessionCookie } from '../../http/sessions.ts'
import * as service from './accounts.service.ts'
import { signOut } from './sessions.service.ts'

/** Routes of getting in and out. */
export function registerAccountsRoutes(app: FastifyInstance, ctx: Context): void {
  /** A cookie's token is never in the body, where scripts could read it. */
  function answer(kind: SessionKind, made: service.NewSession, request: FastifyRequest, reply: FastifyReply): SessionView {
    if (kind === 'bearer') return made
    setSessionCookie(ctx, request, reply, made.token)
    return { account: made.account, seal: made.seal }
  }

  addRoute(app, ctx, accountRoutes.server, {}, () => service.describeServer(ctx))

  addRoute(app, ctx, accountRoutes.signUp, { rate: 'signIn' }, async (request, reply) => {
    const made = await service.signUp(ctx, request.body, request.ip)
    return answer(request.body.session, made, request, reply)
  })

  addRoute(app, ctx, accountRoutes.signIn, { rate: 'signIn' }, async (request, reply) => {
    // Guesses at one account come from many networks: it has a bucket of its own, whether it exists or not.
    app.limiter.take('signIn', `name ${foldUsername(request.body.username.trim())}`)
    const made = await service.signIn(ctx, request.body, request.ip)
    return answer(request.body.session, made, request, reply)
  })

  addRoute(app, ctx, accountRoutes.current, {}, (_request, _reply, caller) => service.currentAccount(ctx, caller))

  addRoute(app, ctx, accountRoutes.signOut, {}, async (request, reply, caller) => {
    await signOut(ctx, caller, request.ip)
    clearSessionCookie(ctx, request, reply)
    return { signedOut: true as const }
  })
}
