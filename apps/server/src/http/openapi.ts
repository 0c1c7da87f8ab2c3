import { ERRORS, type ErrorCode } from '@biologidex/core/errors'
import { PROTOCOL } from '@biologidex/core/protocol'
import type { RouteSpec } from '@biologidex/core/routes'
import { v1Refusal } from '@biologidex/core/v1/shapes'
import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { plainHeaders } from './headers.ts'
import { PROBLEM } from './problems.ts'

export const OPENAPI_PATH = '/api/v2/openapi.json'

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(ERRORS)),
    detail: z.string(),
    details: z.unknown().optional(),
  })
  .meta({ id: 'Problem' })

/** "Any JSON at all" refers to itself, by a name that the document does not have; a schema that allows all says the same. */
const ANY_JSON = /\{"\$ref":"#\/components\/schemas\/schema\d+"\}/g

const transform = createJsonSchemaTransform({
  zodToJsonConfig: {
    // Fields are only ever added (W4): a reader must not take today's for all there will be.
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  },
})

const isV1 = ({ path }: RouteSpec): boolean => path.startsWith('/api/v1/')

function failures(codes: readonly ErrorCode[], older: boolean): Record<string, unknown> {
  const byStatus = Map.groupBy(new Set<ErrorCode>([...codes, 'internal']), (code) => ERRORS[code][0])
  const entries = [...byStatus].map(([status, these]) => [
    status,
    {
      description: these.join(', '),
      content: older ? { 'application/json': { schema: v1Refusal } } : { [PROBLEM]: { schema: problem } },
    },
  ])
  return Object.fromEntries(entries) as Record<string, unknown>
}

function success({ answer, media }: RouteSpec): Record<string, unknown> {
  if (answer) return { 200: answer }
  return { 200: { description: 'OK', content: { [media ?? 'application/octet-stream']: { schema: z.string() } } } }
}

/** What Fastify validates and OpenAPI shows of a route. The tag is the path's first part after `/api/v2/`, or `v1`. */
export function schemaOf(spec: RouteSpec): FastifySchema {
  const { body, params, query: querystring, access } = spec
  return {
    tags: [isV1(spec) ? 'v1' : (spec.path.split('/')[3] ?? 'server')],
    ...(access === 'session' ? { security: [{ cookie: [] }, { bearer: [] }] } : {}),
    ...(body ? { body } : {}),
    ...(params ? { params } : {}),
    ...(querystring ? { querystring } : {}),
    response: {
      ...success(spec),
      ...failures(access === 'session' ? [...spec.errors, 'account_deleted'] : spec.errors, isV1(spec)),
    },
  }
}

/** Serves the OpenAPI description of every route that is added after this. */
export async function serveOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'BiologiDex', version: `protocol ${PROTOCOL}` },
      components: {
        securitySchemes: {
          cookie: { type: 'apiKey', in: 'cookie', name: 'biologidex_session' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform,
    transformObject: jsonSchemaTransformObject,
  })
  let text: string | undefined
  app.get(OPENAPI_PATH, { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger()).replaceAll(ANY_JSON, '{}')
    return reply.headers(plainHeaders).type('application/json').send(text)
  })
}
