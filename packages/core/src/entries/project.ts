import { isVulnerable, type Names } from '../animals/animal.ts'
import { type ImagePart, primaryOf } from '../images/image.ts'
import type { Json } from '../json.ts'
import type { Identification, OwnEntry, SharedEntry, Visibility } from './entry.ts'
import { type Observed, toDay } from './observed.ts'
import { type AreaPoint, asArea, coarser, type Place, type PlacePrecision } from './place.ts'

/** Who reads a dex. Each has a feed of its own (F1). */
export const AUDIENCES = ['owner', 'friends', 'public'] as const
export type Audience = (typeof AUDIENCES)[number]

/** An entry with all that its owner's rows say of it: the only input of a projection but the IUCN category (F4). */
export interface EntryRecord {
  readonly id: string
  readonly publicId: string
  readonly animal: string | null
  readonly observed: Observed | null
  readonly place: Place | null
  /** The point drawn for `place` (privacy: Location); null exactly when `place` is. */
  readonly area: AreaPoint | null
  readonly outing: string | null
  readonly count: number | null
  readonly captive: boolean
  readonly note: string | null
  /** The common name that was typed with the animal. */
  readonly called: Names | null
  readonly privateNote: string | null
  readonly visibility: Visibility
  readonly favourite: boolean
  readonly primaryImage: string | null
  readonly customizations: Record<string, Json> | null
  readonly identifications: readonly Identification[]
  /** In their order. */
  readonly images: readonly ImagePart[]
  readonly created: number
  readonly updated: number
  readonly deleted: boolean
}

/** The owner's choice of how finely others see places. */
export interface PlaceSettings {
  readonly friends: PlacePrecision
  readonly public: PlacePrecision
}

/** The precision that holds for an audience: the public never gets more than friends, nobody more than an area of the vulnerable. */
export function precisionFor(audience: Audience, settings: PlaceSettings, iucn: string | undefined): PlacePrecision {
  if (audience === 'owner') return 'exact'
  const chosen = audience === 'friends' ? settings.friends : coarser(settings.friends, settings.public)
  return isVulnerable(iucn) ? coarser(chosen, 'area') : chosen
}

/** Drops what is unset, so that a payload holds only what is said, in the order given here. */
function compact<T extends object>(value: T): T {
  // Key by key: a list of all members takes three times as long, for each audience of each entry.
  const said: Partial<T> = {}
  for (const key in value) {
    const member = value[key]
    if (member !== undefined && member !== null && member !== false) said[key] = member
  }
  return said as T
}

function shownPlace(entry: EntryRecord, precision: PlacePrecision): Place | undefined {
  if (!entry.place || precision === 'hidden') return undefined
  if (precision === 'exact') return entry.place
  return entry.area ? asArea(entry.area, entry.place) : undefined
}

/** A ready picture as others see it: nothing of the original, nothing of how it came to be. */
function sharedImage(image: ImagePart): ImagePart {
  const { id, state, width, height, thumbhash, alt, renditions } = image
  return compact({ id, state, width, height, thumbhash, alt, renditions })
}

function sharedFields(entry: EntryRecord, images: ImagePart[], place: Place | undefined, observed: Observed | undefined) {
  return {
    type: 'entry' as const,
    id: entry.id,
    publicId: entry.publicId,
    animal: entry.animal ?? undefined,
    observed,
    place,
    count: entry.count ?? undefined,
    captive: entry.captive ? (true as const) : undefined,
    note: entry.note || undefined,
    called: (entry.animal && entry.called) || undefined,
    favourite: entry.favourite ? (true as const) : undefined,
    customizations: entry.customizations ?? undefined,
    primaryImage: entry.primaryImage ?? undefined,
    images: images.length > 0 ? images : undefined,
  }
}

function projectToOwner(entry: EntryRecord): OwnEntry {
  const { identifications, visibility, created, updated } = entry
  return compact({
    ...sharedFields(entry, entry.images.map(compact), entry.place ?? undefined, entry.observed ?? undefined),
    privateNote: entry.privateNote || undefined,
    outing: entry.outing ?? undefined,
    identifications: identifications.length > 0 ? [...identifications] : undefined,
    visibility,
    created,
    updated,
  })
}

/**
 * The entry as an audience may see it, or null when it may not: the one function that decides it, for every route
 * (privacy.md). Others get an entry once it has an animal and its primary picture is ready (F5). Unless its place is
 * shown exactly, the time of day is left out whether there is a place or not, so that its absence tells nothing.
 */
export function project(entry: EntryRecord, audience: 'owner', settings: PlaceSettings, iucn?: string): OwnEntry | null
export function project(
  entry: EntryRecord,
  audience: Audience,
  settings: PlaceSettings,
  iucn?: string,
): OwnEntry | SharedEntry | null
export function project(
  entry: EntryRecord,
  audience: Audience,
  settings: PlaceSettings,
  iucn?: string,
): OwnEntry | SharedEntry | null {
  if (entry.deleted) return null
  if (audience === 'owner') return projectToOwner(entry)
  if (entry.visibility === 'private' || (audience === 'public' && entry.visibility !== 'public')) return null
  const primary = primaryOf(entry.images, entry.primaryImage)
  if (!entry.animal || primary?.state !== 'ready') return null
  const precision = precisionFor(audience, settings, iucn)
  const ready = entry.images.filter((image) => image.state === 'ready').map(sharedImage)
  const observed = entry.observed && precision !== 'exact' ? toDay(entry.observed) : (entry.observed ?? undefined)
  return compact(sharedFields({ ...entry, primaryImage: primary.id }, ready, shownPlace(entry, precision), observed))
}
