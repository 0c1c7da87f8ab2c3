import type { Settings } from '@biologidex/core/accounts/account'
import type { Place } from '@biologidex/core/entries/place'
import type { ImagePart } from '@biologidex/core/images/image'
import type { Db } from '@biologidex/server/db/db'
import type { EntriesTable, ImagesTable } from '@biologidex/server/db/tables'
import { categories } from './threatened.ts'

/** What of an entry somebody is to see: as it travels, field by field. */
export type Seen = Readonly<Record<string, unknown>>

/** Everything that decides who sees what, as the tables have it at one quiet moment. */
export interface Facts {
  /** Settings of the accounts that are there. */
  readonly accounts: ReadonlyMap<string, Settings>
  /** `one other`: how one stands to another. */
  readonly standings: ReadonlyMap<string, string>
  /** `one other`: one blocked another. */
  readonly blocks: ReadonlySet<string>
  readonly entries: readonly EntriesTable[]
  /** Those that were not removed, in their order. */
  readonly images: readonly ImagesTable[]
  readonly iucn: ReadonlyMap<string, string | null>
  /** Owners of whom something is just being narrowed: what they show is not said at the moment (W3). */
  readonly closed: ReadonlySet<string>
}

/** Reads all of it. To be asked for while nothing goes on. */
export async function readFacts({ read: q }: Db): Promise<Facts> {
  const accounts = await q.selectFrom('accounts').select(['id', 'settings', 'deleted_at']).execute()
  const standings = await q.selectFrom('friendships').selectAll().execute()
  const blocks = await q.selectFrom('blocks').selectAll().execute()
  const images = q.selectFrom('images').selectAll().where('deleted_at', 'is', null)
  const animals = await q.selectFrom('animals').select(['id', 'scientific_name', 'iucn']).execute()
  const keys = await q.selectFrom('animal_keys').selectAll().execute()
  const closed = await q.selectFrom('feeds').select('owner_id').where('closed', '>', 0).execute()
  return {
    accounts: new Map(
      accounts.filter((row) => row.deleted_at === null).map(({ id, settings }) => [id, JSON.parse(settings) as Settings]),
    ),
    standings: new Map(standings.map((row) => [`${row.account_id} ${row.other_id}`, row.state])),
    blocks: new Set(blocks.map((row) => `${row.account_id} ${row.other_id}`)),
    entries: await q.selectFrom('entries').selectAll().orderBy('id').execute(),
    images: await images.orderBy('position').orderBy('id').execute(),
    iucn: categories(animals, new Map(keys.map((row) => [row.name_key, row.animal_id]))),
    closed: new Set(closed.map((row) => row.owner_id)),
  }
}

/** Whose dexes somebody has on their devices: those whom both sides call friends, and neither blocked. */
export function friendsOf({ accounts, standings, blocks }: Facts, viewer: string): string[] {
  const both = (a: string, b: string) => [`${a} ${b}`, `${b} ${a}`]
  const areFriends = (owner: string) =>
    both(viewer, owner).every((pair) => standings.get(pair) === 'friends') &&
    both(viewer, owner).every((pair) => !blocks.has(pair))
  return [...accounts.keys()].filter((owner) => owner !== viewer && areFriends(owner))
}

/** The categories whose places nobody else sees finer than an area. */
const THREATENED = ['VU', 'EN', 'CR', 'EW']
/** Degrees and metres of an area's side. */
const SIDE = 0.2
const SIDE_METRES = 22_264

type Others = 'friends' | 'public'
const COARSENESS = { exact: 0, area: 1, hidden: 2 } as const

/** How coarsely a place is shown: as its owner chose, the public never finer than friends, the threatened never exactly. */
function coarseness(facts: Facts, { owner_id: owner, animal_id: animal }: EntriesTable, audience: Others): number {
  const settings = facts.accounts.get(owner)
  const friends = COARSENESS[settings?.friendsPrecision ?? 'hidden']
  const chosen = audience === 'friends' ? friends : Math.max(friends, COARSENESS[settings?.publicPrecision ?? 'hidden'])
  return THREATENED.includes(facts.iucn.get(animal ?? '') ?? '') ? Math.max(chosen, 1) : chosen
}

