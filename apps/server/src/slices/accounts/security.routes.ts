import { accountRoutes } from '@biologidex/core/accounts/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { clearSessionCookie } from '../../http/sessions.ts'
import { listAccounts, makeResetLink } from './admin.service.ts'
import { auditOf } from './audit.service.ts'
import { deleteAccount } from './deletion.service.ts'
import { changePassword, resetPassword } from './passwords.service.ts'
import { endAllSessions, endSession, listSessions } from './sessions.service.ts'

/** Routes of devices, passwords and reset links. */
export function registerSecurityRoutes(app: FastifyInstance, ctx: Context): void {
  const modest = { rate: 'push' } as const

  addRoute(app, ctx, accountRoutes.sessions, modest, async (_request, _reply, caller) => {
    return { sessions: await listSessions(ctx, caller) }
  })

  addRoute(app, ctx, accountRoutes.endSession, modest, async (request, reply, caller) => {
    const ended = await endSession(ctx, caller, request.params.session, request.ip)
    if (request.params.session === caller.session) clearSessionCookie(ctx, request, reply)
    return { ended }
  })

  addRoute(app, ctx, accountRoutes.endAllSessions, modest, async (request, reply, caller) => {
    const ended = await endAllSessions(ctx, caller, request.ip)
    clearSessionCookie(ctx, request, reply)
    return { ended }
  })

  addRoute(app, ctx, accountRoutes.changePassword, modest, async (request, _reply, caller) => {
    // Whoever found an unlocked device may guess here: the account has one bucket for it, however many sessions there are.
    app.limiter.take('signIn', `password ${caller.account}`)
    return { ended: await changePassword(ctx, caller, request.body, request.ip) }
  })

  addRoute(app, ctx, accountRoutes.deleteAccount, modest, async (request, reply, caller) => {
    app.limiter.take('signIn', `password ${caller.account}`)
    await deleteAccount(ctx, caller, request.body.password)
    clearSessionCookie(ctx, request, reply)
    return { deleted: true as const }
  })

  addRoute(app, ctx, accountRoutes.audit, modest, (request, reply, caller) => {
    reply.header('cache-control', 'private, no-store')
    return auditOf(ctx, caller, request.query.before)
  })

  addRoute(app, ctx, accountRoutes.resetPassword, { rate: 'signIn' }, (request) => {
    return resetPassword(ctx, request.body, request.ip)
  })

  addRoute(app, ctx, accountRoutes.listAccounts, modest, (request, _reply, caller) => {
    return listAccounts(ctx, caller, request.query.after)
  })

  addRoute(app, ctx, accountRoutes.makeResetLink, modest, (request, _reply, caller) => {
    return makeResetLink(ctx, caller, request.params.account, request.ip)
  })
}
