import { type Clock, NetworkFailure, type Transport, type TransportRequest, type TransportResponse } from './ports.ts'

/** How long a server may say nothing, in milliseconds: long enough for a megabyte on a bad line to get up. */
export const SILENCE = 120_000

/** Waits for something on the network, but not for ever: what hangs is given up, and its connection with it. */
async function inTime<T>(clock: Clock, connection: AbortController, wait: Promise<T>): Promise<T> {
  let cancel: () => void = () => undefined
  const silence = new Promise<never>((_, reject) => {
    cancel = clock.after(SILENCE, () => {
      connection.abort()
      reject(new NetworkFailure('no answer in time'))
    })
  })
  try {
    return await Promise.race([wait, silence])
  } finally {
    cancel()
  }
}

async function* piecesInTime(body: AsyncIterable<Uint8Array>, clock: Clock, connection: AbortController, done: () => void) {
  const pieces = body[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      const next = await inTime(clock, connection, pieces.next())
      ended = next.done === true
      if (next.done) return
      yield next.value
    }
  } finally {
    done()
    // Who stops reading early lets the connection go.
    if (!ended) connection.abort()
  }
}

/**
 * The transport, with an end to every silence (E36): a phone that left its network often learns nothing of it, and a request
 * would hang for as long as it likes. The stream of nudges is silent by nature and is left as it is.
 */
export function withDeadline(transport: Transport, clock: Clock): Transport {
  return {
    onReconnect: (listener) => transport.onReconnect(listener),
    async request(request: TransportRequest): Promise<TransportResponse> {
      const connection = new AbortController()
      const end = () => connection.abort()
      const done = () => request.signal?.removeEventListener('abort', end)
      request.signal?.addEventListener('abort', end, { once: true })
      if (request.signal?.aborted) end()
      try {
        const response = await inTime(clock, connection, transport.request({ ...request, signal: connection.signal }))
        const body = piecesInTime(response.body, clock, connection, done)
        return { status: response.status, header: (name) => response.header(name), body }
      } catch (error) {
        done()
        throw error
      }
    },
  }
}
