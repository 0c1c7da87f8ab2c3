import type { IDBPDatabase } from 'idb'
import { StoreGone } from '../ports.ts'
import { databasesLike, deleteDatabase, openYielding, writeTo } from './indexeddb-access.ts'
import { FEED_STORES } from './indexeddb-feed.ts'

/**
 * The account's own database. `meta`: `device`, `digest`, and `wiping` while a wipe is under way. `feeds`: what feeds that may have a
 * database are called here, noted before it is made and forgotten after it is deleted, so that none is left behind (C1). `syncs`: by what
 * the feed is called here.
 */
export const ACCOUNT_STORES = ['meta', 'outbox', 'uploads', 'syncs', 'feeds'] as const

const close = (opening: Promise<IDBPDatabase>): void => {
  const nothing = (): void => undefined
  void opening.then((db) => db.close(), nothing)
}

/** What the feeds that may be here are called. */
const calledIn = async (account: IDBPDatabase): Promise<string[]> => (await account.getAllKeys('feeds')) as string[]

/** The open databases of one account: its own, and one for each feed. */
export class Databases {
  readonly #name: string
  readonly #called: (feed: string) => string
  readonly #feeds = new Map<string, Promise<IDBPDatabase>>()
  #account: Promise<IDBPDatabase> | undefined
  #ended = false

  /**
   * @param name of the account's own database; those of its feeds are `name/feed`
   * @param called what a feed is called here
   */
  constructor(name: string, called: (feed: string) => string) {
    this.#name = name
    this.#called = called
  }

  async account(): Promise<IDBPDatabase> {
    this.#check()
    this.#account ??= this.#openAccount()
    const db = await this.#account
    this.#check()
    return db
  }

  /** Does something with the databases of all feeds that may be here. */
  async withAll<Result>(work: (db: IDBPDatabase, called: string) => Promise<Result>): Promise<(Result | undefined)[]> {
    const all = await calledIn(await this.account())
    return Promise.all(all.map((called) => this.#with(called, false, work)))
  }

  /** Does something with a feed's database; undefined, and nothing is done, when there is none and it is not to be made. */
  withFeed<Result>(
    feed: string,
    make: boolean,
    work: (db: IDBPDatabase, called: string) => Promise<Result>,
  ): Promise<Result | undefined> {
    return this.#with(this.#called(feed), make, work)
  }

  async #with<Result>(
    called: string,
    make: boolean,
    work: (db: IDBPDatabase, called: string) => Promise<Result>,
  ): Promise<Result | undefined> {
    const attempt = async () => {
      const db = await this.#feed(called, make)
      return db && work(db, called)
    }
    const result = await attempt().catch((error: unknown) => {
      // Another tab deleted the feed's database between its opening and its use.
      if (error instanceof StoreGone && !this.#ended) return attempt()
      throw error
    })
    if (this.#ended) {
      // Another tab wiped the account meanwhile: what was made after its look around goes too.
      if (make) await deleteDatabase(this.#feedName(called))
      throw new StoreGone()
    }
    return result
  }

  async drop(feed: string): Promise<void> {
    const account = await this.account()
    const called = this.#called(feed)
    this.#closeFeed(called)
    await deleteDatabase(this.#feedName(called))
    await writeTo(account, ['feeds'], 'strict', ({ store }) => store('feeds').delete(called))
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
    const known = await calledIn(account)
    account.close()
    for (const feed of [...this.#feeds.keys()]) this.#closeFeed(feed)
    await Promise.all(known.map((called) => deleteDatabase(this.#feedName(called))))
    await deleteDatabase(this.#name)
    for (const name of await databasesLike(`${this.#name}/`)) await deleteDatabase(name)
  }

  async #feed(called: string, make: boolean): Promise<IDBPDatabase | undefined> {
    const account = await this.account()
    const open = this.#feeds.get(called)
    if (open) return open
    if (make) await writeTo(account, ['feeds'], 'relaxed', ({ store }) => store('feeds').put(1, called))
    else if ((await account.getKey('feeds', called)) === undefined) return undefined
    return this.#feeds.get(called) ?? this.#openFeed(called)
  }

  #openFeed(called: string): Promise<IDBPDatabase> {
    const forget = (): void => {
      if (this.#feeds.get(called) === opening) this.#feeds.delete(called)
    }
    const opening = openYielding(this.#feedName(called), FEED_STORES, forget)
    this.#feeds.set(called, opening)
    opening.catch(forget)
    return opening
  }

  #closeFeed(called: string): void {
    const opening = this.#feeds.get(called)
    this.#feeds.delete(called)
    if (opening) close(opening)
  }

  #feedName(called: string): string {
    return `${this.#name}/${called}`
  }

  #check(): void {
    if (this.#ended) throw new StoreGone()
  }
}
