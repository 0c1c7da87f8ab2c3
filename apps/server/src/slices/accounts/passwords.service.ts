import type { PasswordChange, PasswordReset } from '@biologidex/core/accounts/account'
import { AppError } from '@biologidex/core/errors'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { newToken, tokenHash } from '../../http/sessions.ts'
import { accountById, updateAccount } from './accounts.store.ts'
import { note } from './audit.service.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { addReset, deleteExpired, deleteResets, resetByHash } from './resets.store.ts'
import { endSessions } from './sessions.service.ts'

const RESET_MS = 24 * 60 * 60 * 1000
/** The page that takes a reset link. Its secret stands in the fragment, which browsers send to no server. */
const RESET_PATH = '/reset'

/**
 * Gives the caller's account another password. Every other session of it ends, and links that were given out are void.
 * @returns how many sessions ended
 * @throws AppError password_wrong, not_signed_in, unavailable
 */
export async function changePassword(ctx: Context, caller: Caller, input: PasswordChange, address: string): Promise<number> {
  const before = await accountById(ctx.db.read, caller.account)
  if (!before) throw new AppError('not_signed_in')
  if (!(await verifyPassword(input.current, before.password_hash))) throw new AppError('password_wrong')
  const passwordHash = await hashPassword(input.next)
  return ctx.db.write(async (tx) => {
    await tx.lockOwner(caller.account)
    const now = await accountById(tx.q, caller.account)
    // Changed while this was being hashed: what was proven is no longer the password.
    if (now?.password_hash !== before.password_hash) throw new AppError('password_wrong')
    await updateAccount(tx, caller.account, { password_hash: passwordHash })
    await deleteResets(tx, caller.account)
    await note(tx, caller.account, 'password_change', address)
    return endSessions(tx, ctx.nudges, caller.account, { except: caller.session })
  })
}

/** A link that lets an account in again. */
interface MadeReset {
  /** Path of this server with the secret in its fragment. */
  readonly path: string
  readonly expires: number
}

/** Makes a reset link: it works once, for 24 hours. Only the hash of its secret is kept. */
export async function makeReset(tx: Tx, account: string, address: string | null): Promise<MadeReset> {
  const token = newToken()
  const now = await tx.now()
  const expires = now + RESET_MS
  await deleteExpired(tx, now)
  await addReset(tx, { token_hash: tokenHash(token), account_id: account, expires_at: expires })
  await note(tx, account, 'reset_link', address)
  return { path: `${RESET_PATH}#${token}`, expires }
}

/**
 * Sets a new password with the secret of a reset link. Every session of the account ends, and every link that was given out
 * for it. The password is hashed first, so that a link that is good takes as long as one that is not.
 * @throws AppError reset_spent, alike for links that were used, that are too old and that never were; unavailable
 */
export async function resetPassword(ctx: Context, input: PasswordReset, address: string): Promise<{ username: string }> {
  const passwordHash = await hashPassword(input.password)
  const wanted = tokenHash(input.token)
  return ctx.db.write(async (tx) => {
    const found = await resetByHash(tx.q, wanted)
    if (!found || !(await tx.lockOwner(found.account_id))) throw new AppError('reset_spent')
    // Looked up once more, now that nobody else can be using it.
    const reset = await resetByHash(tx.q, wanted)
    const account = await accountById(tx.q, found.account_id)
    if (!reset || !account || reset.expires_at <= (await tx.now())) throw new AppError('reset_spent')
    await updateAccount(tx, account.id, { password_hash: passwordHash })
    await deleteResets(tx, account.id)
    await endSessions(tx, ctx.nudges, account.id)
    await note(tx, account.id, 'password_reset', address)
    return { username: account.username }
  })
}
