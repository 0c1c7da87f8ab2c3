import { z } from 'zod'
import { password, username } from '../accounts/account.ts'
import { LIMITS } from '../limits.ts'
import { personView } from './friend.ts'

/** A managed account and whom it wants to be friends with: what its guardian has to say yes or no to. */
export const wardView = z.object({ ...personView.shape, waiting: z.array(personView) })
export type WardView = z.infer<typeof wardView>

/** A managed account as its guardian makes it; they hand over name and password. */
export const wardInput = z.object({
  username,
  password,
  displayName: z.string().trim().min(1).max(LIMITS.nameChars).optional(),
})
export type WardInput = z.infer<typeof wardInput>

export const wardDecision = z.object({ allow: z.boolean() })
