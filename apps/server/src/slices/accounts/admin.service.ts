import { randomBytes } from 'node:crypto'
import { type AdminAccount, foldUsername, type ResetLink, type Role, username } from '@biologidex/core/accounts/account'
import { AppError } from '@biologidex/core/errors'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import type { AccountsTable } from '../../db/tables.ts'
import { createAccount, type NewPerson } from './accounts.service.ts'
import { accountById, accountByName, accountsAfter } from './accounts.store.ts'
import { note } from './audit.service.ts'
import { makeReset } from './passwords.service.ts'
import { hashPassword } from './passwords.ts'

const PER_PAGE = 200

const toAdminView = (row: AccountsTable): AdminAccount => ({
  id: row.id,
  username: row.username,
  displayName: row.display_name,
  role: row.role as Role,
  created: row.created_at,
})

/** Nothing of this is there for others. @throws AppError not_found */
async function needAdmin(ctx: Context, caller: Caller): Promise<void> {
  const account = await accountById(ctx.db.read, caller.account)
  if (account?.role !== 'admin') throw new AppError('not_found')
}

/** One page of accounts by name; `after` asks for the next, absent on the last. */
async function pageOf(db: Context['db'], after: string): Promise<{ accounts: AdminAccount[]; after?: string }> {
  const rows = await accountsAfter(db.read, after, PER_PAGE)
  const last = rows.length === PER_PAGE ? rows.at(-1)?.username_folded : undefined
  return { accounts: rows.map(toAdminView), ...(last === undefined ? {} : { after: last }) }
}

/** The accounts of this server, for an admin. @throws AppError not_found */
export async function listAccounts(ctx: Context, caller: Caller, after = ''): ReturnType<typeof pageOf> {
  await needAdmin(ctx, caller)
  return pageOf(ctx.db, after)
}

/** An admin lets somebody in again. @throws AppError not_found */
export async function makeResetLink(ctx: Context, caller: Caller, id: string, address: string): Promise<ResetLink> {
  await needAdmin(ctx, caller)
  return ctx.db.write(async (tx) => {
    const account = await accountById(tx.q, id)
    if (!account) throw new AppError('not_found')
    await note(tx, caller.account, 'reset_link_for_other', address)
    return { username: account.username, ...(await makeReset(tx, id, address)) }
  })
}

type Database = Pick<Context, 'db' | 'nudges'>

/** Every account, for the host of the server. */
export async function everyAccount({ db }: Database): Promise<AdminAccount[]> {
  const all: AdminAccount[] = []
  let after: string | undefined = ''
  while (after !== undefined) {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(db, after)
    all.push(...page.accounts)
    after = page.after
  }
  return all
}

/** The host lets somebody in again. @throws AppError not_found */
export async function resetByName({ db }: Database, name: string): Promise<ResetLink> {
  return db.write(async (tx) => {
    const account = await accountByName(tx.q, foldUsername(name.trim()))
    if (!account) throw new AppError('not_found')
    return { username: account.username, ...(await makeReset(tx, account.id, null)) }
  })
}

/**
 * Who is made guardian of a new account by the host.
 * @throws AppError missing_target when nobody has that name, managed_account when they have a guardian themselves
 */
async function guardianOf(tx: Tx, name: string): Promise<string> {
  const account = await accountByName(tx.q, foldUsername(name.trim()))
  if (!account) throw new AppError('missing_target')
  if (account.role === 'managed') throw new AppError('managed_account')
  return account.id
}

/**
 * The host makes an account. It has a password that nobody knows, and a link with which its person chooses their own.
 * @param guardian user name of who approves its friendships, if it is to be a managed one
 * @throws AppError invalid_input, username_taken, missing_target, managed_account
 */
export async function addByName(
  ctx: Database,
  name: string,
  person: Omit<NewPerson, 'username' | 'guardian'>,
  guardian?: string,
): Promise<ResetLink> {
  const parsed = username.safeParse(name)
  if (!parsed.success) throw new AppError('invalid_input', [{ path: 'username', message: parsed.error.issues[0]?.message }])
  const passwordHash = await hashPassword(randomBytes(32).toString('hex'))
  return ctx.db.write(async (tx) => {
    const ward = guardian === undefined ? {} : ({ role: 'managed', guardian: await guardianOf(tx, guardian) } as const)
    const account = await createAccount(tx, ctx.nudges, { username: parsed.data, ...person, ...ward }, passwordHash)
    await note(tx, account.id, 'sign_up', null)
    return { username: account.username, ...(await makeReset(tx, account.id, null)) }
  })
}
