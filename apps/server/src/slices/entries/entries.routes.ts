import { entryRoutes } from '@biologidex/core/entries/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { historyOf } from './history.service.ts'
import { PURGE_JOB, purgeTrash } from './purge.service.ts'
import { registerReprojectJobs } from './reproject.service.ts'

/** Adds the routes of entries; all that changes them goes through a push. */
export function registerEntryRoutes(app: FastifyInstance, ctx: Context): void {
  addRoute(app, ctx, entryRoutes.history, { rate: 'pull' }, ({ params, query }, reply, caller) => {
    reply.header('cache-control', 'private, no-store')
    return historyOf(ctx, caller.account, params.entry, query.before)
  })
}

/** Names the background work of entries; before the queue starts. */
export function registerEntryJobs(ctx: Context): void {
  ctx.jobs.handle(PURGE_JOB, () => purgeTrash(ctx))
  ctx.jobs.daily(PURGE_JOB)
  registerReprojectJobs(ctx)
}