/** The place as it is to be seen: the true one, the point that was drawn for it, or none. */
function placeSeen(row: EntriesTable, coarse: number): object | undefined {
  if (row.place === null || coarse === 2) return undefined
  const truth = JSON.parse(row.place) as Place
  if (coarse === 0) return truth
  const { lat, lon } = JSON.parse(row.area ?? '{}') as { lat: number; lon: number }
  if (Math.abs(lat - truth.lat) > SIDE || Math.abs(lon - truth.lon) > SIDE) return { wrong: 'the point lies elsewhere' }
  const accuracy = Math.round(Math.hypot(SIDE_METRES, SIDE_METRES * Math.cos((lat / 180) * Math.PI)))
  return { lat, lon, accuracy, ...(truth.region ? { region: truth.region } : {}) }
}

function pictureSeen({ id, width, height, thumbhash, alt, renditions }: ImagesTable): object {
  const made = renditions === null ? undefined : (JSON.parse(renditions) as NonNullable<ImagePart['renditions']>)
  return said({ id, state: 'ready', width, height, thumbhash, alt, renditions: made })
}

/** Without what is not said. */
function said(fields: Record<string, unknown>): Seen {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''))
}

function entrySeen(facts: Facts, row: EntriesTable, audience: Others): Seen | undefined {
  const { animal_id: animal, visibility, deleted_at: deleted } = row
  const isShown = visibility === 'public' || (visibility === 'friends' && audience === 'friends')
  if (!isShown || animal === null || deleted !== null) return undefined
  const images = facts.images.filter((image) => image.owner_id === row.owner_id && image.entry_id === row.id)
  const first = images.find(({ id }) => id === row.primary_image) ?? images[0]
  if (first?.state !== 'ready') return undefined
  const coarse = coarseness(facts, row, audience)
  const observed = row.observed === null ? undefined : (JSON.parse(row.observed) as { at: string })
  return said({
    type: 'entry',
    id: row.id,
    publicId: row.public_id,
    animal,
    observed: observed && coarse > 0 ? { at: observed.at.slice(0, 10) } : observed,
    place: placeSeen(row, coarse),
    count: row.count,
    captive: row.captive === 1 ? true : undefined,
    note: row.note,
    called: row.called_animal === animal && row.called !== null ? (JSON.parse(row.called) as unknown) : undefined,
    favourite: row.favourite === 1 ? true : undefined,
    customizations: row.customizations === null ? undefined : (JSON.parse(row.customizations) as unknown),
    primaryImage: first.id,
    images: images.filter(({ state }) => state === 'ready').map(pictureSeen),
  })
}

/**
 * Entries of a dex as others are to see them, by id: written down from data.md and privacy.md anew, apart from the code that the
 * server projects with.
 */
export function seenBy(facts: Facts, audience: Others, owner: string): Map<string, Seen> {
  const seen = new Map<string, Seen>()
  for (const row of facts.entries) {
    const entry = row.owner_id === owner ? entrySeen(facts, row, audience) : undefined
    if (entry) seen.set(row.id, entry)
  }
  return seen
}

/** All that one's sight of another's dex follows from, as text: the same before and after, nothing was otherwise between. */
export function grounds(facts: Facts, viewer: string, owner: string): string {
  const { accounts, standings, blocks, entries, images, iucn, closed } = facts
  const pairs = [`${viewer} ${owner}`, `${owner} ${viewer}`]
  const own = entries.filter((row) => row.owner_id === owner)
  const names = own.map(({ id, revision, visibility, deleted_at: deleted }) => [id, revision, visibility, deleted])
  const pictures = images.filter((row) => row.owner_id === owner).map(({ id, state, position }) => [id, state, position])
  const categories = own.map(({ animal_id: animal }) => iucn.get(animal ?? ''))
  const between = pairs.map((pair) => [standings.get(pair), blocks.has(pair)])
  return JSON.stringify([accounts.get(owner), between, names, pictures, categories, closed.has(owner)])
}
