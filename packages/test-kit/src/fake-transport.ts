import { hash } from 'node:crypto'
import { NetworkFailure, type Transport, type TransportRequest, type TransportResponse } from '@biologidex/client/ports'
import { AppError, type ErrorCode } from '@biologidex/core/errors'

/** What happens to one request instead of its answer, or to the answer on its way. */
export type Fault =
  /** It never arrives. */
  | { readonly kind: 'lost' }
  /** It arrives and is carried out; the answer is lost. */
  | { readonly kind: 'unanswered' }
  /** The answer breaks off after so many bytes. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Only so many bytes of the request's body arrive, then the connection breaks. */
  | { readonly kind: 'cut_request'; readonly after: number }
  /** The server refuses with a code of ours. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly retryAfter?: string }
  /** A proxy answers with a page of its own. */
  | { readonly kind: 'page'; readonly status: number }
  /** Exactly this answer. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Record<string, string>
      readonly body: string | Uint8Array
    }

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>
}

export type Handler = (request: TransportRequest) => Answer | Promise<Answer>

const bytesOf = (body: string | Uint8Array): Uint8Array => (typeof body === 'string' ? new TextEncoder().encode(body) : body)

/** The bytes in pieces of `size`, broken off after `cut` of them. */
export async function* pieces(body: string | Uint8Array, size: number, cut?: number): AsyncGenerator<Uint8Array> {
  const bytes = bytesOf(body)
  const end = Math.min(bytes.length, cut ?? bytes.length)
  for (let at = 0; at < end; at += size) yield bytes.subarray(at, Math.min(at + size, end))
  if (cut !== undefined) throw new NetworkFailure('cut')
}

export const problem = (code: ErrorCode, retryAfter?: string): Answer => {
  const error = new AppError(code)
  const headers = { 'content-type': 'application/problem+json', ...(retryAfter ? { 'retry-after': retryAfter } : {}) }
  return { status: error.status, headers, body: JSON.stringify(error.toProblem()) }
}

/** A transport to a handler in the same program, with faults in between. `log` holds each request's method and path. */
export class FakeTransport implements Transport {
  readonly log: string[] = []
  readonly requests: TransportRequest[] = []
  /** Asked for each request; undefined lets it pass. */
  fault: (request: TransportRequest) => Fault | undefined = () => undefined
  pieceSize = 64 * 1024
  open = 0
  readonly #handler: Handler
  readonly #reconnect = new Set<() => void>()

  constructor(handler: Handler) {
    this.#handler = handler
  }

  onReconnect(listener: () => void): () => void {
    this.#reconnect.add(listener)
    return () => {
      this.#reconnect.delete(listener)
    }
  }

  get listeners(): number {
    return this.#reconnect.size
  }

  reconnect(): void {
    for (const listener of [...this.#reconnect]) listener()
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    this.log.push(`${request.method} ${request.path}`)
    this.requests.push(request)
    const fault = this.fault(request)
    this.open += 1
    try {
      return await Promise.race([this.#answer(request, fault), aborted(request.signal)])
    } finally {
      this.open -= 1
    }
  }

  async #answer(request: TransportRequest, fault: Fault | undefined): Promise<TransportResponse> {
    await Promise.resolve()
    if (fault?.kind === 'lost') throw new NetworkFailure('lost')
    if (fault?.kind === 'refused') return this.#response(problem(fault.code, fault.retryAfter), request)
    if (fault?.kind === 'answer') return this.#response(fault, request)
    if (fault?.kind === 'page') {
      return this.#response(
        { status: fault.status, headers: { 'content-type': 'text/html' }, body: '<html>Hello</html>' },
        request,
      )
    }
    if (fault?.kind === 'cut_request') {
      await this.#handler({ ...request, body: bytesOf(request.body ?? '').subarray(0, fault.after) })
      throw new NetworkFailure('cut')
    }
    const answer = await this.#handler(request)
    if (fault?.kind === 'unanswered') throw new NetworkFailure('unanswered')
    return this.#response(answer, request, fault?.kind === 'cut' ? fault.after : undefined)
  }

  #response({ status, headers = {}, body = '' }: Answer, { signal }: TransportRequest, cut?: number): TransportResponse {
    const stream = typeof body === 'string' || body instanceof Uint8Array ? pieces(body, this.pieceSize, cut) : body
    return { status, header: (name) => headers[name.toLowerCase()], body: until(stream, signal) }
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new NetworkFailure('aborted'))
    if (signal?.aborted) fail()
    signal?.addEventListener('abort', fail, { once: true })
  })
}

async function* until(body: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]()
  const stop = aborted(signal)
  stop.catch(() => undefined)
  for (;;) {
    const { done, value } = await Promise.race([iterator.next(), stop])
    if (done) return
    yield value
  }
}

export const sha256 = (bytes: string | Uint8Array): string => hash('sha256', bytes)
