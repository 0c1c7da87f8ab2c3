import type { AnimalRef } from '@biologidex/core/animals/animal'
import type { Place } from '@biologidex/core/entries/place'
import { AppError } from '@biologidex/core/errors'
import { isUuid } from '@biologidex/core/ids'
import type { Json } from '@biologidex/core/json'
import type { EntryField, FieldChange } from '@biologidex/core/sync/mutation'
import type { V1EntryChange, V1EntryQuery } from '@biologidex/core/v1/inputs'
import type { V1Entry } from '@biologidex/core/v1/shapes'
import { toObserved } from '@biologidex/core/v1/times'
import type { Kysely } from 'kysely'
import type { Caller, Context } from '../../context.ts'
import type { Tables } from '../../db/tables.ts'
import { accountOf } from '../accounts/accounts.service.ts'
import { type Listing, listEntries } from '../entries/listing.service.ts'
import { entryByPublicId, valuesOf } from '../entries/values.service.ts'
import { receiveWhole, type WholePicture } from '../images/take.service.ts'
import { type Change, changeNow } from '../sync/push.service.ts'
import { type ReadableItem, readableItem } from '../sync/sync.service.ts'
import { newId } from './accounts.service.ts'
import { Joiner } from './join.service.ts'
import { rangeOf } from './pages.ts'
import { wantPictures } from './pictures.service.ts'
import { type Payload, toV1Entry } from './shapes.ts'
import { parsePayload } from './sync-payload.ts'
import { signerFor } from './urls.ts'
import { calledBy } from './v1.store.ts'

/** Entries of one dex in full, as a viewer may see them. */
async function inFull(
  ctx: Context,
  viewer: string,
  dex: string,
  items: readonly ReadableItem[],
  base: string,
): Promise<V1Entry[]> {
  const { username = '' } = (await accountOf(ctx, dex)) ?? {}
  const frame = { dex, own: viewer === dex, username, base, signer: await signerFor(ctx, viewer, dex) }
  const { namedAt } = await ctx.db.v1.standing()
  const joiner = new Joiner(ctx, dex, namedAt)
  const rows = items.map(({ payload, changedAt }) => ({ payload: parsePayload(payload), changedAt }))
  const entries = (await joiner.join(rows)).map((joined) => toV1Entry(joined, frame))
  const head = joiner.lacksPictures && viewer === dex ? await ctx.db.hot.feedHead(dex, 'owner') : undefined
  if (head) await wantPictures(ctx, head)
  return entries
}

const missing = (): AppError => new AppError('not_found')

/**
 * An entry by its public id, anybody's, as far as the viewer may see it.
 * @throws AppError not_found, alike for what is not there and what is not theirs
 */
export async function oneEntry(ctx: Context, viewer: string, publicId: string, base: string): Promise<V1Entry> {
  const at = isUuid(publicId) ? await entryByPublicId(ctx.db.read, publicId) : undefined
  const item = at && (await readableItem(ctx, viewer, at.owner, `entry/${at.id}`))
  const [entry] = at && item ? await inFull(ctx, viewer, at.owner, [item], base) : []
  if (!entry) throw missing()
  return entry
}

/** How v1 orders a list where nothing else is said. */
const NEWEST_FIRST = '-created_at'

function listingOf(query: V1EntryQuery): Listing {
  const { visibility, is_favorite: favourite, search, ordering = NEWEST_FIRST } = query
  const descending = ordering.startsWith('-')
  const order = (descending ? ordering.slice(1) : ordering) as Listing['order']
  return { animal: query.animal ?? query.animal_id, visibility, favourite, search, order, descending }
}

/** A page of the caller's own entries. */
export async function ownEntries(
  ctx: Context,
  account: string,
  query: V1EntryQuery,
  base: string,
): Promise<{ count: number; results: V1Entry[] }> {
  const { offset, limit } = rangeOf(query)
  const { count, ids } = await listEntries(ctx, account, listingOf(query), offset, limit)
  const items: ReadableItem[] = []
  for (const id of ids) {
    const item = await readableItem(ctx, account, account, `entry/${id}`)
    if (item) items.push(item)
  }
  return { count, results: await inFull(ctx, account, account, items, base) }
}

const FIELD_NAMES = {
  notes: 'note',
  visibility: 'visibility',
  is_favorite: 'favourite',
  customizations: 'customizations',
} as const

function placeOf(input: V1EntryChange, was: Json): Json {
  const before = was as Place | null
  const { location_lat: lat = before?.lat ?? null, location_lon: lon = before?.lon ?? null } = input
  if (lat === null || lon === null) return null
  const moved = lat !== before?.lat || lon !== before.lon
  const { name, ...rest } = moved ? ({ lat, lon } as Place) : before
  const said = input.location_name === undefined ? (before?.name ?? '') : input.location_name
  return { ...rest, ...(said ? { name: said } : {}) }
}

const saysPlace = (input: V1EntryChange): boolean =>
  input.location_lat !== undefined || input.location_lon !== undefined || input.location_name !== undefined

