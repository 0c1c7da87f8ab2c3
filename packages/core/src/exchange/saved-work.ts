import { z } from 'zod'
import { OUTING_FIELDS } from '../entries/outing.ts'
import { FRIEND_FIELDS } from '../friends/friend.ts'
import { uuid } from '../ids.ts'
import {
  ENTRY_FIELDS,
  ENTRY_LISTS,
  type FieldChange,
  IMAGE_FIELDS,
  MUTATION_TYPES,
  type Mutation,
  type MutationType,
  mutation,
  SETTING_FIELDS,
} from '../sync/mutation.ts'

/**
 * Work that was saved from a device's outbox as a file (C1): a zip with `work.json`, in this form, and the original photos. What comes out
 * of a file is believed in nothing: fields are checked as the server checks them, since the screen shows them before that.
 */
export const WORK_FORMAT = 'biologidex-unsent'
export const WORK_VERSION = 1

type Fields = Readonly<Record<string, z.ZodType>>
const FIELDS: Readonly<Record<MutationType, Fields>> = {
  entry: ENTRY_FIELDS,
  image: IMAGE_FIELDS,
  outing: OUTING_FIELDS,
  setting: SETTING_FIELDS,
  conflict: {},
  friend: FRIEND_FIELDS,
  block: {},
}
const LISTS: Readonly<Partial<Record<MutationType, Fields>>> = { entry: ENTRY_LISTS }
/** An image says these when it is made. */
const MAKES_IMAGE = ['entry', 'sha256', 'size', 'mediaType'] as const

const isKnownType = (type: string): type is MutationType => MUTATION_TYPES.some((known) => known === type)
const schemaOf = (fields: Fields | undefined, field: string): z.ZodType | undefined =>
  fields && Object.hasOwn(fields, field) ? fields[field] : undefined

/** Why a saved change is not taken: a later version made it, or it is damaged or beyond what a dex takes. */
export type LeftOut = 'unknown' | 'unfit'

function whyNotField(type: MutationType, field: string, change: FieldChange): LeftOut | undefined {
  const isValue = 'to' in change
  if (isValue && ('add' in change || 'remove' in change)) return 'unfit'
  const schema = schemaOf(isValue ? FIELDS[type] : LISTS[type], field)
  if (!schema) return 'unknown'
  const said = isValue ? [change.to] : 'add' in change ? (change.add ?? []) : []
  return said.every((one) => schema.safeParse(one).success) ? undefined : 'unfit'
}

/** The envelope as any version may write it. */
const envelope = z.looseObject({ ...mutation.shape, op: z.string().max(40) })

function whyNot(saved: unknown): LeftOut | undefined {
  const { data } = envelope.safeParse(saved)
  if (!data) return 'unfit'
  const { type, op, set = {} } = data
  if (!isKnownType(type) || !mutation.shape.op.safeParse(op).success) return 'unknown'
  if (type === 'image' && op === 'create' && !MAKES_IMAGE.every((field) => field in set)) return 'unfit'
  const fields = Object.entries((saved as Mutation).set ?? {})
  return fields.map(([field, change]) => whyNotField(type, field, change)).find((why) => why !== undefined)
}

/** The change as it was saved, with what this version does not know of it (O9), but for what an outbox knows of its fate. */
function asMade(saved: unknown): Mutation {
  const { result: _, setAside: __, ...change } = saved as Mutation & { result?: unknown; setAside?: unknown }
  return change
}

/** A photo in the file. `file`: its name there; `binned`: it was removed before it went up, and may come back. */
export const savedPicture = z.object({
  image: uuid,
  entry: uuid,
  sha256: IMAGE_FIELDS.sha256,
  size: IMAGE_FIELDS.size,
  mediaType: IMAGE_FIELDS.mediaType,
  binned: z.literal(true).optional(),
  file: z.string().regex(/^photos\/[0-9a-f-]{36}\.[a-z]{1,5}$/),
})
export type SavedPicture = z.infer<typeof savedPicture>

/** What a file says of itself. Changes and pictures are judged one by one: one that does not fit costs itself alone. */
const workFile = z.object({
  format: z.literal(WORK_FORMAT),
  version: z.literal(WORK_VERSION),
  account: uuid,
  username: z.string().max(200),
  saved: z.iso.datetime(),
  changes: z.array(z.unknown()),
  pictures: z.array(z.unknown()),
})

/** `changes` in the order of the outbox, as mutations; `saved` is when, as ISO 8601. */
export interface SavedWork extends z.infer<typeof workFile> {
  readonly changes: Mutation[]
  readonly pictures: SavedPicture[]
}

/** Saved work of which everything is sound, and how much else the file holds. */
export interface SoundWork extends SavedWork {
  readonly left: Readonly<Record<LeftOut | 'pictures', number>>
}

/** Reads `work.json`; undefined when it is not what this format is. What is sound in it is taken, the rest is counted. */
export function soundWork(json: unknown): SoundWork | undefined {
  const { data } = workFile.safeParse(json)
  if (!data) return undefined
  const judged = data.changes.map((saved) => ({ saved, why: whyNot(saved) }))
  const pictures = data.pictures.flatMap((picture) => savedPicture.safeParse(picture).data ?? [])
  const count = (reason: LeftOut): number => judged.filter(({ why }) => why === reason).length
  return {
    ...data,
    changes: judged.filter(({ why }) => why === undefined).map(({ saved }) => asMade(saved)),
    pictures,
    left: { unknown: count('unknown'), unfit: count('unfit'), pictures: data.pictures.length - pictures.length },
  }
}
