import { MARK, Marks, markOf } from './marks.ts'
import type { FeedSummary } from './ports.ts'

/** The entries of a dex as far as a count of them needs to know: which there are, which are new, and the latest observation. */
export class Tally {
  #entries = new Marks()
  #news = new Marks()
  /** False while the person has never looked: all is new then. */
  #looked = false
  #latest: { readonly mark: string; readonly at: string } | undefined
  #latestKnown = true

  /** Reads what `text` wrote, and at which cursor; undefined for what is none. */
  static read(text: string): { readonly tally: Tally; readonly cursor: string } | undefined {
    const [cursor, looked, entries, news, latest, ...rest] = text.split('\n')
    if (cursor === undefined || entries === undefined || news === undefined || latest === undefined || rest.length > 0)
      return undefined
    const tally = new Tally()
    tally.#looked = looked === 'looked'
    tally.#entries = new Marks(entries)
    tally.#news = new Marks(news)
    if (latest) tally.#latest = { mark: latest.slice(0, MARK), at: latest.slice(MARK) }
    return { tally, cursor }
  }

  /** As text, with the cursor whose content it counts. */
  text(cursor: string): string {
    const latest = this.#latest ? this.#latest.mark + this.#latest.at : ''
    const looked = this.#looked ? 'looked' : 'never'
    return [cursor, looked, String(this.#entries), String(this.#news), latest].join('\n')
  }

  get size(): number {
    return this.#entries.size
  }

  has(id: string): boolean {
    return this.#entries.has(markOf(id))
  }

  get summary(): FeedSummary {
    return {
      entries: this.#entries.size,
      news: this.#looked ? this.#news.size : this.#entries.size,
      ...(this.#latest ? { latest: this.#latest.at } : {}),
      ...(this.#latestKnown ? {} : { uncertain: true as const }),
    }
  }

  /** Many entries are about to come or go. */
  expectMany(): void {
    this.#entries.expectMany()
    this.#news.expectMany()
  }

  /** An entry came or changed; answers whether it was here. `at` is its observation date. */
  put(id: string, at: string | undefined): boolean {
    const mark = markOf(id)
    const isNew = this.#entries.add(mark)
    if (this.#looked) this.#news.add(mark)
    if (this.#latest?.mark === mark && (at === undefined || at < this.#latest.at)) this.#loseLatest()
    if (at !== undefined && at >= (this.#latest?.at ?? '')) this.#latest = { mark, at }
    return !isNew
  }

  /** An entry went; answers whether it was here. */
  remove(id: string): boolean {
    const mark = markOf(id)
    this.#news.delete(mark)
    if (this.#latest?.mark === mark) this.#loseLatest()
    return this.#entries.delete(mark)
  }

  /** The person looks: nothing is new any more. */
  look(): void {
    this.#looked = true
    this.#news.clear()
  }

  /** Takes the place of an older count of the same dex: what that one did not have is new, and what was new there still is. */
  follow(old: Tally): void {
    this.#looked = old.#looked
    this.#news.clear()
    if (!this.#looked) return
    for (const mark of this.#entries) if (!old.#entries.has(mark) || old.#news.has(mark)) this.#news.add(mark)
  }

  /** Which was the latest before it is not known: all have to be looked at. */
  #loseLatest(): void {
    this.#latest = undefined
    this.#latestKnown = this.#entries.size <= 1
  }
}
