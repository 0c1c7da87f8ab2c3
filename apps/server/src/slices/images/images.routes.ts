import { Readable } from 'node:stream'
import { imageRoutes } from '@biologidex/core/images/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { findPicture, RENDITION_JOB, runRenditionJob } from './images.service.ts'
import { prepareSharp } from './renditions.ts'
import { runSweepJob, SWEEP_JOB } from './sweep.service.ts'
import { uploadsPlugin } from './uploads.routes.ts'

/** Adds the routes of pictures: uploads, renditions and one's own originals. */
export function registerImageRoutes(app: FastifyInstance, ctx: Context): void {
  app.register((scope) => uploadsPlugin(scope, ctx))

  addRoute(app, ctx, imageRoutes.rendition, { rate: 'picture', validateAnswer: false }, async (request, reply, caller) => {
    const { image, rendition } = request.params
    const { sha256, size, type } = await findPicture(ctx, caller.account, request.params)
    reply.headers({ 'content-type': type, 'content-length': String(size), 'cache-control': 'private, no-store' })
    if (rendition !== 'original') return reply.send(await ctx.blobs.readAll(sha256))
    // Bytes as somebody sent them: to be saved, never shown as a page of this site.
    reply.header('content-disposition', `attachment; filename="${image}.${type.slice('image/'.length)}"`)
    return reply.send(Readable.from(ctx.blobs.read(sha256), { objectMode: false }))
  })
}

/** Names the background work of pictures; before the queue starts. */
export function registerImageJobs(ctx: Context): void {
  prepareSharp()
  ctx.jobs.handle(RENDITION_JOB, (payload, last) => runRenditionJob(ctx, payload, last))
  ctx.jobs.handle(SWEEP_JOB, (after) => runSweepJob(ctx, after))
  ctx.jobs.daily(SWEEP_JOB)
}
