import { z } from 'zod'
import { visibility } from '../entries/entry.ts'
import { PRECISIONS } from '../entries/place.ts'
import { instant, uuid } from '../ids.ts'
import { rendition } from '../images/image.ts'
import { LIMITS } from '../limits.ts'

export { foldUsername } from './fold-username.ts'

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
  /**
   * 32 random bytes of the account in hexadecimal: the key that wraps the one a device seals its store with (C1). It opens nothing
   * on the server; a session that ended by itself leaves the device's store closed until the next sign-in brings it again.
   */
  seal: z.string().regex(/^[0-9a-f]{64}$/),
  /** Only for `bearer`, and only in the answer that made the session. */
  token: z.string().optional(),
})
export type SessionView = z.infer<typeof sessionView>

/** `visibility` is the default for new entries; the precisions hold for every entry, the public never getting more than friends. */
export const settings = z.object({
  visibility,
  friendsPrecision: z.enum(PRECISIONS),
  publicPrecision: z.enum(PRECISIONS),
})
export type Settings = z.infer<typeof settings>

/** A new account's settings (privacy.md). */
export const DEFAULT_SETTINGS: Settings = { visibility: 'friends', friendsPrecision: 'area', publicPrecision: 'hidden' }

/** Whose dex it is: an item of each of the dex's feeds; `settings` in the owner's only. What it says of a person is today's. */
export const profileItem = z.object({
  type: z.literal('profile'),
  id: uuid,
  username: z.string(),
  displayName: z.string(),
  bio: z.string().optional(),
  avatar: rendition.optional(),
  /** 8 characters without look-alikes; the owner's feed only. */
  friendCode: z.string().optional(),
  settings: settings.optional(),
  /** A guardian looks after the account: it shows nothing to everyone, and its friendships wait for them; the owner's feed only. */
  managed: z.literal(true).optional(),
})
export type ProfileItem = z.infer<typeof profileItem>

/** A device's session, as the account's owner sees it. `current`: the one that asks. */
export const deviceSession = z.object({
  id: uuid,
  device: z.string(),
  created: instant,
  /** To the hour. */
  lastSeen: instant,
  current: z.boolean(),
})
export type DeviceSession = z.infer<typeof deviceSession>

/** What deleting one's account asks for, so that a device found unlocked can't do it. */
export const accountDeletion = z.object({ password: z.string().max(1000) })
export type AccountDeletion = z.infer<typeof accountDeletion>

export const passwordChange = z.object({ current: z.string().max(1000), next: password })
export type PasswordChange = z.infer<typeof passwordChange>

/** `token` is the secret of a reset link: it works once, for 24 hours, and every session of the account ends with it. */
export const passwordReset = z.object({ token: z.string().max(100), password })
export type PasswordReset = z.infer<typeof passwordReset>

/** A link made by an admin: a path of this server with the secret in its fragment, which no server log ever sees. */
export const resetLink = z.object({ username: z.string(), path: z.string(), expires: instant })
export type ResetLink = z.infer<typeof resetLink>

/** An account as an admin lists it. */
export const adminAccount = z.object({
  id: uuid,
  username: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
  created: instant,
})
export type AdminAccount = z.infer<typeof adminAccount>
