import type { z } from 'zod'
import type { ErrorCode } from './errors.ts'

/** One route of the API: what it takes, what it answers, and every code it may fail with. */
export interface RouteSpec {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Fastify form: `/api/v2/dex/:dex`. */
  readonly path: string
  /**
   * `anyone`, or a signed-in `session`: without one it is `not_signed_in`, and for a device whose account was deleted
   * `account_deleted`, on every route.
   */
  readonly access: 'anyone' | 'session'
  readonly body?: z.ZodType
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  /** JSON answer; absent where the answer is bytes or lines, which `media` then names. */
  readonly answer?: z.ZodType
  readonly media?: string
  readonly errors: readonly ErrorCode[]
}
