import type { Draft, Photo } from '@biologidex/client/face'
import type { Identification, Visibility } from '@biologidex/core/entries/entry'
import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import type { Json } from '@biologidex/core/json'
import type { FieldChange } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { type AnimalChoice, refOf } from '../animals/choice.ts'
import type { PhotoRead } from '../images/read-photo.ts'
import type { Previews } from '../images/render.ts'

/** Who says it, when and in which language: what every statement about an animal carries. */
export interface Saying {
  /** Id of the identification that is made. */
  readonly id: string
  /** UTC milliseconds. */
  readonly at: number
  /** Display name of the account. */
  readonly by: string
  readonly language: string
}

/** All that a capture keeps. */
export interface Capture {
  readonly entry: string
  readonly image: string
  readonly photo: PhotoRead
  readonly previews: Previews
  readonly choice: AnimalChoice
  readonly observed: Observed | undefined
  readonly place: Place | undefined
  readonly visibility: Visibility
  readonly note: string
  readonly privateNote: string
}

/** A value as the wire takes it: these records are JSON by their schemas. */
const json = (value: object | string | number | boolean | null): Json => value as Json
const to = (value: object | string | number | boolean | null): FieldChange => ({ to: json(value) })

/** What was said of the animal; nothing when the person is not sure. A typed scientific name has no record to point at yet. */
export function identificationOf(choice: AnimalChoice, { id, at, by }: Saying): Identification | undefined {
  if (choice.kind === 'unsure') return undefined
  if (choice.kind === 'known') return { id, at, by, animal: choice.animal.id }
  return { id, at, by, text: choice.kind === 'typed' ? choice.scientificName : choice.text }
}

function animalFields(choice: AnimalChoice, saying: Saying): Record<string, FieldChange> {
  const ref = refOf(choice, saying.language)
  const said = identificationOf(choice, saying)
  return { ...(ref ? { animal: to(ref) } : {}), ...(said ? { identifications: { add: [json(said)] } } : {}) }
}

/** What a kept capture becomes: one entry, its picture, and the photo that goes with them. */
export function captureDrafts(capture: Capture, saying: Saying): { readonly drafts: Draft[]; readonly photos: Photo[] } {
  const { entry, image, photo, previews, observed, place, visibility } = capture
  const [note, privateNote] = [capture.note.trim(), capture.privateNote.trim()]
  const { bytes, type, sha256 } = photo
  const set: Record<string, FieldChange> = {
    ...(observed ? { observed: to(observed) } : {}),
    ...(place ? { place: to(place) } : {}),
    ...(note ? { note: to(note) } : {}),
    ...(privateNote ? { privateNote: to(privateNote) } : {}),
    visibility: to(visibility),
    ...animalFields(capture.choice, saying),
  }
  const imageSet = { entry: to(entry), sha256: to(sha256), size: to(bytes.length), mediaType: to(type), position: to(0) }
  return {
    drafts: [
      { type: 'entry', id: entry, op: 'create', set },
      { type: 'image', id: image, op: 'create', set: imageSet },
    ],
    photos: [{ image, entry, original: bytes, mediaType: type, sha256, previews }],
  }
}

/** The animal of an entry as a change names it: what the device saw (`was`). */
export function animalRefOf({ animal, typedAnimal }: EntryOnScreen): Json {
  return json(animal === undefined ? (typedAnimal ?? null) : { id: animal })
}

/**
 * Another animal for an entry: what is said now joins the history, and the entry's animal becomes it. A name of the
 * person's own, or being unsure after all, leaves the entry without an animal. Undefined: that is what it is already.
 */
export function reidentifyDraft(entry: EntryOnScreen, choice: AnimalChoice, saying: Saying): Draft | undefined {
  const was = animalRefOf(entry)
  const ref = json(refOf(choice, saying.language))
  const said = identificationOf(choice, saying)
  if (sameAnimal(entry, choice)) return undefined
  const set: Record<string, FieldChange> = {
    ...(was === null && ref === null ? {} : { animal: { was, to: ref } }),
    ...(said ? { identifications: { add: [json(said)] } } : {}),
  }
  return Object.keys(set).length > 0 ? { type: 'entry', id: entry.id, op: 'update', set } : undefined
}

function sameAnimal(entry: EntryOnScreen, choice: AnimalChoice): boolean {
  if (choice.kind === 'known') return entry.animal === choice.animal.id
  if (choice.kind === 'typed') return entry.typedAnimal?.scientificName === choice.scientificName
  return choice.kind === 'text' && !entry.animal && !entry.typedAnimal && ownName(entry) === choice.text
}

/** The name that a person gave to an entry without an animal: the last thing they said of it. */
export function ownName(entry: Pick<EntryOnScreen, 'animal' | 'typedAnimal' | 'identifications'>): string | undefined {
  return entry.animal || entry.typedAnimal ? undefined : entry.identifications?.findLast(({ text }) => text)?.text
}

export const deleteDraft = (id: string): Draft => ({ type: 'entry', id, op: 'delete' })
export const restoreDraft = (id: string): Draft => ({ type: 'entry', id, op: 'restore' })
