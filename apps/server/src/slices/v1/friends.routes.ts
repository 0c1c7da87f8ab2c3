import { v1Friends } from '@biologidex/core/v1/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { askFriend, checkFriend, friendsOf, requestsOfOurs, requestsToUs, respond, unfriend } from './friends.service.ts'
import { baseOf } from './urls.ts'

/** Friendships, as old clients know them. */
export function registerV1Friends(app: FastifyInstance, ctx: Context): void {
  const read = { rate: 'pull', validateAnswer: false } as const
  const write = { rate: 'push', validateAnswer: false } as const

  addRoute(app, ctx, v1Friends.friends, read, async (request, _reply, caller) => {
    const friends = await friendsOf(ctx, caller, baseOf(ctx, request))
    return { count: friends.length, friends }
  })
  for (const [route, requestsOf] of [
    [v1Friends.pending, requestsToUs],
    [v1Friends.sent, requestsOfOurs],
  ] as const) {
    addRoute(app, ctx, route, read, async (request, _reply, caller) => {
      const requests = await requestsOf(ctx, caller, baseOf(ctx, request))
      return { count: requests.length, requests }
    })
  }
  addRoute(app, ctx, v1Friends.ask, { ...write, rate: 'people' }, async (request, reply, caller) =>
    reply.code(201).send(await askFriend(ctx, caller, request.body, baseOf(ctx, request))),
  )
  addRoute(app, ctx, v1Friends.respond, write, (request, _reply, caller) =>
    respond(ctx, caller, request.params.id, request.body.action, baseOf(ctx, request)),
  )
  addRoute(app, ctx, v1Friends.unfriend, write, async (request, reply, caller) => {
    await unfriend(ctx, caller, request.params.id)
    return reply.code(204).send()
  })
  addRoute(app, ctx, v1Friends.check, read, (request, _reply, caller) => checkFriend(ctx, caller, request.query.user_id))
}
