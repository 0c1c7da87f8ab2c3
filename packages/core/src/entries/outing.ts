import { z } from 'zod'
import { instant, uuid } from '../ids.ts'
import { LIMITS } from '../limits.ts'

/** The fields of an outing that a mutation may set. `null` clears. */
export const OUTING_FIELDS = {
  name: z.string().max(LIMITS.nameChars).nullable(),
  note: z.string().max(LIMITS.noteChars).nullable(),
} as const

/**
 * A walk, a dive, an evening at the window: what several sightings have in common. An item of the owner feed only; entries
 * name it by id. An outing that was deleted while an entry elsewhere joined it comes back (O5).
 */
export const outingItem = z.object({
  type: z.literal('outing'),
  id: uuid,
  name: z.string().optional(),
  note: z.string().optional(),
  created: instant,
})
export type OutingItem = z.infer<typeof outingItem>
