import { AppError } from '@biologidex/core/errors'
import { OLDEST_PROTOCOL, PROTOCOL_HEADER } from '@biologidex/core/protocol'
import type { RouteSpec } from '@biologidex/core/routes'
import { LINES } from '@biologidex/core/sync/wire'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import type { output, ZodType } from 'zod'
import type { Caller, Context } from '../context.ts'
import { plainHeaders } from './headers.ts'
import { schemaOf } from './openapi.ts'
import { checkOrigin } from './origin.ts'
import { networkOf, type RateLimiter, type RateName } from './rate-limit.ts'
import { findCaller, wasDeleted } from './sessions.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly limiter: RateLimiter
  }
}

/** Limits per session that hold for a network as a whole, too, so that many accounts find out no more than a few (privacy). */
const OF_NETWORKS: Partial<Record<RateName, RateName>> = { people: 'peopleNetwork' }

export interface AddRouteOptions {
  /** Limit per session; per network on routes that anyone may use. */
  readonly rate?: RateName
  /** False: the handler gets the parsed JSON as it came and checks it by hand (hot paths). */
  readonly validateBody?: boolean
  /** False: the handler answers text or bytes that are sent as they are, or JSON that needs no check. */
  readonly validateAnswer?: false
  /** Bytes of a body at most; the server's default otherwise. */
  readonly bodyLimit?: number
  /** Asked before the body is read, of a caller who may ask; true where what the headers say was enough for an answer. */
  readonly early?: (request: FastifyRequest, reply: FastifyReply, caller: Caller) => Promise<boolean>
}

type Part<S, K extends string> = S extends Record<K, infer T> ? (T extends ZodType ? output<T> : unknown) : unknown
type Body<S, O> = O extends { readonly validateBody: false } ? unknown : Part<S, 'body'>

/** A request whose parts have the types that the route's schemas promise. */
export type RouteRequest<S extends RouteSpec, O extends AddRouteOptions> = FastifyRequest<{
  Body: Body<S, O>
  Params: Part<S, 'params'>
  Querystring: Part<S, 'query'>
}>

/** The caller of a route: always there when the route needs a session. */
export type RouteCaller<S extends RouteSpec> = S['access'] extends 'session' ? Caller : null

const takeAsItIs: FastifySchemaCompiler<unknown> = (route) =>
  route.httpPart === 'body' ? (value: unknown) => ({ value }) : validatorCompiler({ ...route, schema: route.schema as ZodType })

const writes = ({ method }: FastifyRequest): boolean => method !== 'GET' && method !== 'HEAD'

function checkProtocol(request: FastifyRequest): void {
  const version = request.headers[PROTOCOL_HEADER]
  if (version !== undefined && !(Number(version) >= OLDEST_PROTOCOL)) throw new AppError('protocol_outdated')
}

/**
 * What a request must pass before its body is read, as an onRequest hook: one per route, with only the checks that the
 * route has, since an unchanged pull costs little more than this. `addRoute` puts it on every route of the contract;
 * routes that speak another protocol (uploads) take it by itself.
 */
export function gate(
  app: FastifyInstance,
  ctx: Context,
  spec: Pick<RouteSpec, 'access' | 'errors'>,
  rate?: RateName,
): (request: FastifyRequest) => Promise<void> {
  const versioned = spec.errors.includes('protocol_outdated')
  const networkRate = rate && OF_NETWORKS[rate]
  const { publicOrigin } = ctx.config

  async function withSession(request: FastifyRequest): Promise<void> {
    const found = await findCaller(ctx, request)
    if (!found) throw new AppError((await wasDeleted(ctx, request)) ? 'account_deleted' : 'not_signed_in')
    if (found.kind === 'cookie' && writes(request)) checkOrigin(request, publicOrigin, true)
    if (versioned) checkProtocol(request)
    if (rate) app.limiter.take(rate, found.caller.session)
    if (networkRate) app.limiter.take(networkRate, networkOf(request.ip))
    request.caller = found.caller
  }

  async function forAnyone(request: FastifyRequest): Promise<void> {
    if (writes(request)) checkOrigin(request, publicOrigin, false)
    if (rate) app.limiter.take(rate, networkOf(request.ip))
  }

  return spec.access === 'session' ? withSession : forAnyone
}

type Gate = ReturnType<typeof gate>

/** The gate, and what may be answered behind it at once. */
function onRequest(
  pass: Gate,
  early: AddRouteOptions['early'],
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  if (!early) return pass
  return async (request, reply) => {
    await pass(request)
    return request.caller && (await early(request, reply, request.caller)) ? reply : undefined
  }
}

/**
 * Adds a route of the contract: checks access, origin and rate before the body is read, validates what comes and goes,
 * and describes itself in OpenAPI. Lines of sync get no header that is not needed: an unchanged pull answers in 200 bytes.
 */
export function addRoute<const S extends RouteSpec, const O extends AddRouteOptions>(
  app: FastifyInstance,
  ctx: Context,
  spec: S,
  options: O,
  handler: (request: RouteRequest<S, O>, reply: FastifyReply, caller: RouteCaller<S>) => Promise<unknown>,
): void {
  const headers = spec.media === LINES ? { 'content-type': LINES } : plainHeaders
  app.route({
    method: spec.method,
    url: spec.path,
    schema: schemaOf(spec),
    ...(options.validateBody === false ? { validatorCompiler: takeAsItIs } : {}),
    ...(options.validateAnswer === false ? { serializerCompiler: () => JSON.stringify } : {}),
    ...(options.bodyLimit === undefined ? {} : { bodyLimit: options.bodyLimit }),
    onRequest: onRequest(gate(app, ctx, spec, options.rate), options.early),
    handler: (request, reply) => {
      reply.headers(headers)
      return handler(request as RouteRequest<S, O>, reply, request.caller as RouteCaller<S>)
    },
  })
}