/** What an input sets, field by field, over what is there now: both sides of a change are then known (O4). */
function changesOf(
  input: V1EntryChange,
  now: Readonly<Record<EntryField, Json>>,
  animal: AnimalRef | undefined,
): Record<string, FieldChange> {
  const to: Partial<Record<EntryField, Json>> = {}
  for (const [name, field] of Object.entries(FIELD_NAMES)) {
    const value = input[name as keyof typeof FIELD_NAMES]
    if (value !== undefined) to[field] = value as Json
  }
  if (animal !== undefined) to.animal = animal
  if (input.catch_date !== undefined) to.observed = toObserved(input.catch_date)
  if (saysPlace(input)) to.place = placeOf(input, now.place)
  return Object.fromEntries(Object.entries(to).map(([field, value]) => [field, { was: now[field as EntryField], to: value }]))
}

/** The animal that an input names, by what the account called it when it looked it up. */
async function animalOf(q: Kysely<Tables>, account: string, { animal: id }: V1EntryChange): Promise<AnimalRef | undefined> {
  if (id === undefined) return undefined
  const called = await calledBy(q, account, id)
  return called ? { scientificName: called.scientificName, commonName: called.name, language: 'en' } : { id }
}

/** A new entry has nothing yet. */
const NOTHING = { place: null } as Readonly<Record<EntryField, Json>>

function imageChange(entry: string, picture: WholePicture, position: number): Change {
  const fields = { entry, ...picture, position }
  const set = Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { to }]))
  return { type: 'image', id: newId(), op: 'create', set }
}

/** Public id of an own entry that was just written. */
async function publicIdOf(ctx: Context, account: string, id: string): Promise<string> {
  const item = await readableItem(ctx, account, account, `entry/${id}`)
  if (!item) throw missing()
  return (JSON.parse(item.payload) as Payload).publicId
}

/** Makes an entry with its picture, in one transaction. @throws AppError when it can't be, having changed nothing */
export async function createEntry(ctx: Context, caller: Caller, input: V1EntryChange, picture: WholePicture): Promise<string> {
  const id = newId()
  const catch_date = input.catch_date ?? { at: 0, zone: 0, local: new Date().toISOString().slice(0, 16) }
  const wanted = { visibility: 'friends' as const, ...input, catch_date }
  const image = imageChange(id, picture, 0)
  const animal = await animalOf(ctx.db.read, caller.account, wanted)
  const changes: Change[] = [{ type: 'entry', id, op: 'create', set: changesOf(wanted, NOTHING, animal) }, image]
  const received = (tx: Parameters<typeof receiveWhole>[0]) => receiveWhole(tx, ctx, caller.account, image.id, picture)
  await changeNow(ctx, caller, [], async () => changes, received)
  return publicIdOf(ctx, caller.account, id)
}

/** The caller's own entry of a public id. @throws AppError not_found, alike for what is not there and what is another's */
async function ownId(ctx: Context, account: string, publicId: string): Promise<string> {
  const at = isUuid(publicId) ? await entryByPublicId(ctx.db.read, publicId) : undefined
  if (at?.owner !== account || !(await readableItem(ctx, account, account, `entry/${at.id}`))) throw missing()
  return at.id
}

/** Changes what an input names of an own entry, from what it is under the lock: v1 has no say in what it saw. */
export async function changeEntry(
  ctx: Context,
  caller: Caller,
  publicId: string,
  inputOf: (now: Readonly<Record<EntryField, Json>>) => V1EntryChange,
): Promise<void> {
  const id = await ownId(ctx, caller.account, publicId)
  await changeNow(ctx, caller, [], async (tx) => {
    const now = await valuesOf(tx.q, caller.account, id)
    if (!now) throw missing()
    const input = inputOf(now)
    const set = changesOf(input, now, await animalOf(tx.q, caller.account, input))
    return Object.keys(set).length > 0 ? [{ type: 'entry', id, op: 'update', set }] : []
  })
}

/** Deletes an own entry; today's clients can bring it back for 30 days. */
export async function deleteEntry(ctx: Context, caller: Caller, publicId: string): Promise<void> {
  const id = await ownId(ctx, caller.account, publicId)
  await changeNow(ctx, caller, [], async () => [{ type: 'entry', id, op: 'delete' }])
}

/** Puts another picture behind those of an own entry. The one that stands for it stays. */
export async function addPicture(ctx: Context, caller: Caller, publicId: string, picture: WholePicture): Promise<void> {
  const id = await ownId(ctx, caller.account, publicId)
  const item = await readableItem(ctx, caller.account, caller.account, `entry/${id}`)
  const { images = [] } = item ? (JSON.parse(item.payload) as Payload) : {}
  const last = Math.max(0, ...images.map(({ position = 0 }) => position))
  const image = imageChange(id, picture, last + 1)
  await changeNow(
    ctx,
    caller,
    [],
    async () => [image],
    (tx) => receiveWhole(tx, ctx, caller.account, image.id, picture),
  )
}
