import { Readable } from 'node:stream'

/** A request as it arrives at the server. */
export interface Sent {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  /** The connection breaks after so many bytes of the body. */
  readonly cutAt?: number | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Buffer
}

export function bytesOf({ body }: Pick<Sent, 'body'>): Buffer | undefined {
  return body === undefined ? undefined : Buffer.from(body as Uint8Array)
}

async function* broken(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
  throw new Error('the connection broke')
}

/** The body as the server reads it. */
export function bodyFor(request: Sent): Buffer | Readable | undefined {
  const bytes = bytesOf(request)
  if (!bytes || request.cutAt === undefined) return bytes
  return Readable.from(broken(bytes.subarray(0, request.cutAt)), { objectMode: false })
}

/** The headers, with the length that was announced even where the body is cut. */
export function headersOf(request: Sent): Record<string, string> {
  const length = bytesOf(request)?.length
  return { ...request.headers, ...(length === undefined ? {} : { 'content-length': String(length) }) }
}
