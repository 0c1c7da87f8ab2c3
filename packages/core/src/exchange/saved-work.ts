import { z } from 'zod'
import { OUTING_FIELDS } from '../entries/outing.ts'
import { uuid } from '../ids.ts'
import {
  ENTRY_FIELDS,
  ENTRY_LISTS,
  type FieldChange,
  IMAGE_FIELDS,
  MUTATION_TYPES,
  type Mutation,
  mutation,
  SETTING_FIELDS,
} from '../sync/mutation.ts'

/**
 * Work that was saved from a device's outbox as a file (C1): a zip with `work.json`, in this form, and the original photos. What comes out
 * of a file is believed in nothing: fields are checked as the server checks them, since the screen shows them before that.
 */
export const WORK_FORMAT = 'biologidex-unsent'
export const WORK_VERSION = 1

const FIELDS: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  entry: ENTRY_FIELDS,
  image: IMAGE_FIELDS,
  outing: OUTING_FIELDS,
  setting: SETTING_FIELDS,
  conflict: {},
}
const LISTS: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = { entry: ENTRY_LISTS }
/** An image says these when it is made. */
const MAKES_IMAGE = ['entry', 'sha256', 'size', 'mediaType'] as const

const schemaOf = (fields: Readonly<Record<string, z.ZodType>> | undefined, field: string): z.ZodType | undefined =>
  fields && Object.hasOwn(fields, field) ? fields[field] : undefined

function isChange(type: string, field: string, change: FieldChange): boolean {
  if ('to' in change) return schemaOf(FIELDS[type], field)?.safeParse(change.to).success ?? false
  const schema = schemaOf(LISTS[type], field)
  return schema !== undefined && ('add' in change ? (change.add ?? []) : []).every((one) => schema.safeParse(one).success)
}

/** True for a change that this version knows, with fields that it knows, of the kind they should be. */
export function isSoundChange({ type, op, set = {} }: Mutation): boolean {
  if (!MUTATION_TYPES.some((known) => known === type)) return false
  if (type === 'image' && op === 'create' && !MAKES_IMAGE.every((field) => field in set)) return false
  return Object.entries(set).every(([field, change]) => isChange(type, field, change))
}

/** A photo in the file. `file`: its name there. */
export const savedPicture = z.object({
  image: uuid,
  entry: uuid,
  sha256: IMAGE_FIELDS.sha256,
  size: IMAGE_FIELDS.size,
  mediaType: IMAGE_FIELDS.mediaType,
  file: z.string().regex(/^photos\/[0-9a-f-]{36}\.[a-z]{1,5}$/),
})
export type SavedPicture = z.infer<typeof savedPicture>

/** `changes` in the order of the outbox, as mutations; `saved` is when, as ISO 8601. */
export const savedWork = z.object({
  format: z.literal(WORK_FORMAT),
  version: z.literal(WORK_VERSION),
  account: uuid,
  username: z.string().max(200),
  saved: z.iso.datetime(),
  changes: z.array(mutation.refine(isSoundChange)).max(100_000),
  pictures: z.array(savedPicture).max(10_000),
})
export type SavedWork = z.infer<typeof savedWork>
