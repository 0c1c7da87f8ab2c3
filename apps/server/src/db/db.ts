import type { Kysely } from 'kysely'
import type { Random } from '../random.ts'
import type { Others } from './others.ts'
import type { Tables } from './tables.ts'
import type { V1Queries } from './v1-queries.ts'

/**
 * A write that took longer than this is undone instead of committed, in milliseconds: readers by time (V1) look back further than
 * that, so that no row can come to light behind them.
 */
export const LONGEST_WRITE_MS = 30_000

/** Rows of one stretch of a feed, joined inside the database (numbers.md, 6). */
export interface FeedStretch {
  /** Payloads joined with commas, in order, as UTF-8; empty when there are none. */
  readonly items: Uint8Array
  readonly count: number
  /** Position of the last row read; undefined when there was none. */
  readonly last: number | undefined
  /** Keys of rows that are removals. */
  readonly removed: readonly string[]
  /** Ids of the animals that the items name, each once. */
  readonly animals: readonly string[]
  /** The feed's tombstone floor as these rows were read (F2). */
  readonly floor: number
}

export interface FeedHead {
  readonly id: number
  readonly owner: string
  readonly kind: string
  readonly epoch: string
  readonly head: number
  readonly floor: number
  readonly live: number
  /** While it is not 0 nothing of the feed is served (W3). */
  readonly closed: number
  /** When it changed last, and when a PNG of one of its entries was made last, by the database's clock. */
  readonly changedAt: number
  readonly picturedAt: number
  /** Who read it before this, by time, reads all of it anew: its epoch or the friendship is of then (V1). */
  readonly wholeBefore: number
}

export interface SessionRow {
  readonly id: string
  readonly account: string
  readonly kind: string
  readonly lastSeen: number
  readonly device: string
}

/**
 * The queries that decide the speed of an unchanged pull and of a first sync, prepared by hand per dialect.
 * Everything else goes through Kysely.
 */
export interface HotQueries {
  session(tokenHash: string): Promise<SessionRow | undefined>
  /** Whether a session has not been ended. */
  sessionStands(id: string): Promise<boolean>
  feedHead(owner: string, kind: string): Promise<FeedHead | undefined>
  /**
   * Heads of what an account follows now (F1): its dex, its account feed, the catalogue, then its friends' dexes as friends see
   * them, by their owners' ids. Look-ups by key, no scan (G1). The same object as before means that nothing has moved.
   */
  followed(account: string): Promise<readonly FeedHead[]>
  /** `digestOf` of what `followed` would answer now, joined inside the database: most pulls need no more than this (numbers.md, 4). */
  followedDigest(account: string): Promise<string>
  /**
   * Whether a feed that an account was found to follow is still for it to read: not closed (W3), and if it is a friend's,
   * the friendship still stands (P7). Never remembered.
   */
  mayRead(account: string, feed: number): Promise<boolean>
  /** How many rows a feed has after `after` up to `upTo`, removals included. */
  rowsBetween(feed: number, after: number, upTo: number): Promise<number>
  /**
   * At most `limit` rows of a feed after `after` up to `upTo`, in order. Removals at or below `removalsAfter` are left
   * out: a snapshot has none (P3).
   */
  feedStretch(feed: number, after: number, upTo: number, limit: number, removalsAfter: number): Promise<FeedStretch>
}

export type Column<Table extends keyof Tables> = keyof Tables[Table] & string

/** A transaction that writes. Only `Db.write` makes one, so a store's writer cannot be had outside of it. */
export interface Tx {
  readonly q: Kysely<Tables>
  /** Inserts rows of one table, each with all of its columns: a push of a hundred edits costs what a few do. */
  insertAll<Table extends keyof Tables>(table: Table, rows: readonly Tables[Table][]): Promise<void>
  /**
   * Writes columns of rows that are there, found by `key`, their primary key. Only columns that changed in any of them are to be named: one that is
   * named may have its index written anew, whatever its value.
   */
  updateAll<Table extends keyof Tables>(
    table: Table,
    key: readonly Column<Table>[],
    columns: readonly Column<Table>[],
    rows: readonly Tables[Table][],
  ): Promise<void>
  /** Locks an account's row against other writers (W1); false when there is no such account, or it was deleted. */
  lockOwner(id: string): Promise<boolean>
  /** Locks a feed that has no owner (the catalogue), after owners and before counters (W1). */
  lockFeed(feed: number): Promise<void>
  /** Locks one row of an animal, so that two keepers number it once. */
  lockAnimal(id: string): Promise<void>
  /** Locks one counter and answers its next value; locked last, so that numbers have no gaps (W1). */
  nextNumber(counter: string): Promise<number>
  /** Runs `work`; when it throws, everything it wrote is undone and the error goes on. */
  savepoint<T>(work: () => Promise<T>): Promise<T>
  /** The database's clock in UTC milliseconds (W1). */
  now(): Promise<number>
  /** What it draws, secrets excepted. */
  readonly random: Random
  /** Runs after a successful commit: nudges, waking of jobs. */
  afterCommit(work: () => void): void
}

export interface Db {
  readonly dialect: 'sqlite' | 'postgres'
  /** Reads what is committed. Never use it inside `write`: it would not see the transaction's own rows. */
  readonly read: Kysely<Tables>
  readonly hot: HotQueries
  readonly v1: V1Queries
  /** The other processes that work on this database. */
  readonly others: Others
  /**
   * One transaction: all of `work`'s writes or none. On PostgreSQL it is tried again after a deadlock.
   * @throws AppError unavailable when it took longer than LONGEST_WRITE_MS
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}
