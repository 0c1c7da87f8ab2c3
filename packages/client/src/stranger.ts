import type { ProfileItem } from '@biologidex/core/accounts/account'
import type { AnimalItem, Names } from '@biologidex/core/animals/animal'
import { calledAs, namesTyped } from '@biologidex/core/animals/called'
import { AppError } from '@biologidex/core/errors'
import { friendRoutes } from '@biologidex/core/friends/routes'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { Bell } from './bell.ts'
import { FeedContent } from './content.ts'
import type { StrangerView } from './face.ts'
import { faceError, send } from './http.ts'
import { type Line, readLines } from './lines.ts'
import { type Clock, NetworkFailure, type Transport } from './ports.ts'

export interface StrangerParts {
  readonly transport: Transport
  readonly clock: Clock
  /** Aborts when the engine stops. */
  readonly signal: AbortSignal
}

/** A stranger's public entries, page by page, in memory alone (F1, E48). */
export class StrangerPages implements StrangerView {
  readonly account: string
  complete = false
  readonly #parts: StrangerParts
  readonly #bell = new Bell()
  readonly #closing = new AbortController()
  readonly #onEnd = () => this.#closing.abort()
  #content = new FeedContent()
  #entries: ReadonlyMap<string, EntryOnScreen> | undefined
  #called: ReadonlyMap<string, Names> | undefined
  #cursor: string | undefined
  #reading: Promise<void> | undefined

  constructor(parts: StrangerParts, account: string) {
    this.#parts = parts
    this.account = account
    parts.signal.addEventListener('abort', this.#onEnd, { once: true })
  }

  get entries(): ReadonlyMap<string, EntryOnScreen> {
    this.#entries ??= new Map(this.#content.entries)
    return this.#entries
  }

  get profile(): ProfileItem | undefined {
    return this.#content.profile
  }

  animal(id: string): AnimalItem | undefined {
    return calledAs(this.#content.animals.get(id), () => {
      this.#called ??= namesTyped(this.#content.entries.values())
      return this.#called
    })
  }

  more(): Promise<void> {
    if (this.complete) return Promise.resolve()
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  subscribe(listener: () => void): () => void {
    return this.#bell.listen(listener)
  }

  close(): void {
    this.#parts.signal.removeEventListener('abort', this.#onEnd)
    this.#closing.abort()
    this.#bell.clear()
  }

  async #read(): Promise<void> {
    const { transport, clock } = this.#parts
    const query = this.#cursor === undefined ? '' : `?cursor=${encodeURIComponent(this.#cursor)}`
    const path = `${friendRoutes.publicDex.path.replace(':dex', encodeURIComponent(this.account))}${query}`
    try {
      const response = await send(transport, clock, { method: 'GET', path, signal: this.#closing.signal })
      let whole = true
      for await (const line of readLines(response)) {
        this.#take(line)
        if (line.kind === 'chunk') whole = line.chunk.whole === true
      }
      this.complete = whole
    } catch (error) {
      const problem = faceError(error)
      if (problem instanceof AppError && problem.code === 'not_found') this.#forget()
      throw problem
    }
    this.#show()
  }

  #show(): void {
    this.#entries = undefined
    this.#called = undefined
    this.#bell.ring()
  }

  /** They are not there, or not for this account any more: nor is what was read of them. */
  #forget(): void {
    this.#content = new FeedContent()
    this.#cursor = undefined
    this.#show()
  }

  #take(line: Line): void {
    if (line.kind === 'bad_chunk') throw new NetworkFailure('a page that cannot be read')
    if (line.kind === 'hello') {
      const mode = line.hello.feeds[0]?.mode
      if (mode === 'later') throw new AppError('unavailable')
      // The feed is another one than the pages before were of: they are worth nothing.
      if (mode === 'reset' || mode === 'restored') this.#content = new FeedContent()
    }
    if (line.kind !== 'chunk') return
    const { cursor, removed = [], animals = [] } = line.chunk
    this.#content.apply({ items: line.items, removed, animals })
    this.#cursor = cursor
  }
}
