import { accountFeed, CATALOGUE, dexFeed } from '@biologidex/core/sync/wire'
import type { CatalogueView, DexView, PeopleView } from './face.ts'
import { LiveFeeds, type LiveParts } from './live.ts'
import type { Outbox } from './outbox.ts'
import { LocalPeopleView } from './people-view.ts'
import { LocalCatalogueView, LocalDexView } from './view.ts'

/** The views that are open, and the feeds they share. */
export class Views {
  readonly #account: string
  readonly #outbox: Outbox
  readonly #live: LiveFeeds
  readonly #onClosed: () => void
  readonly #open = new Set<LocalDexView>()
  readonly #people = new Set<LocalPeopleView>()

  /** @param onClosed called when a view went: what was counted in it counts no more */
  constructor(account: string, outbox: Outbox, parts: LiveParts, onClosed: () => void) {
    this.#account = account
    this.#outbox = outbox
    this.#live = new LiveFeeds(parts)
    this.#onClosed = onClosed
  }

  async dex(account: string): Promise<DexView> {
    const feed = dexFeed(account)
    const dex = await this.#live.open(feed)
    try {
      const catalogue = await this.#live.open(CATALOGUE)
      const changes = () => (account === this.#account ? this.#outbox.changes : [])
      const view = new LocalDexView({ account, dex, catalogue, changes, onClose: (closed) => this.#closed(closed, feed) })
      this.#open.add(view)
      return view
    } catch (error) {
      this.#live.release(feed)
      throw error
    }
  }

  async catalogue(): Promise<CatalogueView> {
    const live = await this.#live.open(CATALOGUE)
    return new LocalCatalogueView(live, () => this.#live.release(CATALOGUE))
  }

  async people(): Promise<PeopleView> {
    const feed = accountFeed(this.#account)
    const live = await this.#live.open(feed)
    const onClose = (closed: LocalPeopleView) => {
      if (this.#people.delete(closed)) this.#live.release(feed)
    }
    const view = new LocalPeopleView({ live, changes: () => this.#outbox.changes, onClose })
    this.#people.add(view)
    return view
  }

  /** The outbox changed: the own dex looks otherwise, and so do people. */
  refresh(): void {
    for (const view of this.#people) view.refresh()
    for (const view of this.#open) if (view.account === this.#account) view.refresh()
  }

  /** Clashes of the own dex that wait for the person; none are known while no view of it is open (E9). */
  conflicts(): number {
    for (const view of this.#open) if (view.account === this.#account) return view.conflicts.size
    return 0
  }

  /** Resolves when what other tabs wrote is in all views. */
  settled(): Promise<void> {
    return this.#live.settled()
  }

  close(): void {
    this.#open.clear()
    this.#people.clear()
    this.#live.close()
  }

  #closed(view: LocalDexView, feed: string): void {
    if (!this.#open.delete(view)) return
    this.#live.release(feed)
    this.#live.release(CATALOGUE)
    this.#onClosed()
  }
}
