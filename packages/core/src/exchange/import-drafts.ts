import type { AnimalRef } from '../animals/animal.ts'
import type { Identification } from '../entries/entry.ts'
import type { PictureType } from '../images/image.ts'
import type { Json } from '../json.ts'
import type { FieldChange, Mutation } from '../sync/mutation.ts'
import { namesOf, type OldRecord } from './old-record.ts'

/** A change as a screen makes it. */
type Draft = Omit<Mutation, 'n' | 'at'>

/** A picture that comes along. `id`: of the image that is made. */
export interface OldPicture {
  readonly id: string
  readonly sha256: string
  readonly size: number
  readonly type: PictureType
}

const to = (value: Json): FieldChange => ({ to: value })

/** What it was called in the old client, whose names were English ones. */
function animalOf(record: OldRecord): AnimalRef | undefined {
  const { scientific, called } = namesOf(record)
  if (scientific === undefined) return undefined
  return { scientificName: scientific, ...(called === undefined ? {} : { commonName: called, language: 'en' }) }
}

/** A name that is no animal's: what its owner said of it, to be named later. */
function sayingOf(record: OldRecord, entry: string): Identification | undefined {
  const { scientific, called } = namesOf(record)
  if (scientific !== undefined || called === undefined) return undefined
  return { id: entry, at: Math.max(0, record.written ?? 0), by: record.owner ?? '', text: called }
}

/** The picture of an entry, announced. */
export function pictureDraft(entry: string, { id, sha256, size, type }: OldPicture): Draft {
  const fields = { entry, sha256, size, mediaType: type, position: 0 }
  return {
    type: 'image',
    id,
    op: 'create',
    set: Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, to(value)])),
  }
}

/**
 * What makes an old record an entry. Nothing in it depends on the device or the moment, so that two devices that bring the same record in
 * say the same. Who sees it is left to the account's own default; the old number is not today's.
 */
export function entryDrafts(record: OldRecord, entry: string, picture: OldPicture | undefined): Draft[] {
  const animal = animalOf(record)
  const saying = sayingOf(record, entry)
  const set: Record<string, FieldChange> = {
    ...(animal ? { animal: to(animal) } : {}),
    ...(saying ? { identifications: { add: [saying] } } : {}),
    ...(record.observed ? { observed: to(record.observed) } : {}),
    ...(record.favourite ? { favourite: to(true) } : {}),
  }
  return [{ type: 'entry', id: entry, op: 'create', set }, ...(picture ? [pictureDraft(entry, picture)] : [])]
}
