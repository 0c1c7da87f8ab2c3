import { AppError } from '@biologidex/core/errors'
import { v1Transformations } from '@biologidex/core/v1/inputs'
import { v1Jobs, v1Pictures } from '@biologidex/core/v1/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { findCaller } from '../../http/sessions.ts'
import { FORM_BYTES, readSent } from './form.ts'
import { addJob, convert, findConversion, findJob, retryJob, toV1Conversion, toV1Job } from './jobs.service.ts'
import { pageAnswer, rangeOf } from './pages.ts'
import { baseOf } from './urls.ts'
import { countJobs, jobsOf } from './v1.store.ts'

const need = (path: string, message: string): AppError => new AppError('invalid_input', [{ path, message }])

/** What is to be done with a picture: an object, or its JSON text in a form. */
function transformationsOf(value: unknown) {
  if (value === undefined || value === null || value === '') return {}
  if (typeof value !== 'string') return v1Transformations.parse(value)
  try {
    return v1Transformations.parse(JSON.parse(value))
  } catch (error) {
    throw error instanceof SyntaxError ? need('transformations', 'JSON') : error
  }
}

/** Pictures made ready for old clients, and jobs that would tell what is on them. */
export function registerV1Jobs(app: FastifyInstance, ctx: Context): void {
  const read = { rate: 'pull', validateAnswer: false } as const
  const write = { rate: 'push', validateAnswer: false } as const

  addRoute(app, ctx, v1Pictures.convert, { ...write, bodyLimit: FORM_BYTES }, async (request, reply, caller) => {
    const { fields, files } = await readSent(request)
    const file = files.get('image') ?? files.get('original_image')
    if (!file) throw need('image', 'a picture')
    const row = await convert(ctx, caller.account, file, transformationsOf(fields.transformations))
    return reply.code(201).send(await toV1Conversion(ctx, baseOf(ctx, request), row))
  })

  addRoute(app, ctx, v1Pictures.conversion, read, async (request, _reply, caller) =>
    toV1Conversion(ctx, baseOf(ctx, request), await findConversion(ctx, request.params.id, caller.account)),
  )

  addRoute(app, ctx, v1Pictures.download, { rate: 'picture', validateAnswer: false }, async (request, reply) => {
    const found = await findCaller(ctx, request)
    const row = await findConversion(ctx, request.params.id, found?.caller.account, request.query.sig)
    reply.headers({ 'content-type': 'image/png', 'content-length': String(row.size), 'cache-control': 'private, no-store' })
    return reply.send(await ctx.blobs.readAll(row.sha256))
  })

  addRoute(app, ctx, v1Jobs.create, write, async (request, reply, caller) => {
    const { conversion_id, post_conversion_transformations: change } = request.body
    const job = await addJob(ctx, caller.account, conversion_id, change ?? {})
    return reply.code(201).send(await toV1Job(ctx, baseOf(ctx, request), job))
  })

  addRoute(app, ctx, v1Jobs.completed, read, async (request, _reply, caller) => {
    const { offset, limit } = rangeOf(request.query)
    const base = baseOf(ctx, request)
    const rows = await jobsOf(ctx.db.read, caller.account, offset, limit)
    const jobs = await Promise.all(rows.map((row) => toV1Job(ctx, base, row)))
    return pageAnswer(base, request, request.query, await countJobs(ctx.db.read, caller.account), jobs)
  })

  addRoute(app, ctx, v1Jobs.one, read, async (request, _reply, caller) =>
    toV1Job(ctx, baseOf(ctx, request), await findJob(ctx, caller.account, request.params.id)),
  )

  addRoute(app, ctx, v1Jobs.select, write, async (request, _reply, caller) => {
    await findJob(ctx, caller.account, request.params.id)
    throw need('index', 'nothing was detected: choose the animal itself')
  })

  addRoute(app, ctx, v1Jobs.retry, write, async (request, _reply, caller) =>
    toV1Job(ctx, baseOf(ctx, request), await retryJob(ctx, caller.account, request.params.id)),
  )
}
