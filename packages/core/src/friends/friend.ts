import { z } from 'zod'
import { instant, uuid } from '../ids.ts'
import { rendition } from '../images/image.ts'

/** Friend codes: 8 letters and digits without look-alikes (no 0 and O, 1, I and L, U and V). Typed with any spacing or case. */
export const CODE_LETTERS = '23456789ABCDEFGHJKMNPQRSTWXYZ'
export const CODE_LENGTH = 8

/** A friend code as the server knows it: upper case, without the spaces and dashes that people put in. */
export const foldCode = (typed: string): string => typed.toUpperCase().replaceAll(/[\s\p{Pd}]/gu, '')
export const friendCode = z
  .string()
  .max(40)
  .transform(foldCode)
  .refine((code) => code.length === CODE_LENGTH && [...code].every((letter) => CODE_LETTERS.includes(letter)), {
    message: `${CODE_LENGTH} letters and digits`,
  })

/**
 * `asked`: this account asked the other; `asks`: the other asks this one. A declined request stays `asked`, and so does one to
 * somebody who then blocked this account: nobody is told. `held`: a managed account wants it, by asking or accepting, and its guardian
 * has not said yes; the other side knows nothing of it.
 */
export const FRIEND_STATES = ['asked', 'asks', 'friends', 'held'] as const
export type FriendState = (typeof FRIEND_STATES)[number]

/** Who somebody is, as far as anyone who has their code or name may know. */
export const personView = z.object({
  id: uuid,
  username: z.string(),
  displayName: z.string(),
  avatar: rendition.optional(),
})
export type PersonView = z.infer<typeof personView>

/**
 * How an account stands to another: an item of its account feed. `id` is the other account's. Name and picture are those of the
 * moment it came to stand so; of a friend, the profile in their dex says today's. Friends' dexes are followed from `friends` on and
 * `gone` when it ends. A feed that is being narrowed is no item: its mode in a pull is `later` (W3).
 */
export const friendItem = z.object({
  type: z.literal('friend'),
  ...personView.shape,
  state: z.enum(FRIEND_STATES),
  since: instant,
})
export type FriendItem = z.infer<typeof friendItem>

/** Somebody whom the account blocked: an item of its account feed. The blocked are not told. */
export const blockItem = z.object({ type: z.literal('block'), ...personView.shape, since: instant })
export type BlockItem = z.infer<typeof blockItem>

/**
 * Fields of a mutation of type `friend`. `create` asks: by `code` (its id is then any new one), or with the other account's id.
 * `update` with `state` accepts; `delete` withdraws, declines or unfriends; with a `code` it takes back what its id asked of whoever has it,
 * and ends no other friendship.
 * Mutations of type `block` have no fields: `create` blocks the account of its id, `delete` unblocks it.
 */
export const FRIEND_FIELDS = { code: friendCode, state: z.literal('friends') } as const
