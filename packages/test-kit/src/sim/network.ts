import { NetworkFailure, type Transport, type TransportRequest, type TransportResponse } from '@biologidex/client/ports'
import { PROTOCOL, PROTOCOL_HEADER } from '@biologidex/core/protocol'
import { syncRoutes } from '@biologidex/core/sync/wire'
import type { Chance } from './chance.ts'
import type { Life } from './life.ts'
import { type Answer, bytesOf, type Sent } from './sent.ts'
import { ServerGone, type SimServer } from './sim-server.ts'
import type { VirtualClock } from './virtual-clock.ts'
import { drawFate, type Fate, type Foreign, type Weather } from './weather.ts'

/** Where a device stands in the network. */
export interface Place {
  online: boolean
  /** Told when `online` or the life of what runs there ends. */
  readonly onCut: Set<() => void>
  readonly onReconnect: Set<() => void>
}

export interface LineParts {
  readonly clock: VirtualClock
  readonly server: SimServer
  readonly chance: Chance
  /** As it is now: it may change. */
  readonly weather: () => Weather
  readonly place: Place
  /** Of the program that sends. */
  readonly life: Life
  /** The session that requests are made with. */
  readonly token: () => string
}

const cutOff = () => new NetworkFailure('the line is dead')

/** The line between one running of a device's program and the server: a Transport on which everything that can go wrong does. */
export class Line implements Transport {
  readonly #parts: LineParts

  constructor(parts: LineParts) {
    this.#parts = parts
  }

  request(request: TransportRequest): Promise<TransportResponse> {
    const { life, chance, weather } = this.#parts
    const fate = drawFate(weather(), chance)
    return life.run(() => Promise.race([this.#exchange(request, fate), abortOf(request)]))
  }

  onReconnect(listener: () => void): () => void {
    const { onReconnect } = this.#parts.place
    onReconnect.add(listener)
    return () => {
      onReconnect.delete(listener)
    }
  }

  /** One request and what comes back. @throws NetworkFailure */
  async #exchange(request: TransportRequest, fate: Fate): Promise<TransportResponse> {
    const { clock, place, life } = this.#parts
    if (request.signal?.aborted) throw cutOff()
    await clock.sleep(fate.there)
    // What a dead program had not sent yet is never sent.
    if (!place.online || life.over) throw cutOff()
    if (fate.lost) return this.#silence(fate)
    if (fate.foreignRequest) return this.#foreign(fate.foreignRequest, fate)
    const sent = this.#sentOf(request, fate)
    if (request.path.startsWith(syncRoutes.events.path)) return this.#stream(request, sent, fate)
    const answer = await this.#carry(sent, fate)
    if (fate.unanswered || sent.cutAt !== undefined || !answer) return this.#silence(fate)
    if (fate.foreignAnswer) return this.#foreign(fate.foreignAnswer, fate)
    return this.#deliver(request, answer, fate)
  }

  #sentOf({ method, path, headers, body }: TransportRequest, fate: Fate): Sent {
    const { token } = this.#parts
    const all = { ...headers, authorization: `Bearer ${token()}`, [PROTOCOL_HEADER]: String(PROTOCOL) }
    const length = bytesOf({ body })?.length
    const cutAt = fate.cutUp === undefined || !length ? undefined : Math.floor(fate.cutUp * length)
    return { method, path, headers: all, body, cutAt }
  }

  /** To the server, once or twice; undefined when nothing comes back. */
  async #carry(sent: Sent, fate: Fate): Promise<Answer | undefined> {
    const { clock } = this.#parts
    const again = fate.repeatAfter
    const first = this.#ask(sent)
    if (again === 0) void this.#ask(sent)
    else if (again !== undefined) clock.after(again, () => void this.#ask(sent))
    return first
  }

  async #ask(sent: Sent): Promise<Answer | undefined> {
    try {
      return await this.#parts.server.send(sent)
    } catch (error) {
      // A body that was cut is answered to nobody.
      if (error instanceof ServerGone || sent.cutAt !== undefined) return undefined
      throw error
    }
  }

  async #silence({ patience }: Fate): Promise<never> {
    await this.#parts.clock.sleep(patience)
    throw cutOff()
  }

  async #foreign({ status, headers, body }: Foreign, { back }: Fate): Promise<TransportResponse> {
    await this.#parts.clock.sleep(back)
    return responseOf(status, headers, inPieces([Buffer.from(body)]))
  }

  async #deliver(request: TransportRequest, { status, headers, body }: Answer, fate: Fate): Promise<TransportResponse> {
    const { clock, place, server } = this.#parts
    const { life } = server
    const arrives = () => place.online && (fate.outlives || !life?.over)
    await clock.sleep(fate.back)
    if (!arrives()) throw cutOff()
    const cut = fate.cutDown === undefined ? body.length : Math.floor(fate.cutDown * body.length)
    const alive = () => arrives() && request.signal?.aborted !== true
    return responseOf(status, headers, this.#pieces(body, cut, fate, alive))
  }

  async *#pieces(body: Buffer, cut: number, { pieces, back }: Fate, alive: () => boolean): AsyncGenerator<Uint8Array> {
    const { clock, life } = this.#parts
    const size = Math.ceil(body.length / pieces)
    for (let at = 0; at < body.length; at += size) {
      if (at > 0) await life.run(() => clock.sleep(back / 4))
      const piece = body.subarray(at, Math.min(at + size, cut))
      if (!alive()) throw cutOff()
      if (piece.length > 0) yield Uint8Array.from(piece)
      if (at + size > cut && cut < body.length) throw cutOff()
    }
  }

  async #stream(request: TransportRequest, sent: Sent, fate: Fate): Promise<TransportResponse> {
    const { clock, server, place, life } = this.#parts
    try {
      const { answer, body, close } = await server.open(sent)
      const cuts = clock.after(fate.streamLasts, close)
      place.onCut.add(close)
      request.signal?.addEventListener('abort', close, { once: true })
      void life.ended.then(close)
      body.once('close', () => {
        cuts()
        place.onCut.delete(close)
      })
      return responseOf(answer.status, answer.headers, untilCut(body))
    } catch (error) {
      if (!(error instanceof ServerGone)) throw error
      return this.#silence(fate)
    }
  }
}

/** Rejects when the one who asked does not want to know any more. */
function abortOf({ signal }: TransportRequest): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(cutOff())
    signal?.addEventListener('abort', () => reject(cutOff()), { once: true })
  })
}

async function* inPieces(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

async function* untilCut(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch {
    throw cutOff()
  }
}

function responseOf(status: number, headers: Answer['headers'], body: AsyncIterable<Uint8Array>): TransportResponse {
  const header = (name: string) => {
    const value = headers[name.toLowerCase()]
    return value === undefined ? undefined : String(value)
  }
  return { status, header, body }
}
