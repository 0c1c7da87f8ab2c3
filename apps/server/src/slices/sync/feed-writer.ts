import { randomBytes } from 'node:crypto'
import { AUDIENCES, type Audience } from '@biologidex/core/entries/project'
import { type SqlBool, sql } from 'kysely'
import { breatheEvery } from '../../breathe.ts'
import type { Tx } from '../../db/db.ts'
import type { FeedItemsTable } from '../../db/tables.ts'
import { type Nudges, topicOf } from './nudges.ts'

/** A dex has one feed for each audience, its account one for friendships; the catalogue is one of its own, without owner. */
export const ACCOUNT = 'account'
export type FeedKind = Audience | typeof ACCOUNT | 'catalogue'
export const NO_OWNER = ''

/** Version of the projections; a backfill brings rows of an older one up to it (W4). 2: deleted entries lie in the trash. */
export const PROJECTION_VERSION = 2
/** Rows in one statement, and before others have their turn: some milliseconds. */
const BATCH = 250

const newEpoch = (): string => randomBytes(6).toString('hex')

/** Makes the feeds of a new account: those of its dex, and its own. */
export async function createDex(tx: Tx, account: string): Promise<void> {
  const now = await tx.now()
  const rows = [...AUDIENCES, ACCOUNT].map((kind) => ({
    owner_id: account,
    kind,
    epoch: newEpoch(),
    head: 0,
    floor: 0,
    live: 0,
    changed_at: now,
    version: PROJECTION_VERSION,
    epoch_at: now,
  }))
  await tx.q.insertInto('feeds').values(rows).execute()
}

/** Makes the catalogue's feed where it is not there yet. */
export async function createCatalogue(tx: Tx): Promise<void> {
  const row = {
    owner_id: NO_OWNER,
    kind: 'catalogue',
    epoch: newEpoch(),
    head: 0,
    floor: 0,
    live: 0,
    changed_at: await tx.now(),
    version: PROJECTION_VERSION,
  }
  await tx.q
    .insertInto('feeds')
    .values(row)
    .onConflict((conflict) => conflict.columns(['owner_id', 'kind']).doNothing())
    .execute()
}

interface Wanted {
  readonly payload: string | null
  readonly animal: string | null
}

interface Draft {
  readonly id: number
  readonly kind: FeedKind
  head: number
  live: number
  changedAt: number
  moved: boolean
  readonly wanted: Map<string, Wanted>
}

/** What `flush` did in one feed: items that appeared in it or left it, with the animal they name. */
export interface Turnover {
  readonly kind: FeedKind
  readonly animals: ReadonlySet<string>
  /** Those of them that an item came to name: the feed holds one, for certain. */
  readonly came: ReadonlySet<string>
}

/**
 * The one writer of feeds (F2, W2). Made inside a transaction that holds the owner's lock (W1); says what each item is now
 * for each audience, and `flush` finds out what that changes: the same bytes move nothing (F6).
 */
export class FeedWriter {
  readonly #tx: Tx
  readonly #nudges: Nudges
  readonly #owner: string
  readonly #drafts: Map<FeedKind, Draft>
  readonly #named = new Map<string, number>()

  private constructor(tx: Tx, nudges: Nudges, owner: string, drafts: Map<FeedKind, Draft>) {
    this.#tx = tx
    this.#nudges = nudges
    this.#owner = owner
    this.#drafts = drafts
  }

  /** Opens all feeds of an owner (`NO_OWNER`: the catalogue). The caller holds the lock. */
  static async open(tx: Tx, nudges: Nudges, owner: string): Promise<FeedWriter> {
    const rows = await tx.q.selectFrom('feeds').selectAll().where('owner_id', '=', owner).orderBy('id').execute()
    const drafts = new Map<FeedKind, Draft>()
    for (const { id, kind, head, live, changed_at } of rows) {
      const name = kind as FeedKind
      drafts.set(name, { id, kind: name, head, live, changedAt: changed_at, moved: false, wanted: new Map() })
    }
    return new FeedWriter(tx, nudges, owner, drafts)
  }

  /** Position of a feed: after `flush`, that of the last change. */
  head(kind: FeedKind): number {
    return this.#draft(kind).head
  }

  /**
   * Animals that own items name now as they did before `flush`, each with the position from which on whoever read the owner's feed
   * has its record, by one of these items (F4).
   */
  get named(): ReadonlyMap<string, number> {
    return this.#named
  }

