import type { IDBPDatabase } from 'idb'
import { StoreGone } from '../ports.ts'
import { databasesLike, deleteDatabase, openYielding, writeTo } from './indexeddb-access.ts'
import { FEED_STORES } from './indexeddb-feed.ts'

/**
 * The account's own database. `meta`: `device`, `digest`, and `wiping` while a wipe is under way. `feeds`: the names of feeds that
 * may have a database, noted before it is made and forgotten after it is deleted, so that none is left behind (C1).
 */
export const ACCOUNT_STORES = ['meta', 'outbox', 'uploads', 'syncs', 'feeds'] as const

const close = (opening: Promise<IDBPDatabase>): void => {
  const nothing = (): void => undefined
  void opening.then((db) => db.close(), nothing)
}

/** The open databases of one account: its own, and one for each feed. */
export class Databases {
  readonly #name: string
  readonly #feeds = new Map<string, Promise<IDBPDatabase>>()
  #account: Promise<IDBPDatabase> | undefined
  #ended = false

  /** @param name of the account's own database; those of its feeds are `name/feed` */
  constructor(name: string) {
    this.#name = name
  }

  async account(): Promise<IDBPDatabase> {
    this.#check()
    this.#account ??= this.#openAccount()
    const db = await this.#account
    this.#check()
    return db
  }

  /** Names of the feeds that may be here. */
  async feeds(): Promise<string[]> {
    return (await (await this.account()).getAllKeys('feeds')) as string[]
  }

  /** Does something with a feed's database; undefined, and nothing is done, when there is none and it is not to be made. */
  async withFeed<Result>(
    feed: string,
    make: boolean,
    work: (db: IDBPDatabase) => Promise<Result>,
  ): Promise<Result | undefined> {
    const attempt = async () => {
      const db = await this.#feed(feed, make)
      return db && work(db)
    }
    const result = await attempt().catch((error: unknown) => {
      // Another tab deleted the feed's database between its opening and its use.
      if (error instanceof StoreGone && !this.#ended) return attempt()
      throw error
    })
    if (this.#ended) {
      // Another tab wiped the account meanwhile: what was made after its look around goes too.
      if (make) await deleteDatabase(this.#feedName(feed))
      throw new StoreGone()
    }
    return result
  }

  async drop(feed: string): Promise<void> {
    const account = await this.account()
    this.#closeFeed(feed)
    await deleteDatabase(this.#feedName(feed))
    await writeTo(account, ['feeds'], 'strict', ({ store }) => store('feeds').delete(feed))
  }

  /** Deletes all databases of the account. A wipe that was cut off is finished at the next opening. */
  async wipe(): Promise<void> {
    const account = await this.account()
    await writeTo(account, ACCOUNT_STORES, 'strict', ({ store }) => {
      for (const name of ['meta', 'outbox', 'uploads', 'syncs']) store(name).clear()
      store('meta').put(true, 'wiping')
    })
    await this.#deleteAll(account)
    this.close()
  }

  close(): void {
    this.#ended = true
    if (this.#account) close(this.#account)
    for (const feed of [...this.#feeds.keys()]) this.#closeFeed(feed)
  }

  async #openAccount(): Promise<IDBPDatabase> {
    const open = () => openYielding(this.#name, ACCOUNT_STORES, () => this.close())
    const db = await open()
    if (!(await db.get('meta', 'wiping'))) return db
    await this.#deleteAll(db)
    return open()
  }

  async #deleteAll(account: IDBPDatabase): Promise<void> {
    const known = (await account.getAllKeys('feeds')) as string[]
    account.close()
    for (const feed of [...this.#feeds.keys()]) this.#closeFeed(feed)
    await Promise.all(known.map((feed) => deleteDatabase(this.#feedName(feed))))
    await deleteDatabase(this.#name)
    for (const name of await databasesLike(`${this.#name}/`)) await deleteDatabase(name)
  }

  async #feed(feed: string, make: boolean): Promise<IDBPDatabase | undefined> {
    const account = await this.account()
    const open = this.#feeds.get(feed)
    if (open) return open
    if (make) await writeTo(account, ['feeds'], 'relaxed', ({ store }) => store('feeds').put(1, feed))
    else if ((await account.getKey('feeds', feed)) === undefined) return undefined
    return this.#feeds.get(feed) ?? this.#openFeed(feed)
  }

  #openFeed(feed: string): Promise<IDBPDatabase> {
    const forget = (): void => {
      if (this.#feeds.get(feed) === opening) this.#feeds.delete(feed)
    }
    const opening = openYielding(this.#feedName(feed), FEED_STORES, forget)
    this.#feeds.set(feed, opening)
    opening.catch(forget)
    return opening
  }

  #closeFeed(feed: string): void {
    const opening = this.#feeds.get(feed)
    this.#feeds.delete(feed)
    if (opening) close(opening)
  }

  #feedName(feed: string): string {
    return `${this.#name}/${feed}`
  }

  #check(): void {
    if (this.#ended) throw new StoreGone()
  }
}
