import { dexFeed } from '@biologidex/core/sync/wire'
import { Backoff, delayOf } from './backoff.ts'
import { type Connection, type ConnectionEvent, type Effect, type Failure, STOPPED, step } from './connection.ts'
import type { EngineEvent } from './face.ts'
import { codeOf, Refusal } from './http.ts'
import { Nudges, SLOW_PULL } from './nudge.ts'
import { Pace } from './pace.ts'
import { NetworkFailure, type Random, type Transport } from './ports.ts'
import { Halved } from './push.ts'
import { putInOrder, type Round, type RoundParts, runRound } from './round.ts'
import type { Demand } from './tabs.ts'
import type { Uploader } from './uploads.ts'
import { Wanted } from './wanted.ts'

/** How long changes made here gather before they go up, in milliseconds. */
const GATHER = 50

export interface LeaderParts extends RoundParts {
  readonly transport: Transport
  readonly random: Random
  readonly uploader: Uploader
  /** The connection, the progress or a record changed. */
  readonly onStatus: () => void
  readonly onEvent: (event: EngineEvent) => void
}

const STUCK: ReadonlySet<string> = new Set([
  'wrong_account',
  'protocol_outdated',
  'origin_refused',
  'account_deleted',
  'storage_full',
  'store_gone',
])

function failureOf(error: unknown): Failure {
  const code = codeOf(error)
  if (code === 'not_signed_in') return 'signed_out'
  if (STUCK.has(code)) return 'refused'
  return error instanceof NetworkFailure ? 'network' : 'busy'
}

/** Drives the connection of the tab that leads (C3): carries out what the table in connection.ts says. */
export class Leader {
  #connection: Connection = STOPPED
  #progress: { readonly current: number; readonly total: number } | undefined
  #nextRetry: number | undefined
  readonly #parts: LeaderParts
  readonly #wanted = new Wanted()
  readonly #laterWaits: Backoff
  readonly #nudges: Nudges
  /** A long import on another device moves a feed several times a second. */
  readonly #nudgePace: Pace
  #demands: Demand[] = []
  #retryAfter: number | undefined
  #asking = false
  #lead = new AbortController()
  #round = new AbortController()
  #listening: AbortController | undefined
  #cancelWait: (() => void) | undefined
  #cancelGather: (() => void) | undefined
  #cancelSlow: (() => void) | undefined
  readonly #tasks = new Set<Promise<unknown>>()
  /** Does what the last sync left to be tidied and noted, if that is not done yet. */
  #rest: () => Promise<void> = () => Promise.resolve()
  #syncing: Promise<void> = Promise.resolve()

  constructor(parts: LeaderParts) {
    this.#parts = parts
    const { account, transport, clock, random } = parts
    this.#laterWaits = new Backoff(clock, random)
    this.#nudgePace = new Pace(clock)
    const onOpen = (digest: string | undefined) => this.#reached(digest)
    const onMoved = (feeds: readonly string[]) => this.#moved(feeds)
    const onRefused = () => this.syncAll()
    this.#nudges = new Nudges({ account, transport, clock, random, onOpen, onMoved, onRefused })
  }

  get connection(): Connection {
    return this.#connection
  }

  get progress(): { readonly current: number; readonly total: number } | undefined {
    return this.#progress
  }

  get nextRetry(): number | undefined {
    return this.#nextRetry
  }

