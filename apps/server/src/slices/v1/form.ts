import { AppError } from '@biologidex/core/errors'
import { LIMITS } from '@biologidex/core/limits'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Bytes of a form that brings a picture: the picture, and what is said of it. */
export const FORM_BYTES = LIMITS.pictureBytes + 200_000

const FORM = 'multipart/form-data'

/** What a request says: its fields, and its files by their field's name. JSON has fields only. */
export interface Sent {
  readonly fields: Readonly<Record<string, unknown>>
  readonly files: ReadonlyMap<string, Uint8Array>
}

const invalid = (message: string): AppError => new AppError('invalid_input', [{ path: '', message }])

/** Takes JSON, an empty body, and forms; what another page may send without asking is not understood, as everywhere. */
export function takeForms(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, text === '' ? undefined : JSON.parse(String(text)))
    } catch {
      done(invalid('not JSON'))
    }
  })
  app.addContentTypeParser(FORM, { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
}

async function readForm(bytes: Buffer, type: string): Promise<Sent> {
  const fields: Record<string, unknown> = {}
  const files = new Map<string, Uint8Array>()
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData().catch(() => {
    throw invalid('not a form')
  })
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value
    else files.set(name, new Uint8Array(await value.arrayBuffer()))
  }
  return { fields, files }
}

/** Reads a body that may be JSON or a form. @throws AppError invalid_input */
export async function readSent({ body, headers }: FastifyRequest): Promise<Sent> {
  if (Buffer.isBuffer(body)) return readForm(body, headers['content-type'] ?? '')
  if (body !== undefined && body !== null && (typeof body !== 'object' || Array.isArray(body))) throw invalid('an object')
  return { fields: (body ?? {}) as Record<string, unknown>, files: new Map() }
}
