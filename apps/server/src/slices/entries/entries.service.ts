import type { Settings } from '@biologidex/core/accounts/account'
import type { PlaceSettings } from '@biologidex/core/entries/project'
import { breatheEvery } from '../../breathe.ts'
import type { Tx } from '../../db/db.ts'
import type { EntriesTable } from '../../db/tables.ts'
import { iucnOf, settleAnimals } from '../animals/animals.service.ts'
import { partsOf } from '../images/image-parts.service.ts'
import { FeedWriter } from '../sync/feed-writer.ts'
import type { Nudges } from '../sync/nudges.ts'
import { publishEntry, publishTrash } from './entries.feed.ts'
import { entriesById, toRecord } from './entries.store.ts'

/** An account's settings, and whether a guardian looks after it; the caller holds its lock. */
export async function standingOf(tx: Tx, owner: string): Promise<{ readonly settings: Settings; readonly managed: boolean }> {
  const account = tx.q.selectFrom('accounts').select(['settings', 'role']).where('id', '=', owner)
  const { settings, role } = await account.executeTakeFirstOrThrow()
  return { settings: JSON.parse(settings) as Settings, managed: role === 'managed' }
}

/** An account's settings; the caller holds its lock. */
export async function settingsOf(tx: Tx, owner: string): Promise<Settings> {
  return (await standingOf(tx, owner)).settings
}

/** Entries that are projected before others have their turn: some milliseconds. */
const ENTRIES_A_TURN = 50

/** How finely others see places, by the settings. */
export const placesOf = ({ friendsPrecision, publicPrecision }: Settings): PlaceSettings => ({
  friends: friendsPrecision,
  public: publicPrecision,
})

/**
 * Projects entries as their rows stand now into the dex's feeds, and settles the animals they name. Ends the write: the
 * feeds are flushed.
 */
export async function publishEntries(
  tx: Tx,
  nudges: Nudges,
  owner: string,
  feeds: FeedWriter,
  rows: readonly EntriesTable[],
  settings: Settings,
): Promise<void> {
  const places = placesOf(settings)
  const named = rows.flatMap((row) => (row.animal_id ? [row.animal_id] : []))
  const iucn = await iucnOf(tx.q, named)
  const images = await partsOf(
    tx.q,
    owner,
    rows.map((row) => row.id),
  )
  const breather = breatheEvery(ENTRIES_A_TURN)
  for (const row of rows) {
    await breather()
    const record = toRecord(row, images.get(row.id) ?? [])
    publishEntry(feeds, record, places, iucn.get(row.animal_id ?? ''))
    if (row.deleted_at !== null) publishTrash(feeds, { ...record, deleted: false }, row.deleted_at, places)
  }
  const turnovers = await feeds.flush()
  const kept = rows.flatMap((row) => (row.animal_id && row.deleted_at === null ? [row.animal_id] : []))
  const turned = turnovers.find((turnover) => turnover.kind === 'public')
  await settleAnimals(tx, nudges, owner, kept, turned?.animals ?? [], turned?.came)
}

/**
 * Publishes entries anew after something of them changed outside a push (a picture became ready). The caller holds the
 * owner's lock.
 */
export async function republishEntries(tx: Tx, nudges: Nudges, owner: string, ids: readonly string[]): Promise<void> {
  const rows = await entriesById(tx.q, owner, ids)
  const feeds = await FeedWriter.open(tx, nudges, owner)
  await publishEntries(tx, nudges, owner, feeds, rows, await settingsOf(tx, owner))
}
