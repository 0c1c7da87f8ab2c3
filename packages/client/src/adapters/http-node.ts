import { Agent, type IncomingMessage, request as plain } from 'node:http'
import { Agent as SecureAgent, request as secure } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { NetworkFailure, type Transport, type TransportRequest, type TransportResponse } from '../ports.ts'
import { failure, type HttpOptions, headersOf } from './http.ts'

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  zstd: createZstdDecompress,
  gzip: createGunzip,
}

function send(url: URL, agent: Agent, token: string | undefined, request: TransportRequest): Promise<IncomingMessage> {
  const { method, body, signal } = request
  const headers = { 'accept-encoding': Object.keys(DECODERS).join(', '), ...headersOf(request, token) }
  return new Promise((resolve, reject) => {
    const make = url.protocol === 'https:' ? secure : plain
    const out = make(url, { agent, method, headers, ...(signal ? { signal } : {}) }, resolve)
    out.on('error', (error) => reject(failure(error)))
    out.end(body)
  })
}

function decoded(answer: IncomingMessage): Readable {
  const decoder = DECODERS[answer.headers['content-encoding'] ?? '']
  if (!decoder) return answer
  // What breaks the answer breaks what is read from it: nothing is left to do here.
  return pipeline(answer, decoder(), () => undefined) as unknown as Readable
}

async function* pieces(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of decoded(answer)) yield piece as Uint8Array
  } catch (error) {
    throw failure(error)
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** An answer without a body is read to its end here, so that its connection can be used again. */
const isEmpty = (method: string, { statusCode, headers }: IncomingMessage): boolean =>
  method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0'

function toAnswer(method: string, answer: IncomingMessage): TransportResponse {
  const empty = isEmpty(method, answer)
  if (empty) answer.resume()
  return {
    status: answer.statusCode ?? 0,
    header: (name) => answer.headers[name.toLowerCase()]?.toString(),
    body: empty ? nothing() : pieces(answer),
  }
}

/**
 * The server over node:http with connections kept: half the time of fetch for a small pull, two thirds for a large one. Never tries
 * again: that is the engine's to decide. A redirect is a failure, for the session's token must go nowhere else.
 */
export function nodeTransport({ baseUrl, token }: HttpOptions): Transport {
  const agent = baseUrl.startsWith('https:') ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
  return {
    async request(request) {
      const answer = await send(new URL(`${baseUrl}${request.path}`), agent, token, request)
      const { statusCode = 0 } = answer
      if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
        answer.destroy()
        throw new NetworkFailure(`redirected (${statusCode})`)
      }
      return toAnswer(request.method, answer)
    },
    onReconnect: () => () => undefined,
  }
}
