import { AppError } from '@biologidex/core/errors'
import { isUuid } from '@biologidex/core/ids'
import { UPLOADS_PATH, uploadRoutes } from '@biologidex/core/images/routes'
import { LIMITS } from '@biologidex/core/limits'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { type Standing, Uploads } from './uploads.service.ts'

const TUS = '1.0.0'
const PART = 'application/offset+octet-stream'
const OPTIONS = { rate: 'picture', validateAnswer: false } as const

const invalid = (header: string): AppError => new AppError('invalid_input', { header })

function checkVersion(request: FastifyRequest, reply: FastifyReply): void {
  if (request.headers['tus-resumable'] === TUS) return
  reply.header('tus-version', TUS)
  throw invalid('Tus-Resumable')
}

/** @throws AppError `wrong_account`: two people in one browser never mix (O1) */
function checkAccount({ account }: { account?: string }, caller: Caller): void {
  if (account !== undefined && account !== caller.account) throw new AppError('wrong_account')
}

/** A whole number from a header. @throws AppError `invalid_input` naming the header */
function numberFrom(request: FastifyRequest, header: string): number {
  const text = request.headers[header.toLowerCase()]
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) throw invalid(header)
  return Number(text)
}

/** The image that an upload is for: `Upload-Metadata: image <base64 of its id>,…`. */
function imageFrom(request: FastifyRequest): string {
  const text = String(request.headers['upload-metadata'] ?? '')
  const pair = text.split(',').find((one) => one.trim().startsWith('image '))
  const id = Buffer.from(pair?.trim().slice('image '.length) ?? '', 'base64').toString()
  if (!isUuid(id)) throw invalid('Upload-Metadata')
  return id
}

function say(reply: FastifyReply, status: number, { offset }: Standing): FastifyReply {
  return reply.code(status).header('upload-offset', String(offset)).send()
}

/** tus 1.0 with creation and termination (docs/decisions/0003-tus-server.md). Refusals are problem+json like everywhere. */
export async function uploadsPlugin(app: FastifyInstance, ctx: Context): Promise<void> {
  const uploads = new Uploads(ctx)
  app.addContentTypeParser(PART, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (_request, reply) => void reply.header('tus-resumable', TUS))

  app.options(UPLOADS_PATH, { schema: { hide: true } }, (_request, reply) =>
    reply
      .code(204)
      .headers({ 'tus-version': TUS, 'tus-extension': 'creation,termination', 'tus-max-size': String(LIMITS.pictureBytes) })
      .send(),
  )

  addRoute(app, ctx, uploadRoutes.create, OPTIONS, async (request, reply, caller) => {
    checkVersion(request, reply)
    checkAccount(request.query, caller)
    const image = imageFrom(request)
    const standing = await uploads.create(caller.account, image, numberFrom(request, 'Upload-Length'))
    // Relative, so that it holds behind any proxy.
    return say(reply.header('location', `${UPLOADS_PATH}/${image}`), 201, standing)
  })

  addRoute(app, ctx, uploadRoutes.standing, OPTIONS, async (request, reply, caller) => {
    checkVersion(request, reply)
    checkAccount(request.query, caller)
    const standing = await uploads.standing(caller.account, request.params.image)
    return say(reply.header('upload-length', String(standing.size)), 200, standing)
  })

  addRoute(app, ctx, uploadRoutes.append, OPTIONS, async (request, reply, caller) => {
    checkVersion(request, reply)
    checkAccount(request.query, caller)
    if (request.headers['content-type'] !== PART) throw invalid('Content-Type')
    const length = request.headers['content-length'] === undefined ? undefined : numberFrom(request, 'Content-Length')
    const part = { offset: numberFrom(request, 'Upload-Offset'), body: request.raw, length }
    try {
      return say(reply, 204, await uploads.append(caller.account, request.params.image, part))
    } finally {
      // What is left of a refused body is read and dropped, else the answer is lost when the connection closes.
      request.raw.resume()
    }
  })

  addRoute(app, ctx, uploadRoutes.terminate, OPTIONS, async (request, reply, caller) => {
    checkVersion(request, reply)
    checkAccount(request.query, caller)
    await uploads.terminate(caller.account, request.params.image)
    return reply.code(204).send()
  })
}
