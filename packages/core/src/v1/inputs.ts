import { z } from 'zod'
import { deviceName, password, username } from '../accounts/account.ts'
import { RANKS } from '../animals/animal.ts'
import { customizations, visibility } from '../entries/entry.ts'
import { LIMITS } from '../limits.ts'
import { readTime, type WrittenTime } from './times.ts'

/** At sign-in any text is taken: what cannot be a name answers like a wrong password. */
export const v1Login = z.object({
  username: z.string().max(200),
  password: z.string().max(1000),
  device: deviceName.optional(),
})

export const v1SignUp = z
  .object({ username, email: z.union([z.literal(''), z.email()]).optional(), password, password_confirm: z.string() })
  .refine((input) => input.password === input.password_confirm, {
    path: ['password_confirm'],
    message: 'the same password again',
  })

export const v1Refresh = z.object({ refresh: z.string().max(100) })

export const v1Profile = z.object({ bio: z.string().max(LIMITS.bioChars) }).partial()

export const v1Code = z.object({ friend_code: z.string().max(40) })

const rank = z.string().trim().max(LIMITS.nameChars).nullish()

export const v1AnimalInput = z.object({
  scientific_name: z.string().max(LIMITS.nameChars),
  common_name: z.string().trim().max(LIMITS.nameChars).nullish(),
  ...Object.fromEntries(RANKS.map((name) => [name === 'class' ? 'class_name' : name, rank])),
})

const time = z
  .string()
  .transform((text) => readTime(text))
  .refine((value): value is WrittenTime => value !== undefined, 'a time of ISO 8601')

/** Forms send every value as text. */
const degrees = (most: number) =>
  z.union([z.literal('').transform(() => null), z.null(), z.coerce.number().min(-most).max(most)])
const flag = z.union([z.boolean(), z.stringbool()])
const object = z.union([
  customizations,
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.issues.push({ code: 'custom', message: 'a JSON object', input: text })
        return z.NEVER
      }
    })
    .pipe(customizations),
])

const fields = {
  animal: z.string(),
  notes: z.string().max(LIMITS.noteChars).nullable(),
  visibility,
  catch_date: time,
  location_lat: degrees(90),
  location_lon: degrees(180),
  location_name: z.string().max(LIMITS.nameChars).nullable(),
  is_favorite: flag,
  customizations: object,
}

/** What changes an entry: of PUT and PATCH alike only what is named. */
export const v1EntryChange = z.object(fields).partial()
export type V1EntryChange = z.output<typeof v1EntryChange>

/** What makes one; its picture is `original_image`, a file of the form, or that of a job. */
export const v1EntryInput = v1EntryChange.extend({ animal: z.string(), source_vision_job: z.string().nullish() })

const page = z.coerce.number().int().min(1).optional()
export const V1_PAGE = 20
export const v1Page = z.object({ page, page_size: z.coerce.number().int().min(1).max(100).optional() })

export const V1_ORDERINGS = ['creation_index', 'catch_date', 'created_at', 'updated_at'] as const
export type V1Ordering = (typeof V1_ORDERINGS)[number]

export const v1EntryQuery = v1Page.extend({
  animal: z.string().optional(),
  animal_id: z.string().optional(),
  visibility: visibility.optional(),
  is_favorite: z.stringbool().optional(),
  search: z.string().max(LIMITS.nameChars).optional(),
  ordering: z.enum(V1_ORDERINGS.flatMap((name) => [name, `-${name}`] as const)).optional(),
})
export type V1EntryQuery = z.output<typeof v1EntryQuery>

export const v1AnimalQuery = v1Page.extend({ search: z.string().max(LIMITS.nameChars).optional() })

/** Elements of a batch are checked one by one: a bad one never fails the rest. */
export const V1_BATCH = 200
export const v1Batch = z.object({ sync_requests: z.array(z.json()).max(V1_BATCH) })

export const v1Request = z.object({ friend_code: z.string().max(40).optional(), user_id: z.string().max(100).optional() })
export const v1Response = z.object({ action: z.enum(['accept', 'reject', 'block']) })

export const v1Transformations = z.object({
  /** Degrees, clockwise. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
  /** Pixels of the upright, turned picture. */
  crop: z
    .object({ x: z.number().min(0), y: z.number().min(0), width: z.number().positive(), height: z.number().positive() })
    .nullish(),
})
export type V1Transformations = z.infer<typeof v1Transformations>

export const v1JobInput = z.object({ conversion_id: z.string(), post_conversion_transformations: v1Transformations.nullish() })
export const v1Selection = z.object({ index: z.int().min(0) })
