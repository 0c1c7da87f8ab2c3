import type { Draft, Photo } from '@biologidex/client/face'
import { type ImagePart, primaryOf } from '@biologidex/core/images/image'
import { LIMITS } from '@biologidex/core/limits'
import type { FieldChange } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { PhotoRead } from './read-photo.ts'
import type { Previews } from './render.ts'

/** A picture on its way into an entry. */
export interface NewPicture {
  /** Id of the image that is made. */
  readonly image: string
  readonly photo: PhotoRead
  readonly previews: Previews
}

/** Changes, and the photos that come with them. */
export interface PictureChange {
  readonly drafts: Draft[]
  readonly photos: Photo[]
}

const imagesOf = (entry: EntryOnScreen): readonly ImagePart[] => entry.images ?? []
const positionOf = (image: ImagePart): number => image.position ?? 0

/** How many more pictures an entry may have. */
export const roomFor = (entry: EntryOnScreen): number => Math.max(0, LIMITS.imagesPerEntry - imagesOf(entry).length)

/** Announces a picture of an entry, with its photo. */
export function announcePicture(entry: string, picture: NewPicture, position: number): PictureChange {
  const { image, photo, previews } = picture
  const { bytes, type, sha256 } = photo
  const fields = { entry, sha256, size: bytes.length, mediaType: type, position }
  const set: Record<string, FieldChange> = Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { to }]))
  return {
    drafts: [{ type: 'image', id: image, op: 'create', set }],
    photos: [{ image, entry, original: bytes, mediaType: type, sha256, previews }],
  }
}

/** One more picture, after all others and so many that are on their way. */
export function addPicture(entry: EntryOnScreen, picture: NewPicture, behind = 0): PictureChange {
  const last = imagesOf(entry).at(-1)
  return announcePicture(entry.id, picture, (last ? positionOf(last) + 1 : 0) + behind)
}

export const removeDraft = (image: string): Draft => ({ type: 'image', id: image, op: 'delete' })
export const restoreDraft = (image: string): Draft => ({ type: 'image', id: image, op: 'restore' })

/** The picture that stands for the entry from now on; null: the first. */
export function primaryDraft(entry: EntryOnScreen, to: string | null): Draft {
  return { type: 'entry', id: entry.id, op: 'update', set: { primaryImage: { was: entry.primaryImage ?? null, to } } }
}

/** Whether the place among the others alone makes a picture that takes it stand for the entry. */
const standsByItself = (entry: EntryOnScreen): boolean => entry.primaryImage === undefined && imagesOf(entry).length === 1

/** Whether an entry holds a picture, still: another device may have removed it. */
const holds = (entry: EntryOnScreen, image: string): boolean => imagesOf(entry).some(({ id }) => id === image)

/** Whether what comes in a picture's place is to be chosen to stand for the entry: it was chosen, though it is gone, or it stands there. */
const isToStand = (entry: EntryOnScreen, old: string): boolean =>
  entry.primaryImage === old || (primaryOf(imagesOf(entry), entry.primaryImage)?.id === old && !standsByItself(entry))

/** Another picture in the place of an old one, standing for the entry if the old one did; the old one goes to the bin. */
export function replacePicture(entry: EntryOnScreen, old: ImagePart, picture: NewPicture): PictureChange {
  const { drafts, photos } = announcePicture(entry.id, picture, positionOf(old))
  const stands = isToStand(entry, old.id) ? [primaryDraft(entry, picture.image)] : []
  return { drafts: [...drafts, ...stands, ...(holds(entry, old.id) ? [removeDraft(old.id)] : [])], photos }
}

/** Takes a replacement back, and nothing else: what another device removed stays removed. `entry` as it was before. */
export function unreplaceDrafts(entry: EntryOnScreen, old: string, made: string): Draft[] {
  const back = primaryDraft({ ...entry, primaryImage: made }, entry.primaryImage ?? null)
  const stands = isToStand(entry, old) ? [back] : []
  return [...(holds(entry, old) ? [restoreDraft(old)] : []), ...stands, removeDraft(made)]
}

function moveDraft(image: ImagePart, to: number): Draft {
  const was = positionOf(image)
  return { type: 'image', id: image.id, op: 'update', set: { position: { was, to } } }
}

/** A place between two others, while there is one. */
function between(before: ImagePart | undefined, after: ImagePart | undefined): number | undefined {
  if (!before || !after) return before ? positionOf(before) + 1 : after && positionOf(after) - 1
  const middle = (positionOf(before) + positionOf(after)) / 2
  return middle > positionOf(before) && middle < positionOf(after) ? middle : undefined
}

/** Moves a picture to another place in the row, counted from 0: one change, unless others share their places. */
export function movePicture(entry: EntryOnScreen, id: string, place: number): Draft[] {
  const images = imagesOf(entry)
  const moved = images.find((image) => image.id === id)
  const at = Math.min(Math.max(place, 0), images.length - 1)
  if (!moved || images.indexOf(moved) === at) return []
  const others = images.filter((image) => image !== moved)
  const to = between(others[at - 1], others[at])
  if (to !== undefined) return [moveDraft(moved, to)]
  const order = others.toSpliced(at, 0, moved)
  return order.flatMap((image, i) => (positionOf(image) === i ? [] : [moveDraft(image, i)]))
}

/** What a picture shows, for those who cannot see it; undefined when that is said already. */
export function describeDraft(image: ImagePart, text: string): Draft | undefined {
  const was = image.alt ?? null
  const to = text.trim() || null
  return was === to ? undefined : { type: 'image', id: image.id, op: 'update', set: { alt: { was, to } } }
}