  /**
   * Says what an item is for an audience from now on; null: it may not see it.
   * @param item key, as `entry/<id>`
   * @param animal id of the animal that the payload names, so that its record travels along (F4)
   */
  publish(kind: FeedKind, item: string, payload: object | null, animal: string | null = null): void {
    const text = payload && JSON.stringify(payload)
    this.#draft(kind).wanted.set(item, { payload: text, animal: text ? animal : null })
  }

  /** Writes what changed, moves the heads, and nudges once committed. */
  async flush(): Promise<Turnover[]> {
    const now = await this.#tx.now()
    const turnovers: Turnover[] = []
    const breather = breatheEvery(BATCH)
    for (const draft of this.#drafts.values()) {
      const [animals, came] = [new Set<string>(), new Set<string>()]
      const items = [...draft.wanted.keys()]
      for (let at = 0; at < items.length; at += BATCH) {
        const some = items.slice(at, at + BATCH)
        await this.#flushBatch(draft, some, now, { animals, came })
        await breather(some.length)
      }
      draft.wanted.clear()
      if (animals.size > 0) turnovers.push({ kind: draft.kind, animals, came })
    }
    await this.#moveHeads()
    return turnovers
  }

  #draft(kind: FeedKind): Draft {
    const draft = this.#drafts.get(kind)
    if (!draft) throw new Error(`no feed ${kind}`)
    return draft
  }

  async #flushBatch(draft: Draft, items: string[], now: number, turned: Turned): Promise<void> {
    const rows = await this.#tx.q
      .selectFrom('feed_items')
      .select(['item', 'payload', 'animal_id', 'seq'])
      .where(among(draft.id, items))
      .execute()
    const before = new Map(rows.map((row) => [row.item, row]))
    const changed: FeedItemsTable[] = []
    const replaced: string[] = []
    for (const item of items) {
      const next = draft.wanted.get(item)
      const old = before.get(item)
      // "Nothing, or removed" that stays hidden moves nothing, and neither do the same bytes (W2).
      if (!next || (old?.payload ?? null) === next.payload) continue
      if (old) replaced.push(item)
      turnOver(old, next, turned)
      if (draft.kind === 'owner' && old?.payload && next.animal === old.animal_id) this.#goesOnNaming(next.animal, old.seq)
      draft.live += Number(next.payload !== null) - Number((old?.payload ?? null) !== null)
      draft.changedAt = Math.max(now, draft.changedAt)
      draft.head += 1
      changed.push({
        feed_id: draft.id,
        seq: draft.head,
        item,
        payload: next.payload,
        animal_id: next.animal,
        changed_at: draft.changedAt,
        version: PROJECTION_VERSION,
      })
    }
    if (changed.length === 0) return
    draft.moved = true
    if (replaced.length > 0) {
      await this.#tx.q.deleteFrom('feed_items').where(among(draft.id, replaced)).execute()
    }
    await this.#tx.insertAll('feed_items', changed)
  }

  #goesOnNaming(animal: string | null, seq: number): void {
    if (animal !== null) this.#named.set(animal, Math.min(seq, this.#named.get(animal) ?? seq))
  }

  async #moveHeads(): Promise<void> {
    const moved = [...this.#drafts.values()].filter((draft) => draft.moved)
    for (const draft of moved) {
      const set = { head: draft.head, live: draft.live, changed_at: draft.changedAt }
      await this.#tx.q.updateTable('feeds').set(set).where('id', '=', draft.id).execute()
      draft.moved = false
    }
    const topics = moved.map((draft) => topicOf(this.#owner, draft.kind))
    if (topics.length > 0) this.#tx.afterCommit(() => this.#nudges.moved(topics))
  }
}

/**
 * Rows of these items, looked up one by one in the index of items. With `item IN (…)` SQLite walks the whole feed by its
 * primary key instead, which grows with the dex (G1).
 */
function among(feed: number, items: readonly string[]) {
  const keys = items.map((item) => sql`(CAST(${feed} AS BIGINT), CAST(${item} AS TEXT))`)
  return sql<SqlBool>`(feed_id, item) IN (VALUES ${sql.join(keys)})`
}

interface Turned {
  readonly animals: Set<string>
  readonly came: Set<string>
}

/** Notes the animals that an item named and names no more, or the other way round. */
function turnOver(
  old: { payload: string | null; animal_id: string | null } | undefined,
  next: Wanted,
  { animals, came }: Turned,
): void {
  const was = old?.payload ? old.animal_id : null
  const is = next.payload ? next.animal : null
  if (was === is) return
  for (const animal of [was, is]) if (animal !== null) animals.add(animal)
  if (is !== null) came.add(is)
}
