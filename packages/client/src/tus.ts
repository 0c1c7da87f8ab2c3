import { AppError, type ErrorCode } from '@biologidex/core/errors'
import { UPLOADS_PATH } from '@biologidex/core/images/routes'
import { retryAfterOf } from './backoff.ts'
import { drain, Refusal, send } from './http.ts'
import { type Clock, NetworkFailure, type Transport, type TransportRequest, type TransportResponse } from './ports.ts'

/** Bytes of one PATCH: small enough that a cut costs little, large enough that requests cost nothing. */
export const PIECE = 1024 * 1024

const HEAD_CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'not_signed_in',
  404: 'upload_gone',
  409: 'wrong_account',
  410: 'upload_gone',
  426: 'protocol_outdated',
  429: 'rate_limited',
  500: 'internal',
  503: 'unavailable',
}

const VERSION = { 'tus-resumable': '1.0.0' }

/**
 * The core and creation parts of tus 1.0, for bytes that are at hand. All throw Refusal or NetworkFailure. Each request names
 * the account: another may have signed in meanwhile, who knows nothing of its pictures (O1).
 */
export class Tus {
  readonly #account: string
  readonly #transport: Transport
  readonly #clock: Clock

  constructor(account: string, transport: Transport, clock: Clock) {
    this.#account = account
    this.#transport = transport
    this.#clock = clock
  }

  /** Announces an upload; answers its address, as a path of this server, and how many bytes are there already. */
  async create(image: string, size: number, signal: AbortSignal): Promise<{ path: string; offset: number }> {
    const headers = { ...VERSION, 'upload-length': String(size), 'upload-metadata': `image ${btoa(image)}` }
    const response = await this.#send({ method: 'POST', path: this.#named(UPLOADS_PATH), headers, signal })
    const path = pathOf(response.header('location'))
    if (!path) throw new NetworkFailure('an upload without an address')
    return { path, offset: response.header('upload-offset') === undefined ? 0 : offsetOf(response) }
  }

  /** How many bytes the server holds. An answer to HEAD has no body, so its status has to say what is wrong. */
  async offset(path: string, signal: AbortSignal): Promise<number> {
    const response = await this.#transport.request({ method: 'HEAD', path: this.#named(path), headers: VERSION, signal })
    await drain(response)
    if (response.status >= 200 && response.status < 300) return offsetOf(response)
    const code = HEAD_CODES[response.status]
    if (!code) throw new NetworkFailure(`an answer that is not the server's (${response.status})`)
    throw new Refusal(new AppError(code), retryAfterOf(response.header('retry-after'), this.#clock.now()))
  }

  /** Sends the bytes from `offset` on, one piece; answers how many the server holds then. */
  async patch(path: string, bytes: Uint8Array, offset: number, signal: AbortSignal): Promise<number> {
    const body = bytes.subarray(offset, offset + PIECE)
    const headers = { ...VERSION, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) }
    const after = offsetOf(await this.#send({ method: 'PATCH', path: this.#named(path), headers, body, signal }))
    if (after > bytes.length || (body.length > 0 && after <= offset)) throw new NetworkFailure('an upload that stands nowhere')
    return after
  }

  #named(path: string): string {
    return `${path}?account=${this.#account}`
  }

  async #send(request: TransportRequest): Promise<TransportResponse> {
    const response = await send(this.#transport, this.#clock, request)
    await drain(response)
    return response
  }
}

/** The path of an address: uploads go to the server that the transport talks to, whatever name a proxy gave it. */
function pathOf(location: string | undefined): string | undefined {
  const path = location?.replace(/^https?:\/\/[^/]+/i, '')
  return path?.startsWith('/') ? path : undefined
}

function offsetOf(response: TransportResponse): number {
  const header = response.header('upload-offset')
  if (!header || !/^\d+$/.test(header)) throw new NetworkFailure('an upload without an offset')
  return Number(header)
}
