import { AppError, ERRORS, type ErrorCode } from '@biologidex/core/errors'
import { dexFeed } from '@biologidex/core/sync/wire'
import { Backoff } from './backoff.ts'
import type { EngineEvent } from './face.ts'
import type { FeedBook } from './feeds.ts'
import { codeOf, faceError } from './http.ts'
import type { Leader } from './leader.ts'
import type { Outbox } from './outbox.ts'
import { type ChannelMessage, NetworkFailure, type Ports } from './ports.ts'
import type { Records } from './records.ts'
import { LOOK_AFTER, orphans, SWEEP_AFTER } from './sweep.ts'
import { Asking, type LeaderNews, newsOf } from './tabs.ts'

export interface TabParts {
  readonly account: string
  readonly ports: Ports
  readonly leader: Leader
  readonly outbox: Outbox
  readonly book: FeedBook
  readonly records: Records
  /** Drops cached pictures that nothing here shows, as a crash, or an older program, leaves them. */
  readonly tidy: () => Promise<void>
  /** Drops a feed that does not open. */
  readonly lose: (feed: string) => Promise<void>
  /** Feeds were changed by another tab. */
  readonly onFeeds: (feeds: readonly string[]) => void
  /** Resolves when views have read what changed. */
  readonly settled: () => Promise<void>
  readonly onStatus: () => void
  readonly onEvent: (event: EngineEvent) => void
  readonly onTrouble: (error: unknown) => void
  readonly onWiped: () => void
}

const stopped = () => new NetworkFailure('the engine was stopped')

/** An error that another tab named by its code. */
const errorOf = (code: string): Error => (code in ERRORS ? new AppError(code as ErrorCode) : new NetworkFailure(code))

/** One tab among several of the account (C3): leads when it may, and else hears from the one that does. */
export class Tab {
  readonly #parts: TabParts
  readonly #asking: Asking
  readonly #ending = new AbortController()
  #leading = false
  #following = false
  #news: LeaderNews | undefined
  #posted = ''
  /** Dexes' feeds that were looked at here, until whoever leads has noted it. */
  readonly #looks = new Set<string>()
  /** Feeds that did not open here while another tab led, or none. */
  readonly #losses = new Set<string>()
  #loop: Promise<void> = Promise.resolve()
  #unlisten: (() => void) | undefined

  constructor(parts: TabParts) {
    this.#parts = parts
    this.#asking = new Asking(parts.ports.channel)
  }

