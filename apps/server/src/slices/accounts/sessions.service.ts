import { randomUUID } from 'node:crypto'
import type { DeviceSession } from '@biologidex/core/accounts/account'
import { AppError } from '@biologidex/core/errors'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { newToken, type SessionKind, sessionTopic, tokenHash } from '../../http/sessions.ts'
import { note } from './audit.service.ts'
import * as store from './sessions.store.ts'

/** Makes a session; answers its token, which is shown this once: only its hash is kept. */
export async function openSession(tx: Tx, account: string, kind: SessionKind, device: string): Promise<string> {
  const token = newToken()
  const now = await tx.now()
  await store.addSession(tx, {
    id: randomUUID(),
    account_id: account,
    token_hash: tokenHash(token),
    kind,
    device_name: device,
    created_at: now,
    last_seen_at: now,
  })
  return token
}

/** Ends sessions in a write under way: dead at the next request, their streams close once it is committed. Answers how many. */
export async function endSessions(tx: Tx, nudges: Context['nudges'], account: string, which?: store.Which): Promise<number> {
  const ended = await store.deleteSessions(tx, account, which)
  tx.afterCommit(() => nudges.moved(ended.map(sessionTopic)))
  return ended.length
}

/** The account's devices, the one used last first. */
export async function listSessions(ctx: Context, caller: Caller): Promise<DeviceSession[]> {
  const rows = await store.sessionsOf(ctx.db.read, caller.account)
  return rows.map(({ id, device_name: device, created_at: created, last_seen_at: lastSeen }) => {
    return { id, device, created, lastSeen, current: id === caller.session }
  })
}

/** Ends the caller's own session: its token is dead at the next request, its streams close. */
export async function signOut(ctx: Context, caller: Caller, address: string): Promise<void> {
  await ctx.db.write(async (tx) => {
    await endSessions(tx, ctx.nudges, caller.account, { only: caller.session })
    await note(tx, caller.account, 'sign_out', address)
  })
}

/**
 * Ends one session of the caller's account.
 * @throws AppError not_found, alike for what is not there and what is another's
 */
export async function endSession(ctx: Context, caller: Caller, session: string, address: string): Promise<number> {
  return ctx.db.write(async (tx) => {
    const ended = await endSessions(tx, ctx.nudges, caller.account, { only: session })
    if (ended === 0) throw new AppError('not_found')
    await note(tx, caller.account, 'session_end', address)
    return ended
  })
}

/** Ends every session of the caller's account, this one too. */
export async function endAllSessions(ctx: Context, caller: Caller, address: string): Promise<number> {
  return ctx.db.write(async (tx) => {
    const ended = await endSessions(tx, ctx.nudges, caller.account)
    await note(tx, caller.account, 'sessions_end', address)
    return ended
  })
}
