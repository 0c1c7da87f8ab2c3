import { z } from 'zod'
import { animalRef } from '../animals/animal.ts'
import { customizations, identification, visibility } from '../entries/entry.ts'
import { observed } from '../entries/observed.ts'
import { PRECISIONS, place } from '../entries/place.ts'
import { ERRORS, type ErrorCode } from '../errors.ts'
import { instant, sha256, uuid } from '../ids.ts'
import { pictureType } from '../images/image.ts'
import { LIMITS } from '../limits.ts'

/** The fields of an entry that a mutation may set: for each, what it may become. `null` clears. */
export const ENTRY_FIELDS = {
  animal: animalRef.nullable(),
  observed: observed.nullable(),
  place: place.nullable(),
  outing: uuid.nullable(),
  count: z.int().min(1).max(LIMITS.count).nullable(),
  captive: z.boolean().nullable(),
  note: z.string().max(LIMITS.noteChars).nullable(),
  privateNote: z.string().max(LIMITS.noteChars).nullable(),
  visibility,
  favourite: z.boolean().nullable(),
  primaryImage: uuid.nullable(),
  customizations: customizations.nullable(),
} as const
export type EntryField = keyof typeof ENTRY_FIELDS

/** The lists of an entry: they change by adding and removing (O4). */
export const ENTRY_LISTS = { identifications: identification } as const

/**
 * The fields of an account that travel as mutations of type `setting` (its id is the account's). `visibility` is a default for new
 * entries and touches no existing one; a precision holds for every entry, and where it shows less the feed is closed to others
 * (mode `later`) until it is carried out (W3).
 */
export const SETTING_FIELDS = {
  displayName: z.string().trim().min(1).max(LIMITS.nameChars),
  bio: z.string().max(LIMITS.bioChars).nullable(),
  visibility,
  friendsPrecision: z.enum(PRECISIONS),
  publicPrecision: z.enum(PRECISIONS),
} as const
export type SettingField = keyof typeof SETTING_FIELDS

/** The fields of an image. `entry`, `sha256`, `size` and `mediaType` are set once, when it is made. */
export const IMAGE_FIELDS = {
  entry: uuid,
  sha256,
  size: z.int().positive().max(LIMITS.pictureBytes),
  mediaType: pictureType,
  position: z.number(),
  alt: z.string().max(LIMITS.noteChars).nullable(),
} as const

export const MUTATION_TYPES = ['entry', 'image', 'outing', 'setting', 'conflict', 'friend', 'block'] as const
export type MutationType = (typeof MUTATION_TYPES)[number]

/** A field's change: from what this device saw (`was`) to what the person wants (`to`); or a list's additions and removals. */
export const fieldChange = z.union([
  z.object({ was: z.json().optional(), to: z.json() }),
  z.object({ add: z.array(z.json()).optional(), remove: z.array(uuid).optional() }),
])
export type FieldChange = z.infer<typeof fieldChange>

/**
 * One change in the outbox (O1). `n` counts up per (account, client) without gaps; `at` is the device's clock, shown
 * to its owner and never trusted for order. Envelope only: fields are checked by type in the server's services, so that
 * one bad field rejects one mutation and not the push.
 */
export const mutation = z.object({
  n: z.int().positive(),
  type: z.string().max(40),
  id: uuid,
  op: z.enum(['create', 'update', 'delete', 'restore']),
  set: z.record(z.string().max(40), fieldChange).optional(),
  at: instant.optional(),
})
export type Mutation = z.infer<typeof mutation>

/**
 * What came of a mutation. `seq`: it is in its feed (`feedOfChange`) up to here, so it leaves the overlay when the local position
 * in that feed has reached it (O7). `revived`: the entry had been deleted elsewhere and is back, as private (O5). `conflicts`: fields
 * whose other value stands; what was typed is kept as conflict items (O4).
 */
export const mutationResult = z.object({
  n: z.int(),
  status: z.enum(['done', 'rejected']),
  seq: z.int().optional(),
  revived: z.literal(true).optional(),
  conflicts: z.array(z.string()).optional(),
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).optional(),
  message: z.string().optional(),
  details: z.json().optional(),
})
export type MutationResult = z.infer<typeof mutationResult>

/** What a mutation rests on: the things it changes or creates something in (O6: set aside together). */
export function dependsOn(change: Pick<Mutation, 'type' | 'id' | 'set'>): string[] {
  const named = (field: string): string[] => {
    const value = change.set?.[field]
    return value && 'to' in value && typeof value.to === 'string' ? [value.to] : []
  }
  const keys = [`${change.type}/${change.id}`]
  if (change.type === 'image') keys.push(...named('entry').map((id) => `entry/${id}`))
  if (change.type === 'entry') keys.push(...named('outing').map((id) => `outing/${id}`))
  return keys
}