  /** Begins to listen, and to stand in line for the lead. */
  start(): void {
    const { channel } = this.#parts.ports
    this.#unlisten = channel.onMessage((message) => this.#hear(message))
    this.#loop = this.#line()
    // A leader that was signed out, or gave up for another reason a person can mend, tries again.
    channel.post({ kind: 'sync-please' })
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    this.#unlisten?.()
    for (const { reject } of this.#asking.takeAll()) reject(stopped())
    await this.#loop
  }

  /** How sync stands, here or in the tab that leads. */
  status(): LeaderNews['status'] {
    if (this.#ending.signal.aborted) return { connection: 'stopped' }
    if (!this.#leading) return this.#news?.status ?? { connection: 'idle', ...this.#parts.records.latest() }
    const { connection, progress, nextRetry } = this.#parts.leader
    return {
      connection: connection.at,
      ...(progress ? { progress } : {}),
      ...(nextRetry === undefined ? {} : { nextRetry }),
      ...this.#parts.records.latest(),
    }
  }

  sync(): Promise<number> {
    if (this.#ending.signal.aborted) return Promise.reject(stopped())
    if (this.#leading) return this.#parts.leader.demand()
    return new Promise((resolve, reject) => {
      this.#asking.ask(this.#parts.ports.random.uuid(), { resolve, reject })
    })
  }

  /** Changes were made in this tab. */
  wrote(): void {
    if (this.#leading) this.#parts.leader.changedHere()
  }

  /** The person looks at a dex. Only the leading tab writes to feeds: if none does now, this one notes it once it leads. */
  async looked(account: string): Promise<void> {
    const feed = dexFeed(account)
    if (this.#leading) await this.#parts.book.looked(feed)
    else {
      this.#looks.add(feed)
      this.#parts.ports.channel.post({ kind: 'looked', account })
    }
  }

  /**
   * A feed does not open: it is dropped and all is pulled. Another tab than the leading one, which may be writing to the feed just now,
   * only says so, and does it itself should it come to lead.
   */
  async lost(feed: string): Promise<void> {
    if (!this.#leading) {
      this.#losses.add(feed)
      this.#parts.book.disown(feed)
      this.#parts.ports.channel.post({ kind: 'lost', feed })
      return
    }
    await this.#parts.lose(feed)
    this.#parts.leader.syncAll()
  }

  /** The leading engine stands otherwise, or something happened in it. */
  tell(event?: EngineEvent, answer?: LeaderNews['answer']): void {
    if (!this.#leading) return
    const status = this.status()
    const text = JSON.stringify(status)
    if (!event && !answer && text === this.#posted) return
    this.#posted = text
    const news: LeaderNews = { status, ...(event ? { event } : {}), ...(answer ? { answer } : {}) }
    this.#parts.ports.channel.post({ kind: 'status', status: news })
  }

  /** Stands in line for the lead again and again; ends at `stop`. */
  async #line(): Promise<void> {
    const { clock, random, lock } = this.#parts.ports
    const backoff = new Backoff(clock, random)
    const { signal } = this.#ending
    while (!signal.aborted) {
      try {
        await lock.lead((held) => this.#lead(held), signal)
      } catch (error) {
        this.#parts.onTrouble(error)
      }
      this.#leading = false
      if (!signal.aborted) await backoff.wait(signal)
    }
  }

  async #lead(signal: AbortSignal): Promise<void> {
    await this.#parts.outbox.reload(() => this.#base())
    if (signal.aborted) return
    this.#leading = true
    for (const feed of this.#looks) this.#parts.book.looked(feed).catch(this.#parts.onTrouble)
    this.#looks.clear()
    for (const feed of this.#losses) await this.#parts.lose(feed)
    this.#losses.clear()
    const unsweep = this.#sweep()
    await this.#parts.leader.lead(signal, this.#asking.takeAll())
    unsweep()
    this.#leading = false
    this.#news = undefined
  }

  /** Deletes bytes that nothing refers to, if that is still so after a while; answers a cancel. */
  #sweep(): () => void {
    const { ports, book, account, tidy, onTrouble } = this.#parts
    const find = () => orphans(ports.blobs, ports.store, book, account)
    let ended = false
    let cancel: () => void = () => undefined
    const look = async () => {
      await tidy()
      const before = new Set(await find())
      const sweep = async () => ports.blobs.delete((await find()).filter((key) => before.has(key)))
      if (before.size > 0 && !ended) cancel = ports.clock.after(SWEEP_AFTER, () => void sweep().catch(onTrouble))
    }
    cancel = ports.clock.after(LOOK_AFTER, () => void look().catch(onTrouble))
    return () => {
      ended = true
      cancel()
    }
  }

  /** Brings feeds, views and records up to what the store holds. */
  async #base(): Promise<void> {
    const state = await this.#parts.ports.store.load()
    this.#parts.book.reread(state.feeds)
    this.#parts.records.load(state.syncs, state.digest)
    await this.#parts.settled()
  }

  #hear(message: ChannelMessage): void {
    const { outbox, leader, onTrouble, onWiped } = this.#parts
    if (message.kind === 'feeds') {
      this.#parts.onFeeds(message.feeds)
      // Noted, or come further than what was looked at.
      for (const feed of message.feeds) this.#looks.delete(feed)
      for (const feed of message.feeds) this.#losses.delete(feed)
    }
    if (message.kind === 'outbox' && this.#leading) outbox.reload().then(() => leader.changedHere(), onTrouble)
    else if (message.kind === 'outbox' || message.kind === 'feeds') {
      if (!this.#leading) this.#follow()
    } else if (message.kind === 'sync-please') this.#serve(message.id)
    else if (message.kind === 'looked') {
      // While nobody leads, each of those that stand in line keeps it.
      if (this.#leading) this.looked(message.account).catch(onTrouble)
      else this.#looks.add(dexFeed(message.account))
    } else if (message.kind === 'lost') {
      if (this.#leading) this.lost(message.feed).catch(onTrouble)
    } else if (message.kind === 'wiped') onWiped()
    else this.#learn(newsOf(message.status))
  }

  /** Takes over what other tabs wrote; all that was said until it begins to read is one. */
  #follow(): void {
    if (this.#following) return
    this.#following = true
    const begins = () => {
      this.#following = false
    }
    this.#parts.outbox.reload(() => this.#base(), begins).catch(this.#parts.onTrouble)
  }

  #serve(id: string | undefined): void {
    if (!this.#leading) return
    const answer = (rest: { changed: number } | { code: string }) => id !== undefined && this.tell(undefined, { id, ...rest })
    this.#parts.leader.demand().then(
      (changed) => answer({ changed }),
      (error) => answer({ code: codeOf(faceError(error)) }),
    )
  }

  #learn(news: LeaderNews | undefined): void {
    if (!news || this.#leading) return
    this.#news = news
    this.#parts.onStatus()
    if (news.event) this.#parts.onEvent(news.event)
    if (news.answer) this.#asking.answered(news.answer, errorOf)
  }
}
