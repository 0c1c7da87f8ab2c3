import type { Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import { ACCOUNT } from './feed-writer.ts'
import { topicOf } from './nudges.ts'
import { nameOf } from './pull.service.ts'

/** What a stream of events is told. */
export interface FollowingListener {
  /** A feed that is followed moved, or came to be followed; its name on the wire. */
  moved(feed: string): void
  /** A feed is followed no more, or what is followed can't be told. */
  lost(): void
}

/** Listens to the feeds that an account follows, and to those it comes to follow (N1). */
export class Following {
  readonly #ctx: Context
  readonly #account: string
  readonly #listener: FollowingListener
  #names: ReadonlyMap<string, string> = new Map()
  #unlisten: () => void = () => undefined
  #stopped = false
  #looking: Promise<unknown> = Promise.resolve()

  constructor(ctx: Context, account: string, listener: FollowingListener) {
    this.#ctx = ctx
    this.#account = account
    this.#listener = listener
  }

  /** Begins to listen. @returns where the feeds stood when it already listened: what moves from then on is told */
  async start(): Promise<readonly FeedHead[]> {
    for (;;) {
      const heads = await this.#ctx.db.hot.followed(this.#account)
      const names = new Map(heads.map((head) => [topicOf(head.owner, head.kind), nameOf(head)]))
      const same = names.size === this.#names.size && [...names.keys()].every((topic) => this.#names.has(topic))
      if (this.#stopped || same) return heads
      this.#listenTo(names)
    }
  }

  /** Looks again at what is followed: another process may have changed it. */
  check(): void {
    // One after another: an older answer must not come to stand in place of a newer one.
    this.#looking = this.#looking.then(() => this.#lookAgain()).catch(() => this.#listener.lost())
  }

  stop(): void {
    this.#stopped = true
    this.#unlisten()
  }

  #listenTo(names: ReadonlyMap<string, string>): void {
    this.#unlisten()
    this.#names = names
    this.#unlisten = this.#ctx.nudges.listen([...names.keys()], (topic) => this.#hear(topic))
  }

  #hear(topic: string): void {
    this.#listener.moved(this.#names.get(topic) ?? '')
    if (topic === topicOf(this.#account, ACCOUNT)) this.check()
  }

  async #lookAgain(): Promise<void> {
    const before = this.#names
    await this.start()
    if (this.#stopped) return
    // A right that went away closes the stream: the device connects anew, and its pull tells it.
    if ([...before.keys()].some((topic) => !this.#names.has(topic))) this.#listener.lost()
    for (const [topic, name] of this.#names) if (!before.has(topic)) this.#listener.moved(name)
  }
}
