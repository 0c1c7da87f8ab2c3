import { PROTOCOL, PROTOCOL_HEADER } from '@biologidex/core/protocol'
import { NetworkFailure, type Transport, type TransportRequest, type TransportResponse } from '../ports.ts'

/** How requests reach the server and say who makes them. */
export interface HttpOptions {
  /** `https://dex.example.org`; empty in a page that the server itself brought. */
  readonly baseUrl: string
  /** A bearer session's token; a page has a cookie that no script can read. */
  readonly token?: string
}

/** Whatever kept an answer away, or cut it. */
export const failure = (error: unknown): NetworkFailure =>
  new NetworkFailure(error instanceof Error ? error.message : 'no answer')

/** The pieces of a body as they arrive. Not reading to the end lets the connection go. */
async function* pieces(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  let whole = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      yield value
    }
    whole = true
  } catch (error) {
    throw failure(error)
  } finally {
    // A cut body has failed already; only one that the reader left is still to be let go.
    if (!whole) await reader.cancel().catch(() => undefined)
  }
}

function toAnswer(response: Response): TransportResponse {
  return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, body: pieces(response.body) }
}

/** The headers of a request: protocol, session and what the request itself says. */
export function headersOf({ headers, body }: TransportRequest, token: string | undefined): Record<string, string> {
  return {
    [PROTOCOL_HEADER]: String(PROTOCOL),
    ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...headers,
  }
}

function asInit(request: TransportRequest, token: string | undefined): RequestInit {
  return {
    method: request.method,
    headers: headersOf(request, token),
    body: request.body as RequestInit['body'],
    signal: request.signal,
    credentials: token === undefined ? 'same-origin' : 'omit',
    cache: 'no-store',
    redirect: 'error',
  }
}

/** The server over fetch, for browsers. Never tries again: that is the engine's to decide. */
export function httpTransport({ baseUrl, token }: HttpOptions): Transport {
  return {
    async request(request) {
      const url = `${baseUrl}${request.path}`
      try {
        return toAnswer(await fetch(url, asInit(request, token)))
      } catch (error) {
        throw failure(error)
      }
    },
    onReconnect(listener) {
      if (typeof globalThis.addEventListener !== 'function') return () => undefined
      globalThis.addEventListener('online', listener)
      return () => globalThis.removeEventListener('online', listener)
    },
  }
}
