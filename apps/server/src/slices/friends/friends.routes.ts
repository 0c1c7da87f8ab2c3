import { friendRoutes } from '@biologidex/core/friends/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { publicPage } from '../sync/sync.service.ts'
import { findByCode, findByName } from './friends.service.ts'
import { decideFriend, listWards, makeWard } from './guardians.service.ts'

/** Routes of people: looking somebody up by code or name. */
export function registerFriendRoutes(app: FastifyInstance, ctx: Context): void {
  addRoute(app, ctx, friendRoutes.byCode, { rate: 'people' }, (request, _reply, caller) =>
    findByCode(ctx, caller.account, request.params.code),
  )
  addRoute(app, ctx, friendRoutes.byName, { rate: 'people' }, (request, _reply, caller) =>
    findByName(ctx, caller.account, request.params.username),
  )
  addRoute(app, ctx, friendRoutes.publicDex, { rate: 'pull', validateAnswer: false }, async (request, reply, caller) =>
    reply.send(await publicPage(ctx, caller.account, request.params.dex, request.query.cursor)),
  )
  addRoute(app, ctx, friendRoutes.wards, { rate: 'push' }, async (_request, reply, caller) => {
    reply.header('cache-control', 'private, no-store')
    return { wards: await listWards(ctx, caller) }
  })
  addRoute(app, ctx, friendRoutes.makeWard, { rate: 'signIn' }, (request, _reply, caller) =>
    makeWard(ctx, caller, request.body, request.ip),
  )
  addRoute(app, ctx, friendRoutes.decideFriend, { rate: 'push' }, async (request, _reply, caller) => {
    await decideFriend(ctx, caller, request.params, request.body.allow, request.ip)
    return { allow: request.body.allow }
  })
}
