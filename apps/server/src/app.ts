import { type FastifyInstance, fastify, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Context } from './context.ts'
import { plainHeaders } from './http/headers.ts'
import { serveOpenApi } from './http/openapi.ts'
import { sendProblem } from './http/problems.ts'
import { RateLimiter } from './http/rate-limit.ts'
import { serveWebApp, WEB_ROOT } from './http/web-app.ts'
import { registerSlices } from './slices/registry.ts'

/** Bytes of a body, where a route says nothing else: a pull of a thousand cursors fits. */
const BODY_LIMIT = 256 * 1024
/** Longer than the minute after which proxies give up an idle connection, so that it is never the server's side that closes. */
const KEEP_ALIVE_MS = 72_000
/**
 * How long nothing may move on a connection whose request is under way. Who stops reading in the middle of an answer would keep what is
 * held for it as long as it likes. Streams of events say something every 25 seconds.
 */
const STALLED_MS = 5 * 60_000

function newFastify({ config, log }: Context): FastifyInstance {
  return fastify({
    loggerInstance: log,
    // Requests are logged below, at debug: a child logger and two lines for each would cost more than an unchanged pull.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    // One proxy is trusted: what it was told of others before it, whoever comes may have made up.
    trustProxy: config.trustProxy ? (_address, hop) => hop === 0 : false,
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionTimeout: STALLED_MS,
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  })
}

function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async ({ method, routeOptions, caller }, reply) => {
    const ms = Math.round(reply.elapsedTime)
    app.log.debug({ method, route: routeOptions.url, status: reply.statusCode, ms, account: caller?.account }, 'request')
  })
}

/**
 * The whole HTTP side: the slices' routes, their description, and the web app.
 * @param webRoot folder of the built web app
 */
export async function buildApp(ctx: Context, webRoot = WEB_ROOT): Promise<FastifyInstance> {
  const app = newFastify(ctx)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(sendProblem)
  // JSON alone is understood: a form or text that another site's page may send without asking is not.
  app.removeContentTypeParser('text/plain')
  app.decorate('limiter', new RateLimiter(ctx.config.rates))
  app.decorateRequest('caller', null)
  if (ctx.log.level === 'debug' || ctx.log.level === 'trace') logRequests(app)
  app.addHook('preClose', async () => ctx.nudges.close())
  await serveOpenApi(app)
  app.get('/api/v2/health', { schema: { hide: true } }, async (_request, reply) => reply.headers(plainHeaders).send('ok'))
  registerSlices(app, ctx)
  await serveWebApp(app, webRoot)
  return app
}
