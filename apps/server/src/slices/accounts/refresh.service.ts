import { AppError } from '@biologidex/core/errors'
import type { Context } from '../../context.ts'
import { newToken, tokenHash } from '../../http/sessions.ts'
import * as store from './refresh.store.ts'

/** Gives a session, known by its token, a refresh token too: for v1 clients. Both end with the session. */
export async function addRefresh(ctx: Pick<Context, 'db'>, token: string): Promise<string> {
  const refresh = newToken()
  await ctx.db.write((tx) => store.addRefresh(tx, tokenHash(refresh), tokenHash(token)))
  return refresh
}

/**
 * A new token for the session of a refresh token; the one before is dead at its next request.
 * @throws AppError not_signed_in when there is no such session (any more)
 */
export async function refreshSession(ctx: Pick<Context, 'db'>, refresh: string): Promise<string> {
  const token = newToken()
  const session = await ctx.db.write((tx) => store.renewToken(tx, tokenHash(refresh), tokenHash(token)))
  if (!session) throw new AppError('not_signed_in')
  return token
}