  /** Leads until the signal aborts, with `demands` for the first sync; resolves when nothing runs any more: no timer, listener or request is left. */
  async lead(signal: AbortSignal, demands: readonly Demand[]): Promise<void> {
    this.#demands.push(...demands)
    this.#lead = new AbortController()
    const unlisten = this.#parts.transport.onReconnect(() => this.#reconnected())
    this.#wanted.everything()
    // A program that ended within a sync, or soon after it, left that to be done.
    this.#restSoon(() => putInOrder(this.#parts))
    this.#dispatch({ kind: 'start' })
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    unlisten()
    this.#cancelGather?.()
    this.#nudgePace.stop()
    this.#lead.abort()
    this.#dispatch({ kind: 'stop' })
    this.#fail(this.#demands.splice(0), new NetworkFailure('the engine was stopped'))
    while (this.#tasks.size > 0) await Promise.all(this.#tasks)
    await this.#rest()
    await this.#parts.uploader.ended()
  }

  /** Something was put into the outbox: it goes up soon. */
  changedHere(): void {
    this.#cancelGather?.()
    this.#cancelGather = this.#parts.clock.after(GATHER, () => this.#dispatch({ kind: 'change' }))
  }

  /** Something else met a refusal that only a whole sync can make sense of. */
  syncAll(): void {
    this.#wanted.everything()
    this.#dispatch({ kind: 'wish' })
  }

  /** A person wants to sync now. Resolves when it is done and pictures are up, or wait. */
  demand(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#demands.push({ resolve, reject })
      this.#wanted.everything()
      this.#dispatch({ kind: 'demand' })
      this.#parts.uploader.kick(this.#lead.signal)
    })
  }

  /** Rows of the pull under way. */
  onProgress(current: number, total: number): void {
    this.#progress = { current, total }
    this.#parts.onEvent({ kind: 'progress', current, total })
    this.#parts.onStatus()
  }

  #moved(feeds: readonly string[]): void {
    this.#wanted.some(feeds)
    this.#nudgePace.run(() => this.#dispatch({ kind: 'wish' }))
  }

  #wish(feeds: readonly string[]): void {
    this.#wanted.some(feeds)
    this.#dispatch({ kind: 'wish' })
  }

  /** The stream of nudges is open: the network is there, and what moved before was not told (N1), unless nothing has. */
  #reached(digest: string | undefined): void {
    if (this.#connection.at === 'idle' && digest !== undefined && digest === this.#digest()) return
    this.#wanted.everything()
    this.#dispatch({ kind: this.#connection.at === 'offline' ? 'reconnect' : 'wish' })
  }

  #digest(): string | undefined {
    return this.#parts.records.digestOf(this.#parts.book)
  }

  #reconnected(): void {
    this.#wanted.everything()
    this.#dispatch({ kind: 'reconnect' })
    this.#nudges.wake()
    if (this.#connection.at === 'syncing' || this.#connection.at === 'idle') this.#parts.uploader.kick(this.#lead.signal)
  }

  #dispatch(event: ConnectionEvent): void {
    const { next, effects } = step(this.#connection, event)
    this.#connection = next
    for (const effect of effects) this.#carryOut(effect)
    this.#parts.onStatus()
  }

  #carryOut(effect: Effect): void {
    if (effect === 'sync') this.#track((this.#syncing = this.#sync()))
    else if (effect === 'abort') this.#round.abort()
    else if (effect === 'wait') this.#wait(this.#draw(this.#connection.attempt - 1, this.#retryAfter))
    else if (effect === 'hasten') this.#hasten()
    else if (effect === 'unwait') this.#unwait()
    else if (effect === 'listen') this.#listen()
    else if (effect === 'unlisten') this.#unlisten()
    else this.#parts.onEvent({ kind: 'signed_out' })
  }

  #track(task: Promise<unknown>): void {
    this.#tasks.add(task)
    void task.finally(() => this.#tasks.delete(task))
  }

  #draw(attempt: number, retryAfter?: number): number {
    return delayOf(attempt, this.#parts.random.fraction(), retryAfter)
  }

  /** Waits as briefly as after a first failure, if that is sooner; the count of failures stands. */
  #hasten(): void {
    const ms = this.#draw(0)
    if (this.#nextRetry !== undefined && this.#nextRetry - this.#parts.clock.now() <= ms) return
    this.#unwait()
    this.#wait(ms)
  }

  #wait(ms: number): void {
    const { clock } = this.#parts
    this.#nextRetry = clock.now() + ms
    this.#cancelWait = clock.after(ms, () => {
      this.#nextRetry = undefined
      this.#wanted.everything()
      this.#dispatch({ kind: 'due' })
    })
  }

  #unwait(): void {
    this.#cancelWait?.()
    this.#nextRetry = undefined
  }

  #listen(): void {
    this.#unlisten()
    const { signal } = (this.#listening = new AbortController())
    // After the sync that begins with it: a second request beside the first would only delay what is waited for.
    this.#track(this.#syncing.then(() => this.#nudges.listen(signal)))
    this.#slowly()
  }

  #unlisten(): void {
    this.#listening?.abort()
    this.#listening = undefined
    this.#cancelSlow?.()
  }

  /** Pulls everything now and then although nobody said that anything moved (N1). */
  #slowly(): void {
    this.#cancelSlow = this.#parts.clock.after(SLOW_PULL, () => {
      this.syncAll()
      this.#slowly()
    })
  }

  async #sync(): Promise<void> {
    const round = new AbortController()
    this.#round = round
    const demands = this.#demands.splice(0)
    const wanted = this.#wanted.take()
    this.#parts.onEvent({ kind: 'started' })
    try {
      await this.#rest()
      const done = await runRound(this.#parts, wanted, round.signal)
      if (round.signal.aborted) throw new NetworkFailure('the engine was stopped')
      this.#succeeded(done, demands)
    } catch (error) {
      this.#failed(error, demands, round.signal)
    }
  }

  #succeeded({ changed, later, rest }: Round, demands: readonly Demand[]): void {
    this.#progress = undefined
    this.#parts.onEvent({ kind: 'completed', changed })
    this.#restSoon(rest)
    this.#askLater(later)
    this.#parts.uploader.kick(this.#lead.signal)
    if (this.#connection.attempt > 0) this.#nudges.hurry()
    this.#dispatch({ kind: 'done' })
    void this.#parts.uploader.settled().then(() => {
      for (const { resolve } of demands) resolve(changed)
    })
  }

  #failed(error: unknown, demands: readonly Demand[], signal: AbortSignal): void {
    this.#progress = undefined
    this.#fail(demands, error)
    if (signal.aborted) return
    const cause = error instanceof Halved ? error.refusal : error
    this.#wanted.everything()
    this.#retryAfter = cause instanceof Refusal ? cause.retryAfter : undefined
    this.#note(cause)
    const saved = this.#rest().then(() => this.#parts.records.save())
    // What came before the failure lies over what nobody is to read any more, and who knows when the next sync goes well (C1).
    const noted = saved.then(() => putInOrder(this.#parts)).catch((trouble) => this.#note(trouble))
    this.#rest = () => noted
    this.#parts.onEvent({ kind: 'failed', code: codeOf(cause) })
    if (codeOf(cause) === 'account_deleted') this.#parts.onEvent({ kind: 'account_deleted' })
    this.#dispatch({ kind: 'failed', why: failureOf(cause), fresh: error instanceof Halved })
    if (this.#connection.at !== 'syncing') this.#fail(this.#demands.splice(0), error)
  }

  /** Lets those who were told go first: nobody waits for the rest of a sync, and SQLite writes before it answers. */
  #restSoon(rest: () => Promise<void>): void {
    let begun: Promise<void> | undefined
    const begin = () => {
      cancel()
      begun ??= rest().catch((error) => this.#note(error))
      return begun
    }
    const cancel = this.#parts.clock.after(0, () => void begin())
    this.#rest = begin
  }

  #note(error: unknown): void {
    this.#parts.records.failed(dexFeed(this.#parts.account), this.#parts.clock.now(), codeOf(error))
  }

  #fail(demands: readonly Demand[], error: unknown): void {
    for (const { reject } of demands) reject(error instanceof Halved ? error.refusal : error)
  }

  /** Asks again for feeds that the server could not give yet (W3), until it gives them. */
  #askLater(feeds: readonly string[]): void {
    if (feeds.length === 0) return this.#laterWaits.reset()
    if (this.#asking) return
    this.#asking = true
    const { signal } = this.#lead
    this.#track(
      this.#laterWaits.wait(signal).then(() => {
        this.#asking = false
        if (!signal.aborted) this.#wish(feeds)
      }),
    )
  }
}
