import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { ImagePart } from '@biologidex/core/images/image'
import type { Json } from '@biologidex/core/json'
import type { Db } from '@biologidex/server/db/db'
import type { AccountsTable, AnimalsTable, EntriesTable, FeedItemsTable, ImagesTable } from '@biologidex/server/db/tables'
import { imagesOf } from '@biologidex/server/slices/images/images.store'

/** One line of an entry's history. */
export interface Revised {
  readonly entry: string
  readonly n: number
  readonly field?: string
  readonly op?: 'create' | 'delete' | 'restore' | 'revive'
  readonly was?: Json
  readonly to?: Json
  /** Nobody asked for it: an entry that comes back does so as private (O5). */
  readonly byRevival: boolean
}

/** Everything the server has in its tables of one account, and of animals, read at one quiet moment. */
export interface Rows {
  readonly account: AccountsTable
  readonly entries: ReadonlyMap<string, EntriesTable>
  readonly revised: ReadonlyMap<string, readonly Revised[]>
  readonly conflicts: readonly ConflictItem[]
  readonly images: readonly ImagesTable[]
  readonly parts: ReadonlyMap<string, ImagePart[]>
  readonly animals: ReadonlyMap<string, AnimalsTable>
  /** Animals by the keys of their names. */
  readonly keys: ReadonlyMap<string, string>
  readonly lastNumber: number
  readonly feeds: readonly { readonly id: number; readonly kind: string; readonly head: number; readonly live: number }[]
  readonly items: readonly FeedItemsTable[]
}

async function revisions(q: Db['read'], account: string): Promise<Map<string, Revised[]>> {
  const found = new Map<string, Revised[]>()
  const all = q.selectFrom('revisions').selectAll().where('owner_id', '=', account).orderBy('n')
  for (const { entry_id: entry, n, changes } of await all.execute()) {
    const told = JSON.parse(changes) as Omit<Revised, 'entry' | 'n' | 'byRevival'>[]
    const revived = told.some(({ op }) => op === 'revive')
    const lines = told.map((line) => ({ ...line, entry, n, byRevival: revived && line.field === 'visibility' }))
    found.set(entry, [...(found.get(entry) ?? []), ...lines])
  }
  return found
}

/** @param owner the account whose rows they are */
export async function readRows({ read: q }: Db, owner: string): Promise<Rows> {
  const account = await q.selectFrom('accounts').selectAll().where('id', '=', owner).executeTakeFirstOrThrow()
  const entries = await q.selectFrom('entries').selectAll().where('owner_id', '=', owner).execute()
  const ids = entries.map(({ id }) => id)
  const counter = await q.selectFrom('counters').select('value').where('name', '=', 'animal_number').executeTakeFirst()
  const keys = await q.selectFrom('animal_keys').selectAll().execute()
  const animals = await q.selectFrom('animals').selectAll().execute()
  const conflicts = await q.selectFrom('conflicts').selectAll().where('owner_id', '=', owner).execute()
  const feeds = await q.selectFrom('feeds').select(['id', 'kind', 'head', 'live', 'owner_id']).execute()
  return {
    account,
    entries: new Map(entries.map((row) => [row.id, row])),
    revised: await revisions(q, owner),
    conflicts: conflicts.map((row) => JSON.parse(row.item) as ConflictItem),
    images: await q.selectFrom('images').selectAll().where('owner_id', '=', owner).execute(),
    parts: await imagesOf(q, account.id, ids),
    animals: new Map(animals.map((row) => [row.id, row])),
    keys: new Map(keys.map((row) => [row.name_key, row.animal_id])),
    lastNumber: counter?.value ?? 0,
    feeds: feeds.filter((feed) => feed.kind === 'catalogue' || feed.owner_id === owner),
    items: await q.selectFrom('feed_items').selectAll().orderBy('feed_id').orderBy('seq').execute(),
  }
}
