import { z } from 'zod'
import { uuid } from '../ids.ts'
import type { RouteSpec } from '../routes.ts'
import { LINES } from '../sync/wire.ts'
import { personView } from './friend.ts'
import { wardDecision, wardInput, wardView } from './guardian.ts'

const who = ['invalid_input', 'not_signed_in', 'not_found', 'rate_limited'] as const

export const friendRoutes = {
  /** Who has a friend code. Unknown, blocked either way: alike not found. */
  byCode: {
    method: 'GET',
    path: '/api/v2/people/by-code/:code',
    access: 'session',
    params: z.object({ code: z.string().max(40) }),
    answer: personView,
    errors: who,
  },
  /** Who has a user name: what a profile link leads to. */
  byName: {
    method: 'GET',
    path: '/api/v2/people/by-name/:username',
    access: 'session',
    params: z.object({ username: z.string().max(200) }),
    answer: personView,
    errors: who,
  },
  /**
   * A page of somebody's public entries, in lines like a pull's with at most one chunk (F1). Until a chunk says `whole`, the
   * next page is asked for with its cursor.
   */
  publicDex: {
    method: 'GET',
    path: '/api/v2/dex/:dex/public',
    access: 'session',
    params: z.object({ dex: uuid }),
    query: z.object({ cursor: z.string().max(200).optional() }),
    media: LINES,
    errors: [...who, 'unavailable'],
  },
  /** The managed accounts that the caller is guardian of; an admin's also are those whose guardian left. */
  wards: {
    method: 'GET',
    path: '/api/v2/wards',
    access: 'session',
    answer: z.object({ wards: z.array(wardView) }),
    errors: ['not_signed_in', 'rate_limited'],
  },
  /** Makes a managed account whose guardian the caller is; where sign-ups are closed, admins alone may. */
  makeWard: {
    method: 'POST',
    path: '/api/v2/wards',
    access: 'session',
    body: wardInput,
    answer: wardView,
    errors: [
      'invalid_input',
      'not_signed_in',
      'signup_closed',
      'managed_account',
      'username_taken',
      'origin_refused',
      'rate_limited',
      'unavailable',
    ],
  },
  /** The guardian says yes or no to a friendship that a managed account wants. Nothing that waits, or not theirs: alike not found. */
  decideFriend: {
    method: 'POST',
    path: '/api/v2/wards/:ward/friends/:person',
    access: 'session',
    params: z.object({ ward: uuid, person: uuid }),
    body: wardDecision,
    answer: wardDecision,
    errors: [...who, 'invalid_mutation', 'origin_refused', 'unavailable'],
  },
} as const satisfies Record<string, RouteSpec>
