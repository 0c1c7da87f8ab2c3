import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Context } from '../../context.ts'
import { onSessionEnded } from '../../http/sessions.ts'
import { topicOf } from './nudges.ts'
import { followedBy } from './pull.service.ts'

/** Often enough that proxies and phones keep the stream open. */
const HEARTBEAT_MS = 25_000
/** Feeds that move within this time are named together. */
const GATHER_MS = 20

/** Topics that an account hears of now, with their names on the wire. */
async function topicsOf(ctx: Context, account: string): Promise<Map<string, string>> {
  const followed = await followedBy(ctx, account)
  return new Map(followed.map(({ name, owner, kind }) => [topicOf(owner, kind), name]))
}

/** Listens to what an account follows, and to what it comes to follow; calls `lost` when it follows a feed no more. */
class Followed {
  readonly #ctx: Context
  readonly #account: string
  readonly #onMoved: (feed: string) => void
  readonly #onLost: () => void
  #names = new Map<string, string>()
  #unlisten: () => void = () => undefined
  #stopped = false

  constructor(ctx: Context, account: string, onMoved: (feed: string) => void, onLost: () => void) {
    this.#ctx = ctx
    this.#account = account
    this.#onMoved = onMoved
    this.#onLost = onLost
  }

  async start(): Promise<void> {
    const names = await topicsOf(this.#ctx, this.#account)
    if (this.#stopped) return
    const lost = [...this.#names.keys()].some((topic) => !names.has(topic))
    this.#unlisten()
    this.#names = names
    this.#unlisten = this.#ctx.nudges.listen([...names.keys()], (topic) => this.#hear(topic))
    // A right that went away closes the stream (N1): the device connects anew, and its pull tells it.
    if (lost) this.#onLost()
  }

  stop(): void {
    this.#stopped = true
    this.#unlisten()
  }

  #hear(topic: string): void {
    this.#onMoved(this.#names.get(topic) ?? '')
    if (topic !== topicOf(this.#account, 'account')) return
    this.start().catch(() => this.#onLost())
  }
}

/**
 * Server-sent events that name the followed feeds that moved (N1). The stream ends with its session, and with the right to a
 * feed; what a reader misses it gets at its next pull (N2).
 */
export async function openEvents(ctx: Context, caller: Caller, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { raw } = reply
  reply.hijack()
  let over = false
  const moved = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  const tell = () => {
    gathering = undefined
    raw.write(`event: moved\ndata: ${JSON.stringify({ feeds: [...moved] })}\n\n`)
    moved.clear()
  }
  const followed = new Followed(
    ctx,
    caller.account,
    (feed) => {
      moved.add(feed)
      gathering ??= setTimeout(tell, GATHER_MS)
    },
    () => end(),
  )
  let heartbeat: NodeJS.Timeout | undefined
  const stop = () => {
    over = true
    clearInterval(heartbeat)
    clearTimeout(gathering)
    followed.stop()
    endWithSession()
    endWithServer()
  }
  // Nothing may be written after the end: it would be an error that nobody handles, and `close` can be long in coming.
  const end = () => {
    stop()
    raw.end()
  }
  const endWithSession = onSessionEnded(caller.session, end)
  const endWithServer = ctx.nudges.onClose(end)
  request.raw.once('close', stop)
  // Listening comes before the answer: whoever has it misses nothing that moves from then on.
  await followed.start()
  if (over) return
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  })
  raw.write(': open\n\n')
  heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS)
}
