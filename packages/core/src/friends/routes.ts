import { z } from 'zod'
import { uuid } from '../ids.ts'
import type { RouteSpec } from '../routes.ts'
import { LINES } from '../sync/wire.ts'
import { personView } from './friend.ts'

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
} as const satisfies Record<string, RouteSpec>
