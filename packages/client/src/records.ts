import type { FeedBook } from './feeds.ts'
import { isKnownType } from './lines.ts'
import type { ContentTrouble, LocalStore, SyncRecord } from './ports.ts'
import type { Strange, Taken } from './take.ts'

/** How old a stored success may be before one that changed nothing is worth another write, in milliseconds. */
const WORTH_WRITING = 60_000

const NOTHING_STRANGE: Strange = { came: new Set(), left: new Set(), anew: false }

/** What is not known by now either: a newer program may know what an older one did not. */
function stillStrange(trouble: ContentTrouble | undefined): ContentTrouble | undefined {
  if (trouble?.code !== 'item_not_understood') return trouble
  return (trouble.types ?? []).some((type) => !isKnownType(type)) ? trouble : undefined
}

/** What is wrong with a feed's content after it has come: what was refused has come with it, what is not understood stays until it leaves. */
function troubleAfter(
  before: ContentTrouble | undefined,
  at: number,
  code: ContentTrouble['code'] | undefined,
  { came, left, anew }: Strange = NOTHING_STRANGE,
): ContentTrouble | undefined {
  if (code === 'chunk_refused') return { at, code }
  const kept = before?.code === 'item_not_understood' && !anew ? (before.types ?? []).filter((type) => !left.has(type)) : []
  const types = [...new Set([...kept, ...came])]
  if (types.length === 0) return undefined
  return came.size === 0 && types.length === before?.types?.length ? before : { at, code: 'item_not_understood', types }
}

function withTrouble({ trouble: _, ...row }: SyncRecord, trouble: ContentTrouble | undefined): SyncRecord {
  return trouble ? { ...row, trouble } : row
}

/** State of sync for each feed, and the digest, apart from content (C5). */
export class Records {
  readonly #store: LocalStore
  readonly #rows = new Map<string, SyncRecord>()
  readonly #written = new Map<string, number>()
  digest: string | undefined

  constructor(store: LocalStore) {
    this.#store = store
  }

  load(rows: readonly SyncRecord[], digest: string | undefined): void {
    this.#rows.clear()
    for (const read of rows) {
      const row = withTrouble(read, stillStrange(read.trouble))
      this.#rows.set(row.feed, row)
      if (row.lastSuccess !== undefined) this.#written.set(row.feed, row.lastSuccess)
    }
    this.digest = digest
  }

  all(): readonly SyncRecord[] {
    return [...this.#rows.values()]
  }

  of(feed: string): SyncRecord | undefined {
    return this.#rows.get(feed)
  }

  /** The latest success, error and trouble of any feed. */
  latest(): Pick<SyncRecord, 'lastSuccess' | 'lastError' | 'trouble'> {
    let lastSuccess: number | undefined
    let lastError: SyncRecord['lastError']
    let trouble: SyncRecord['trouble']
    for (const row of this.#rows.values()) {
      if (row.lastSuccess !== undefined) lastSuccess = Math.max(lastSuccess ?? 0, row.lastSuccess)
      if (row.lastError && row.lastError.at >= (lastError?.at ?? 0)) lastError = row.lastError
      if (row.trouble && row.trouble.at >= (trouble?.at ?? 0)) trouble = row.trouble
    }
    return {
      ...(lastSuccess === undefined ? {} : { lastSuccess }),
      ...(lastError ? { lastError } : {}),
      ...(trouble ? { trouble } : {}),
    }
  }

  /** Notes a success of these feeds, with what was wrong in it all the same (C4); answers whether it is worth writing. */
  succeeded(feeds: Iterable<string>, at: number, { troubles, strange }: Pick<Taken, 'troubles' | 'strange'>): boolean {
    let worth = false
    for (const feed of feeds) {
      const code = troubles.get(feed)
      // A feed that was refused stands where it stood.
      const success = code === 'chunk_refused' ? {} : { lastSuccess: at }
      const row = { ...this.#rows.get(feed), feed, ...success, ...(code ? { lastError: { at, code } } : {}) }
      const trouble = troubleAfter(row.trouble, at, code, strange.get(feed))
      this.#rows.set(feed, withTrouble(row, trouble))
      worth ||= code !== undefined || trouble !== row.trouble || at - (this.#written.get(feed) ?? 0) > WORTH_WRITING
    }
    return worth
  }

  /**
   * The digest, while all that it stands for is here: each feed that ever came. Of one that is missing the server would else say that
   * nothing of it is new (E41).
   */
  digestOf(book: FeedBook): string | undefined {
    const isHere = (feed: string) => {
      const state = book.state(feed)
      return state?.complete === true && state.cursor !== undefined
    }
    return this.all().every(({ feed, lastSuccess }) => lastSuccess === undefined || isHere(feed)) ? this.digest : undefined
  }

  /** A feed that the digest stands for was lost. */
  async dropDigest(): Promise<void> {
    this.digest = undefined
    await this.#store.writeAccount({ digest: null })
  }

  /** What lay here of a feed does not open: that is so until it has come again (E41). */
  lost(feed: string, at: number): void {
    const code = 'seal_broken'
    this.#rows.set(feed, { ...this.#rows.get(feed), feed, lastError: { at, code }, trouble: { at, code } })
  }

  failed(feed: string, at: number, code: string): void {
    this.#rows.set(feed, { ...this.#rows.get(feed), feed, lastError: { at, code } })
  }

  /** After all that is followed has come: a feed that was lost and did not come again is not followed any more (P5). */
  async forgetMissing(book: FeedBook): Promise<void> {
    for (const { feed } of this.all()) if (!book.state(feed)) await this.forget(feed)
  }

  /** A feed went, and what was known of it with it. */
  async forget(feed: string): Promise<void> {
    this.#rows.delete(feed)
    this.#written.delete(feed)
    await this.#store.writeAccount({ dropSyncs: [feed] })
  }

  /** Writes what is known; a digest other than the stored one goes with it. */
  async save(digest?: string): Promise<void> {
    const syncs = this.all()
    await this.#store.writeAccount({ syncs, ...(digest === undefined ? {} : { digest }) })
    if (digest !== undefined) this.digest = digest
    for (const { feed, lastSuccess } of syncs) if (lastSuccess !== undefined) this.#written.set(feed, lastSuccess)
  }
}
