import { z } from 'zod'
import type { RouteSpec } from '../routes.ts'
import { sessionView, signInInput, signUpInput } from './account.ts'

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
} as const satisfies Record<string, RouteSpec>
