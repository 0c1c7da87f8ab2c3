import { DIGEST_HEADER, syncRoutes } from '@biologidex/core/sync/wire'
import { createParser } from 'eventsource-parser'
import { Backoff } from './backoff.ts'
import { Refusal, send } from './http.ts'
import type { Clock, Random, Transport } from './ports.ts'

export interface NudgeParts {
  readonly account: string
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  /** The stream is open: what moved before is not told (N1). `digest`: where all feeds stood then, if the server says it. */
  readonly onOpen: (digest: string | undefined) => void
  readonly onMoved: (feeds: readonly string[]) => void
  /** The server wants no stream of this session: a sync finds out what that means. */
  readonly onRefused: () => void
}

/** How often everything is pulled although nothing was said, in milliseconds: nudges can be lost (N1, N2). */
export const SLOW_PULL = 300_000
const ABOUT_SESSION: ReadonlySet<string> = new Set(['not_signed_in', 'wrong_account', 'protocol_outdated'])
/** Characters of one event at most. */
const LONGEST_EVENT = 1_000_000

/** The feeds that an event names; undefined when it says nothing of the kind. */
function feedsOf(data: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(data)
    const feeds = typeof value === 'object' && value !== null && 'feeds' in value ? value.feeds : undefined
    return Array.isArray(feeds) && feeds.every((feed) => typeof feed === 'string') ? feeds : undefined
  } catch {
    return undefined
  }
}

/**
 * Listens to the server's nudges (N1) for as long as the signal lasts. A stream that ends or cannot be had is asked for
 * again, with full jitter (C6).
 */
export class Nudges {
  readonly #parts: NudgeParts
  readonly #backoff: Backoff
  #current: AbortController | undefined
  /** The wait under way is the server's wish. */
  #asked = false

  constructor(parts: NudgeParts) {
    this.#parts = parts
    this.#backoff = new Backoff(parts.clock, parts.random)
  }

  /** The network is back: a stream, which may have died unnoticed, is opened anew, and a wait that the network caused ends. */
  wake(): void {
    this.#current?.abort()
    this.hurry()
  }

  /** The server answers again: a wait that only the network caused ends; a stream that is open stays. */
  hurry(): void {
    if (!this.#asked) this.#backoff.wake()
  }

  async listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const stream = new AbortController()
      const end = () => stream.abort()
      signal.addEventListener('abort', end, { once: true })
      this.#current = stream
      let retryAfter: number | undefined
      try {
        await this.#stream(stream.signal)
      } catch (error) {
        if (error instanceof Refusal) {
          retryAfter = error.retryAfter
          if (ABOUT_SESSION.has(error.error.code)) this.#parts.onRefused()
        }
      }
      this.#current = undefined
      signal.removeEventListener('abort', end)
      this.#asked = retryAfter !== undefined
      if (!stream.signal.aborted) await this.#backoff.wait(signal, retryAfter)
      this.#asked = false
    }
  }

  async #stream(signal: AbortSignal): Promise<void> {
    const { account, transport, clock, onOpen, onMoved } = this.#parts
    const path = `${syncRoutes.events.path}?account=${account}`
    const response = await send(transport, clock, { method: 'GET', path, headers: { accept: syncRoutes.events.media }, signal })
    if (!response.header('content-type')?.startsWith(syncRoutes.events.media)) return
    onOpen(response.header(DIGEST_HEADER))
    const decoder = new TextDecoder('utf-8')
    const parser = createParser({
      maxBufferSize: LONGEST_EVENT,
      onEvent: ({ event, data }) => {
        const feeds = event === 'moved' ? feedsOf(data) : undefined
        if (feeds && feeds.length > 0) onMoved(feeds)
      },
    })
    for await (const piece of response.body) {
      if (signal.aborted) return
      this.#backoff.reset()
      parser.feed(decoder.decode(piece, { stream: true }))
    }
  }
}
