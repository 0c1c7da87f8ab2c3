import type { DexView, Engine } from '@biologidex/client/face'

/** Dexes of others that stay open after they were looked at, so that going back to one takes no reading. */
const MOST = 4

/** The dexes of others that are open: those looked at last. */
export class OpenDexes {
  readonly #engine: Pick<Engine, 'openDex'>
  /** By account, the one asked for last at the end. */
  readonly #views = new Map<string, DexView>()
  readonly #opening = new Map<string, Promise<DexView>>()
  #closed = false

  constructor(engine: Pick<Engine, 'openDex'>) {
    this.#engine = engine
  }

  /** The dex if it is open. */
  peek(account: string): DexView | undefined {
    return this.#views.get(account)
  }

  /** Opens a dex, or brings it to the front. Rejects when the store cannot be read, or when this was closed meanwhile. */
  async open(account: string): Promise<DexView> {
    const view = this.#views.get(account) ?? (await this.#read(account))
    this.#views.delete(account)
    this.#views.set(account, view)
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= MOST) break
      this.drop(oldest)
    }
    return view
  }

  /** Closes a dex: what it held is no longer in the page. */
  drop(account: string): void {
    this.#views.get(account)?.close()
    this.#views.delete(account)
  }

  /** Closes all that are no longer to be seen; answers which. */
  keepOnly(isToBeSeen: (account: string) => boolean): string[] {
    const gone = [...this.#views.keys()].filter((account) => !isToBeSeen(account))
    for (const account of gone) this.drop(account)
    return gone
  }

  close(): void {
    this.#closed = true
    this.keepOnly(() => false)
  }

  async #read(account: string): Promise<DexView> {
    const known = this.#opening.get(account)
    if (known) return known
    const opening = this.#engine.openDex(account)
    this.#opening.set(account, opening)
    try {
      const view = await opening
      if (!this.#closed) return view
      view.close()
      throw new Error('The session ended while a dex was being opened.')
    } finally {
      this.#opening.delete(account)
    }
  }
}
