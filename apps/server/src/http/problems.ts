import { AppError, type ErrorCode } from '@biologidex/core/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ZodError } from 'zod'
import { plainHeaders } from './headers.ts'

export const PROBLEM = 'application/problem+json'

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'not_found',
  413: 'too_large',
  429: 'rate_limited',
  503: 'unavailable',
}

const invalid = (details: { path: string; message: string }[]): AppError => new AppError('invalid_input', details)

/** What a thrown value means to the caller: `internal` unless it is known better. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof ZodError) {
    return invalid(error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })))
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const toPath = (pointer: string) => pointer.slice(1).replaceAll('/', '.')
    return invalid(error.validation.map((one) => ({ path: toPath(one.instancePath), message: one.message ?? 'not valid' })))
  }
  const status = error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined
  if (status === undefined) return new AppError('internal')
  // The words of a parser's error can quote what was sent: ours are used instead.
  return new AppError(BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'invalid_input' : 'internal'))
}

/** Where it happened, without the message: messages can quote what people typed. */
function traceOf(error: unknown): { name: string; code: string | undefined; at: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined, at: [] }
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { name: error.name, code: (error as { code?: string }).code, at: at.map((line) => line.trim()) }
}

function retryAfter(problem: AppError): number | undefined {
  const seconds = (problem.details as { retryAfterSeconds?: unknown } | undefined)?.retryAfterSeconds
  if (typeof seconds === 'number') return seconds
  return problem.code === 'unavailable' ? 1 : undefined
}

/** Takes back what a handler said of the answer it did not give: a refusal must look the same however far it had come. */
function forgetHeaders(reply: FastifyReply): void {
  for (const name of Object.keys(reply.getHeaders())) if (name !== 'connection') reply.removeHeader(name)
}

/** How a refusal is written, where it is not problem+json. */
export interface Refusal {
  readonly type: string
  readonly body: (error: AppError) => unknown
}

const AS_PROBLEM: Refusal = { type: PROBLEM, body: (error) => error.toProblem() }

/**
 * Answers with the problem+json of whatever was thrown: Fastify's error handler. Unknown errors are logged with ids only.
 * A missing thing and a forbidden one answer the same bytes (privacy.md).
 */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendRefusal(error, request, reply, AS_PROBLEM)
}

/** As `sendProblem`, in another form. */
export function sendRefusal(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { type, body }: Refusal,
): FastifyReply {
  const problem = toAppError(error)
  if (problem.code === 'internal') {
    const { account, session } = request.caller ?? {}
    request.log.error({ error: traceOf(error), route: request.routeOptions.url, account, session }, 'a request failed')
    request.log.debug({ err: error }, 'its words')
  }
  forgetHeaders(reply)
  const seconds = retryAfter(problem)
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  return reply
    .code(problem.status)
    .headers(plainHeaders)
    .type(type)
    .send(JSON.stringify(body(problem)))
}
