import type { AppError } from '@biologidex/core/errors'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { sendRefusal } from '../../http/problems.ts'
import { registerV1Accounts } from './accounts.routes.ts'
import { registerV1Animals } from './animals.routes.ts'
import { registerV1Entries } from './entries.routes.ts'
import { takeForms } from './form.ts'
import { registerV1Friends } from './friends.routes.ts'
import { registerV1Jobs } from './jobs.routes.ts'
import { FORGET_JOB, forget } from './jobs.service.ts'
import { registerV1Pictures } from './pictures.routes.ts'
import { PICTURES_JOB, runPicturesJob } from './pictures.service.ts'
import { registerV1Sync } from './sync.routes.ts'

/** Old clients read `error`, or `detail`. */
const toBody = ({ message, code, details }: AppError) => ({
  error: message,
  detail: message,
  code,
  ...(details === undefined ? {} : { fields: details }),
})

/** The API of older clients (docs/v1.md): today's services in yesterday's words. */
export function registerV1Routes(app: FastifyInstance, ctx: Context): void {
  app.register(async (scope) => {
    takeForms(scope)
    scope.setErrorHandler((error, request, reply) =>
      sendRefusal(error, request, reply, { type: 'application/json; charset=utf-8', body: toBody }),
    )
    registerV1Accounts(scope, ctx)
    registerV1Animals(scope, ctx)
    registerV1Entries(scope, ctx)
    registerV1Sync(scope, ctx)
    registerV1Friends(scope, ctx)
    registerV1Pictures(scope, ctx)
    registerV1Jobs(scope, ctx)
  })
}

/** Names the background work of v1; before the queue starts. */
export function prepareV1(ctx: Context): void {
  ctx.jobs.handle(PICTURES_JOB, (payload) => runPicturesJob(ctx, payload))
  ctx.jobs.handle(FORGET_JOB, () => forget(ctx))
  ctx.jobs.daily(FORGET_JOB)
}
