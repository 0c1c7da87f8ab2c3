import { z } from 'zod'
import { visibility } from '../entries/entry.ts'
import { PRECISIONS } from '../entries/place.ts'
import { uuid } from '../ids.ts'
import { LIMITS } from '../limits.ts'

export const ROLES = ['admin', 'member', 'managed'] as const
export type Role = (typeof ROLES)[number]

const [minName, maxName] = LIMITS.usernameChars
const [minPassword, maxPassword] = LIMITS.passwordChars

/** Letters, digits, dot, dash and underscore of any script; unique without regard to case. */
export const username = z
  .string()
  .trim()
  .normalize('NFKC')
  .min(minName)
  .max(maxName)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'letters, digits, dot, dash and underscore')
export const password = z.string().min(minPassword).max(maxPassword)
export const deviceName = z.string().trim().min(1).max(80)

/** The form under which user names are unique. */
export const foldUsername = (name: string): string => name.normalize('NFKC').toLowerCase()

export const signUpInput = z.object({
  username,
  password,
  displayName: z.string().trim().min(1).max(LIMITS.nameChars).optional(),
  device: deviceName,
  /** `cookie` for the web (HttpOnly), `bearer` for other clients (the token is in the answer). */
  session: z.enum(['cookie', 'bearer']),
})
export type SignUpInput = z.infer<typeof signUpInput>

/** At sign-in any text is taken: what cannot be a name answers like a wrong password, not with a hint. */
export const signInInput = z.object({
  username: z.string().max(200),
  password: z.string().max(1000),
  device: deviceName,
  session: z.enum(['cookie', 'bearer']),
})
export type SignInInput = z.infer<typeof signInInput>

export const accountView = z.object({
  id: uuid,
  username: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
})
export type AccountView = z.infer<typeof accountView>

export const sessionView = z.object({
  account: accountView,
  /** Only for `bearer`, and only in the answer that made the session. */
  token: z.string().optional(),
})
export type SessionView = z.infer<typeof sessionView>

export const settings = z.object({
  visibility,
  friendsPrecision: z.enum(PRECISIONS),
  publicPrecision: z.enum(PRECISIONS),
})
export type Settings = z.infer<typeof settings>

/** A new account's settings (privacy.md). */
export const DEFAULT_SETTINGS: Settings = { visibility: 'friends', friendsPrecision: 'area', publicPrecision: 'hidden' }

/** Whose dex it is: an item of each of the dex's feeds; `settings` in the owner's only. */
export const profileItem = z.object({
  type: z.literal('profile'),
  id: uuid,
  username: z.string(),
  displayName: z.string(),
  bio: z.string().optional(),
  settings: settings.optional(),
})
export type ProfileItem = z.infer<typeof profileItem>
