import { z } from 'zod'
import { uuid } from '../ids.ts'
import type { RouteSpec } from '../routes.ts'
import { historyView } from './entry.ts'

export const entryRoutes = {
  /** An own entry's history, deleted ones included. Going back to a state is an ordinary mutation. */
  history: {
    method: 'GET',
    path: '/api/v2/entries/:entry/history',
    access: 'session',
    params: z.object({ entry: uuid }),
    query: z.object({ before: z.coerce.number().int().positive().optional() }),
    answer: historyView,
    errors: ['invalid_input', 'not_signed_in', 'not_found', 'rate_limited'],
  },
} as const satisfies Record<string, RouteSpec>
