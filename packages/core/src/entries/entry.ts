import { z } from 'zod'
import { names } from '../animals/animal.ts'
import { instant, uuid } from '../ids.ts'
import { imagePart } from '../images/image.ts'
import { LIMITS } from '../limits.ts'
import { observed } from './observed.ts'
import { place } from './place.ts'

/** Who may see an entry, from narrow to wide. */
export const VISIBILITIES = ['private', 'friends', 'public'] as const
export const visibility = z.enum(VISIBILITIES)
export type Visibility = z.infer<typeof visibility>

/** Of two visibilities the narrower (O4). */
export const narrower = (a: Visibility, b: Visibility): Visibility =>
  VISIBILITIES.indexOf(a) <= VISIBILITIES.indexOf(b) ? a : b

/** One statement of what was seen: by its owner, or by a model. A common name alone is `text` without `animal`. */
export const identification = z.object({
  id: uuid,
  at: instant,
  by: z.string().max(LIMITS.nameChars),
  animal: uuid.optional(),
  text: z.string().max(LIMITS.nameChars).optional(),
})
export type Identification = z.infer<typeof identification>

export const customizations = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= LIMITS.customizationsChars, 'at most 16,000 characters of JSON')

const shownToAll = {
  type: z.literal('entry'),
  id: uuid,
  publicId: uuid,
  animal: uuid.optional(),
  observed: observed.optional(),
  place: place.optional(),
  count: z.int().min(1).max(LIMITS.count).optional(),
  captive: z.literal(true).optional(),
  note: z.string().optional(),
  /** What its owner calls the animal: shown where its record has no name. */
  called: names.optional(),
  favourite: z.literal(true).optional(),
  customizations: customizations.optional(),
  primaryImage: uuid.optional(),
  images: z.array(imagePart).optional(),
}

/** An entry as friends and the public see it. What is absent is unset or not theirs to see. */
export const sharedEntry = z.object(shownToAll)
export type SharedEntry = z.infer<typeof sharedEntry>

/** An entry as its owner sees it. */
export const ownEntry = z.object({
  ...shownToAll,
  privateNote: z.string().optional(),
  outing: uuid.optional(),
  identifications: z.array(identification).optional(),
  visibility,
  created: instant,
  updated: instant,
})
export type OwnEntry = z.infer<typeof ownEntry>

/**
 * The side of a clash that did not stand (O4), kept in the owner feed until the person has chosen. `lost` is what was
 * typed, `stands` what the server had at that time, `device` the name of the device it was typed on. `entry` is the id of
 * what it was typed into: an entry or, for a field of the profile, the account.
 */
export const conflictItem = z.object({
  type: z.literal('conflict'),
  id: uuid,
  entry: uuid,
  field: z.string(),
  lost: z.json(),
  stands: z.json(),
  device: z.string(),
  at: instant,
})
export type ConflictItem = z.infer<typeof conflictItem>

/**
 * A deleted entry, in the owner feed for as long as it can be brought back (O5: 30 days): what its owner needs to know it by.
 * `entry` is what the feed held of it last; the mutation `restore` brings it back.
 */
export const trashItem = z.object({ type: z.literal('trash'), id: uuid, entry: ownEntry, deleted: instant })
export type TrashItem = z.infer<typeof trashItem>

/** What one revision says of an entry: fields with what they were and became, or what happened to it as a whole. */
export const revisionChange = z.union([
  z.object({ field: z.string(), was: z.json(), to: z.json() }),
  z.object({ op: z.enum(['create', 'delete', 'restore', 'revive']) }),
])
export type RevisionChange = z.infer<typeof revisionChange>

/** One accepted change of an entry, as its owner reads it. `n` counts up from 1; `device` is the name of the device. */
export const revision = z.object({ n: z.int().positive(), at: instant, device: z.string(), changes: z.array(revisionChange) })
export type Revision = z.infer<typeof revision>

/** Revisions of an entry, latest first; `before` asks for the next page, absent on the last. */
export const historyView = z.object({ revisions: z.array(revision), before: z.int().optional() })
export type HistoryView = z.infer<typeof historyView>
