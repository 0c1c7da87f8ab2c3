import { AppError, errorFromProblem } from '@biologidex/core/errors'
import { retryAfterOf } from './backoff.ts'
import { type Clock, NetworkFailure, type Transport, type TransportRequest, type TransportResponse } from './ports.ts'

/** The server said no, in its own words. `retryAfter` in milliseconds, when it named a time. */
export class Refusal extends Error {
  readonly error: AppError
  readonly retryAfter: number | undefined
  constructor(error: AppError, retryAfter?: number) {
    super(error.message)
    this.name = 'Refusal'
    this.error = error
    this.retryAfter = retryAfter
  }
}

const MOST_BYTES = 65_536

/** A body as text, at most 64 kB of it: nothing that we read whole is larger. */
async function textOf(response: TransportResponse): Promise<string> {
  const decoder = new TextDecoder('utf-8')
  let text = ''
  let size = 0
  for await (const piece of response.body) {
    size += piece.length
    if (size > MOST_BYTES) return ''
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}

/** Reads the body away and lets it go: an answer that nobody reads holds its connection. */
export async function drain(response: TransportResponse): Promise<void> {
  await textOf(response)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Throws what an answer other than 2xx means: a Refusal in the server's words, or NetworkFailure when it is not the
 * server that speaks (a proxy's page, a captive portal), for then nothing is known of the server at all.
 */
export async function throwRefusal(response: TransportResponse, clock: Clock): Promise<never> {
  const error = errorFromProblem(parsed(await textOf(response)))
  if (!error) throw new NetworkFailure(`an answer that is not the server's (${response.status})`)
  throw new Refusal(error, retryAfterOf(response.header('retry-after'), clock.now()))
}

/** One request whose answer is 2xx. Throws Refusal or NetworkFailure. */
export async function send(transport: Transport, clock: Clock, request: TransportRequest): Promise<TransportResponse> {
  const response = await transport.request(request)
  if (response.status >= 200 && response.status < 300) return response
  return throwRefusal(response, clock)
}

/** A POST of JSON. */
export const postJson = (
  path: string,
  body: unknown,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): TransportRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
  signal,
})

/** What the face rejects with: AppError and NetworkFailure as they are, a refusal as the server's own error. */
export const faceError = (error: unknown): unknown => (error instanceof Refusal ? error.error : error)

/** Stable code of anything that went wrong, for status and records; never its words. */
export function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.error.code
  if (error instanceof AppError) return error.code
  if (error instanceof NetworkFailure) return 'network'
  if (error instanceof Error && error.name === 'StorageFull') return 'storage_full'
  if (error instanceof Error && error.name === 'StoreGone') return 'store_gone'
  if (error instanceof Error && error.name === 'SealBroken') return 'seal_broken'
  return 'internal'
}
