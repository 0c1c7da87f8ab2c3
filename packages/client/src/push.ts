import type { MutationResult } from '@biologidex/core/sync/mutation'
import { accountFeed, dexFeed, syncRoutes } from '@biologidex/core/sync/wire'
import { nextBatch, toWire } from './batch.ts'
import { cursorOf } from './feeds.ts'
import { postJson, Refusal, send } from './http.ts'
import { Hunt } from './hunt.ts'
import { type Line, readLines } from './lines.ts'
import type { Outbox } from './outbox.ts'
import { NetworkFailure, type StoredMutation } from './ports.ts'
import { type PullParts, takeLines } from './pull.ts'

/** A push that failed in a way that leads to something new to try: the next wait is short. */
export class Halved extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.message)
    this.name = 'Halved'
    this.refusal = refusal
  }
}

export interface PushParts extends PullParts {
  readonly outbox: Outbox
  /** An entry that had been deleted elsewhere is back, because of a change made here (O5). */
  readonly onRevived: (entry: string) => void
}

/** Sends the outbox, in order, batch by batch (O1-O7). */
export class Pusher {
  readonly #parts: PushParts
  readonly #hunt = new Hunt()

  constructor(parts: PushParts) {
    this.#parts = parts
  }

  /** Whether one push cannot take all that is unsent. */
  takesSeveral(): boolean {
    return this.#parts.outbox.unsent().length > this.#hunt.limit
  }

  /**
   * Sends all that is unsent; answers how many entries changed here that this device did not change itself.
   * Throws Refusal, Halved or NetworkFailure; what was answered until then is kept.
   */
  async pushAll(signal: AbortSignal): Promise<number> {
    const { outbox } = this.#parts
    await outbox.putOrphansAside()
    let changed = 0
    let renewed = false
    for (;;) {
      const candidates = this.#hunt.candidates(outbox.unsent())
      const batch = nextBatch(candidates, this.#hunt.limit)
      if (batch.length === 0 || signal.aborted) return changed
      try {
        changed += await this.#push(batch, signal)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        if (error.error.code !== 'new_identity' || renewed) await this.#refused(error, batch, candidates.length > batch.length)
        // A profile that was cloned (O3): once for each sync, so that a server that always says so is no loop.
        renewed = true
        await outbox.renew()
      }
    }
  }

  /** Judges a refusal of a whole batch; throws it on unless the batch as such is what the server minds. */
  async #refused(refusal: Refusal, batch: readonly StoredMutation[], others: boolean): Promise<never> {
    const { code } = refusal.error
    if (code !== 'too_large' && code !== 'invalid_input' && code !== 'internal') throw refusal
    const { fresh, aside } = this.#hunt.failed(batch, code, others)
    await this.#parts.outbox.putAside(aside)
    throw fresh ? new Halved(refusal) : refusal
  }

  async #push(batch: readonly StoredMutation[], signal: AbortSignal): Promise<number> {
    const { account, book, outbox, transport, clock } = this.#parts
    const { losses } = book
    const cursorIn = (feed: string) => {
      const state = book.state(feed)
      return state && cursorOf(state)
    }
    const [cursor, accountCursor] = [cursorIn(dexFeed(account)), cursorIn(accountFeed(account))]
    const { client, ack } = outbox.device ?? { client: '', ack: 0 }
    const cursors = { ...(cursor ? { cursor } : {}), ...(accountCursor ? { accountCursor } : {}) }
    const body = { account, client, ack, ...cursors, mutations: batch.map(toWire) }
    const asking = send(transport, clock, postJson(syncRoutes.push.path, body, signal))
    const [response] = await Promise.all([asking, book.makeReady(dexFeed(account), batch.length)])
    const results: MutationResult[] = []
    const known = new Set(batch.filter((change) => change.type === 'entry').map((change) => change.id))
    try {
      const { changed } = await takeLines(this.#parts, keeping(readLines(response), results), { losses, known })
      const answered = new Set(results.map(({ n }) => n))
      if (!batch.every(({ n }) => answered.has(n))) throw new NetworkFailure('a push without all its results')
      return changed
    } finally {
      // Even of a cut answer the results hold; they are kept after the feed's changes, so that one durable write does both.
      if (results.length > 0) await this.#settle(results)
      this.#tellRevived(batch, results)
    }
  }

  #tellRevived(batch: readonly StoredMutation[], results: readonly MutationResult[]): void {
    const back = new Set(results.filter(({ revived }) => revived).map(({ n }) => n))
    for (const { n, type, id } of batch) if (type === 'entry' && back.has(n)) this.#parts.onRevived(id)
  }

  async #settle(results: readonly MutationResult[]): Promise<void> {
    const { outbox, book, account } = this.#parts
    await outbox.settle(results, book.reached(account))
    await outbox.putAside(this.#hunt.succeeded())
  }
}

/** Passes lines on and keeps the results among them. */
async function* keeping(lines: AsyncIterable<Line>, results: MutationResult[]): AsyncGenerator<Line> {
  for await (const line of lines) {
    if (line.kind === 'results') results.push(...line.results)
    yield line
  }
}
