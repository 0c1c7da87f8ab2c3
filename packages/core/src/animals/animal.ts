import { z } from 'zod'
import { uuid } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { nameKey } from './names.ts'

export { commonName, isNameless } from './common-name.ts'

/** IUCN Red List categories, by their own letters. */
export const IUCN_CATEGORIES = ['LC', 'NT', 'VU', 'EN', 'CR', 'EW', 'EX', 'DD'] as const
export type IucnCategory = (typeof IUCN_CATEGORIES)[number]

const VULNERABLE: ReadonlySet<string> = new Set(['VU', 'EN', 'CR', 'EW'])

/** Vulnerable or worse: never shown more precisely than an area to anyone but the owner (privacy: Location). */
export const isVulnerable = (category: string | undefined): boolean => category !== undefined && VULNERABLE.has(category)

/** Higher ranks of an animal, each a scientific name. */
export const RANKS = ['kingdom', 'phylum', 'class', 'order', 'family', 'genus', 'species', 'subspecies'] as const

/** Names by language, the usual one first. */
export const names = z.record(z.string(), z.array(z.string()))
export type Names = z.infer<typeof names>

/**
 * An animal as it travels: in the catalogue feed, and beside the entries that name it. `names` are those of
 * lists, never what somebody typed: that lies with the entry (`called`). `number` is the discovery number; absent until somebody's keeping of it may be known
 * to the reader. `rev` grows when names or ranks change, never with the number: the higher one is the newer record.
 */
export const animalItem = z.object({
  type: z.literal('animal'),
  id: uuid,
  number: z.int().positive().optional(),
  scientificName: z.string(),
  rank: z.string().optional(),
  names: names.optional(),
  synonyms: z.array(z.string()).optional(),
  ranks: z.partialRecord(z.enum(RANKS), z.string()).optional(),
  iucn: z.object({ category: z.enum(IUCN_CATEGORIES), source: z.string(), date: z.string() }).optional(),
  verified: z.literal(true).optional(),
  rev: z.int(),
})
export type AnimalItem = z.infer<typeof animalItem>

/**
 * How a change names an animal: by id when it is known, else by the scientific name that was typed. The server finds
 * or makes the record; two devices that type the same name mean the same animal.
 */
export const animalRef = z.union([
  z.object({ id: uuid }),
  z.object({
    scientificName: z
      .string()
      .max(LIMITS.nameChars)
      .refine((text) => nameKey(text) !== undefined, 'a scientific name: a genus, then epithets'),
    commonName: z.string().trim().min(1).max(LIMITS.nameChars).optional(),
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .optional(),
  }),
])
export type AnimalRef = z.infer<typeof animalRef>

/** Joins what two sources say of one animal: the higher `rev` wins, a known number is never unlearned. */
export function mergeAnimal(a: AnimalItem | undefined, b: AnimalItem | undefined): AnimalItem | undefined {
  if (!a || !b) return a ?? b
  const newer = b.rev > a.rev ? b : a
  const number = a.number ?? b.number
  return newer.number === number ? newer : { ...newer, number }
}
