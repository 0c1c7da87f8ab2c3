import { hash, randomBytes } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Context } from '../context.ts'
import type { SessionRow } from '../db/db.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request; null on routes that anyone may use. */
    caller: Caller | null
  }
}

/** How a session's token travels: in a cookie that scripts cannot read, or in the Authorization header. */
export type SessionKind = 'cookie' | 'bearer'

const COOKIE = 'biologidex_session'
/** 400 days: the longest that browsers keep a cookie. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60
const TOKEN = /^[A-Za-z0-9_-]{43}$/
const TOUCH_EVERY_MS = 60 * 60 * 1000

/** A new secret: 32 random bytes. Only its hash is kept here. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What the database knows of a token. */
export const tokenHash = (token: string): string => hash('sha256', token)

function presented(request: FastifyRequest): { token: string; kind: SessionKind } | undefined {
  const { authorization, cookie } = request.headers
  const bearer = authorization?.startsWith('Bearer ') ? authorization.slice(7) : undefined
  const token = authorization === undefined ? cookie && parseCookie(cookie)[COOKIE] : bearer
  if (!token || !TOKEN.test(token)) return undefined
  return { token, kind: bearer === undefined ? 'cookie' : 'bearer' }
}

/**
 * Who makes a request, looked up anew each time: a session that was ended is dead at the next request. A token is good only
 * in the way it was given out, so that a cookie's needs the Origin check and a bearer's can never come from a cookie.
 */
export async function findCaller(
  ctx: Context,
  request: FastifyRequest,
): Promise<{ caller: Caller; kind: SessionKind } | undefined> {
  const shown = presented(request)
  if (!shown) return undefined
  const row = await ctx.db.hot.session(tokenHash(shown.token))
  if (!row || row.kind !== shown.kind) return undefined
  touch(ctx, row)
  return { caller: { account: row.account, session: row.id, device: row.device, address: request.ip }, kind: shown.kind }
}

/** Whether a request that has no session comes from a device of an account that was deleted: it is told, and drops what it holds. */
export async function wasDeleted({ db }: Context, request: FastifyRequest): Promise<boolean> {
  const shown = presented(request)
  if (!shown) return false
  const found = db.read.selectFrom('void_tokens').select('since').where('token_hash', '=', tokenHash(shown.token))
  return (await found.executeTakeFirst()) !== undefined
}

const touching = new Set<string>()

/** Notes that a session is in use, at most once an hour and beside the request. */
function touch(ctx: Context, { id, lastSeen }: SessionRow): void {
  const now = Date.now()
  if (now - lastSeen < TOUCH_EVERY_MS || touching.has(id)) return
  touching.add(id)
  ctx.db
    .write((tx) => tx.q.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', id).execute())
    .catch(() => ctx.log.warn({ session: id }, 'could not note that a session was used'))
    .finally(() => touching.delete(id))
}

function sessionCookie(ctx: Context, request: FastifyRequest, value: string, maxAge: number): string {
  const secure = request.protocol === 'https' || ctx.config.publicOrigin?.startsWith('https:') === true
  return stringifySetCookie({ name: COOKIE, value, httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge })
}

/** Gives the browser a session's token; scripts there cannot read it. */
export function setSessionCookie(ctx: Context, request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.header('set-cookie', sessionCookie(ctx, request, token, COOKIE_SECONDS))
}

/** Takes the session's cookie from the browser. */
export function clearSessionCookie(ctx: Context, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', sessionCookie(ctx, request, '', 0))
}

/** The topic of a session: it is told once, after the session's row is gone for good (N1: its streams close). */
export const sessionTopic = (session: string): string => `session:${session}`
