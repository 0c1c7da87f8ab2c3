import { z } from 'zod'
import { uuid } from '../ids.ts'
import type { RouteSpec } from '../routes.ts'
import {
  accountDeletion,
  adminAccount,
  deviceSession,
  passwordChange,
  passwordReset,
  resetLink,
  sessionView,
  signInInput,
  signUpInput,
} from './account.ts'
import { auditView } from './audit.ts'

/** What anyone may know of a server before signing in. `empty`: the next sign-up makes the admin. */
export const serverView = z.object({
  name: z.string(),
  protocol: z.int(),
  signup: z.enum(['open', 'closed']),
  empty: z.boolean(),
})
export type ServerView = z.infer<typeof serverView>

export const accountRoutes = {
  server: { method: 'GET', path: '/api/v2/server', access: 'anyone', answer: serverView, errors: [] },
  signUp: {
    method: 'POST',
    path: '/api/v2/accounts',
    access: 'anyone',
    body: signUpInput,
    answer: sessionView,
    errors: ['invalid_input', 'signup_closed', 'username_taken', 'rate_limited', 'origin_refused', 'unavailable'],
  },
  signIn: {
    method: 'POST',
    path: '/api/v2/sessions',
    access: 'anyone',
    body: signInInput,
    answer: sessionView,
    errors: ['invalid_input', 'sign_in_failed', 'rate_limited', 'origin_refused', 'unavailable'],
  },
  current: {
    method: 'GET',
    path: '/api/v2/sessions/current',
    access: 'session',
    answer: sessionView,
    errors: ['not_signed_in'],
  },
  signOut: {
    method: 'DELETE',
    path: '/api/v2/sessions/current',
    access: 'session',
    answer: z.object({ signedOut: z.literal(true) }),
    errors: ['not_signed_in', 'origin_refused'],
  },
  sessions: {
    method: 'GET',
    path: '/api/v2/sessions',
    access: 'session',
    answer: z.object({ sessions: z.array(deviceSession) }),
    errors: ['not_signed_in', 'rate_limited'],
  },
  endSession: {
    method: 'DELETE',
    path: '/api/v2/sessions/:session',
    access: 'session',
    params: z.object({ session: uuid }),
    answer: z.object({ ended: z.int() }),
    errors: ['not_signed_in', 'not_found', 'origin_refused', 'rate_limited'],
  },
  /** Ends every session of the account, this one too. */
  endAllSessions: {
    method: 'DELETE',
    path: '/api/v2/sessions',
    access: 'session',
    answer: z.object({ ended: z.int() }),
    errors: ['not_signed_in', 'origin_refused', 'rate_limited'],
  },
  /** A new password; every other session of the account ends. */
  changePassword: {
    method: 'POST',
    path: '/api/v2/accounts/me/password',
    access: 'session',
    body: passwordChange,
    answer: z.object({ ended: z.int() }),
    errors: ['invalid_input', 'not_signed_in', 'password_wrong', 'origin_refused', 'rate_limited', 'unavailable'],
  },
  /**
   * Deletes the caller's account and everything of theirs, for good and at once: its friends' devices are told `gone` at their next
   * contact, its own devices are answered `account_deleted` from then on and drop what they hold, unsent work included.
   */
  deleteAccount: {
    method: 'POST',
    path: '/api/v2/accounts/me/deletion',
    access: 'session',
    body: accountDeletion,
    answer: z.object({ deleted: z.literal(true) }),
    errors: ['invalid_input', 'not_signed_in', 'password_wrong', 'origin_refused', 'rate_limited', 'unavailable'],
  },
  /** The caller's own audit log, a page at a time. */
  audit: {
    method: 'GET',
    path: '/api/v2/accounts/me/audit',
    access: 'session',
    query: z.object({ before: z.string().max(100).optional() }),
    answer: auditView,
    errors: ['invalid_input', 'not_signed_in', 'rate_limited'],
  },
  /** The picture of a profile: JPEG, PNG, WebP, AVIF or GIF; kept as pixels only, 256 on each side. */
  setAvatar: {
    method: 'PUT',
    path: '/api/v2/accounts/me/avatar',
    access: 'session',
    answer: z.object({ sha256: z.string() }),
    errors: [
      'not_signed_in',
      'not_a_picture',
      'picture_type_refused',
      'picture_too_large',
      'picture_too_many_pixels',
      'picture_damaged',
      'origin_refused',
      'rate_limited',
      'unavailable',
    ],
  },
  removeAvatar: {
    method: 'DELETE',
    path: '/api/v2/accounts/me/avatar',
    access: 'session',
    answer: z.object({ removed: z.literal(true) }),
    errors: ['not_signed_in', 'origin_refused', 'rate_limited'],
  },
  /** The picture of a dex's owner, for who may see the profile. */
  avatar: {
    method: 'GET',
    path: '/api/v2/dex/:dex/avatar',
    access: 'session',
    params: z.object({ dex: uuid }),
    media: 'image/webp',
    errors: ['not_signed_in', 'not_found', 'rate_limited'],
  },
  /** Sets a new password with the secret of a reset link. */
  resetPassword: {
    method: 'POST',
    path: '/api/v2/password-resets',
    access: 'anyone',
    body: passwordReset,
    answer: z.object({ username: z.string() }),
    errors: ['invalid_input', 'reset_spent', 'rate_limited', 'origin_refused', 'unavailable'],
  },
  /** For admins; to others there is nothing here. */
  listAccounts: {
    method: 'GET',
    path: '/api/v2/admin/accounts',
    access: 'session',
    query: z.object({ after: z.string().max(100).optional() }),
    answer: z.object({ accounts: z.array(adminAccount), after: z.string().optional() }),
    errors: ['invalid_input', 'not_signed_in', 'not_found', 'rate_limited'],
  },
  makeResetLink: {
    method: 'POST',
    path: '/api/v2/admin/accounts/:account/reset',
    access: 'session',
    params: z.object({ account: uuid }),
    answer: resetLink,
    errors: ['not_signed_in', 'not_found', 'origin_refused', 'rate_limited'],
  },
} as const satisfies Record<string, RouteSpec>
