import { randomBytes, randomInt } from 'node:crypto'
import {
  type AccountView,
  DEFAULT_SETTINGS,
  foldUsername,
  type Role,
  type SignInInput,
  type SignUpInput,
  username,
} from '@biologidex/core/accounts/account'
import type { ServerView } from '@biologidex/core/accounts/routes'
import { AppError } from '@biologidex/core/errors'
import { CODE_LENGTH, CODE_LETTERS } from '@biologidex/core/friends/friend'
import { PROTOCOL } from '@biologidex/core/protocol'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import type { AccountsTable } from '../../db/tables.ts'
import { createDex, FeedWriter } from '../sync/feed-writer.ts'
import type { Nudges } from '../sync/nudges.ts'
import { publishProfile } from './accounts.feed.ts'
import * as store from './accounts.store.ts'
import { note } from './audit.service.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { openSession } from './sessions.service.ts'

/** A session just made. The token is shown this once; only its hash is kept. */
export interface NewSession {
  readonly account: AccountView
  readonly token: string
  readonly seal: string
}

const newFriendCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS.charAt(randomInt(CODE_LETTERS.length))).join('')

async function freeFriendCode(tx: Tx): Promise<string> {
  for (;;) {
    const code = newFriendCode()
    if (!(await store.isFriendCodeTaken(tx, code))) return code
  }
}

const toView = (row: AccountsTable): AccountView => ({
  id: row.id,
  username: row.username,
  displayName: row.display_name,
  role: row.role as Role,
})

/** Who an account is made for. Without a role: the first account of a server is its admin, the others are members. */
export interface NewPerson {
  readonly username: string
  readonly displayName?: string | undefined
  readonly email?: string | undefined
  readonly role?: Role
  /** Of a managed account: who approves its friendships. */
  readonly guardian?: string
}

/** The row of a new account. The caller has made sign-ups take turns. */
async function newAccount(tx: Tx, input: NewPerson, passwordHash: string, role: Role): Promise<AccountsTable> {
  return {
    id: tx.random.uuid(),
    username: input.username,
    username_folded: foldUsername(input.username),
    display_name: input.displayName ?? input.username,
    email: input.email || null,
    password_hash: passwordHash,
    friend_code: await freeFriendCode(tx),
    bio: null,
    avatar: null,
    seal: randomBytes(32).toString('hex'),
    role,
    guardian_id: role === 'managed' ? (input.guardian ?? null) : null,
    settings: JSON.stringify(DEFAULT_SETTINGS),
    created_at: await tx.now(),
    deleted_at: null,
  }
}

/**
 * Makes an account with its dex.
 * @throws AppError signup_closed unless `mayCome` (or it is the first), username_taken
 */
export async function createAccount(
  tx: Tx,
  nudges: Nudges,
  person: NewPerson,
  passwordHash: string,
  mayCome = true,
): Promise<AccountsTable> {
  await store.lockSignUps(tx)
  const first = await store.isEmpty(tx.q)
  if (!mayCome && !first) throw new AppError('signup_closed')
  if (await store.accountByName(tx.q, foldUsername(person.username))) throw new AppError('username_taken')
  const account = await newAccount(tx, person, passwordHash, first ? 'admin' : (person.role ?? 'member'))
  await store.addAccount(tx, account)
  await createDex(tx, account.id)
  const feeds = await FeedWriter.open(tx, nudges, account.id)
  publishProfile(feeds, account)
  await feeds.flush()
  return account
}

/**
 * Makes a managed account whose guardian the caller is (data.md: Account).
 * @throws AppError managed_account when the caller is one, signup_closed unless an admin, username_taken, unavailable
 */
export async function addManaged(
  ctx: Context,
  { account: guardian }: Caller,
  { username, displayName }: Pick<NewPerson, 'username' | 'displayName'>,
  password: string,
  address: string,
): Promise<AccountsTable> {
  const role = (await store.accountById(ctx.db.read, guardian))?.role
  if (role === 'managed') throw new AppError('managed_account')
  if (ctx.config.signup === 'closed' && role !== 'admin') throw new AppError('signup_closed')
  const passwordHash = await hashPassword(password)
  return ctx.db.write(async (tx) => {
    if (!(await tx.lockOwner(guardian))) throw new AppError('not_signed_in')
    const person = { username, displayName, role: 'managed', guardian } as const
    const account = await createAccount(tx, ctx.nudges, person, passwordHash)
    await note(tx, account.id, 'sign_up', address)
    await note(tx, guardian, 'ward_made', address)
    return account
  })
}

/** What anyone may know of this server. */
export async function describeServer(ctx: Context): Promise<ServerView> {
  const { serverName: name, signup } = ctx.config
  return { name, protocol: PROTOCOL, signup, empty: await store.isEmpty(ctx.db.read) }
}

/**
 * Makes an account with its dex, and signs it in. The first account of a server is its admin and may always be made.
 * @param address network address, for the audit log
 * @throws AppError signup_closed, username_taken, unavailable
 */
export async function signUp(ctx: Context, input: SignUpInput, address: string): Promise<NewSession> {
  return register(ctx, input, input.password, address, async (tx, account) => {
    const token = await openSession(tx, account.id, input.session, input.device)
    return { account: toView(account), token, seal: account.seal }
  })
}

/**
 * Makes an account with its dex, where sign-ups are open, and what is `made` of it in the same transaction.
 * @throws AppError signup_closed, username_taken, unavailable
 */
export async function register<T>(
  ctx: Context,
  { username, displayName, email }: Omit<NewPerson, 'role'>,
  password: string,
  address: string,
  made: (tx: Tx, account: AccountsTable) => Promise<T>,
): Promise<T> {
  const closed = ctx.config.signup === 'closed'
  // Asked again below, where nobody else can sign up at the same time: this only saves the hashing.
  if (closed && !(await store.isEmpty(ctx.db.read))) throw new AppError('signup_closed')
  const passwordHash = await hashPassword(password)
  return ctx.db.write(async (tx) => {
    const account = await createAccount(tx, ctx.nudges, { username, displayName, email }, passwordHash, !closed)
    await note(tx, account.id, 'sign_up', address)
    return made(tx, account)
  })
}

/** An account's row, for its own slice's neighbours to show; undefined when there is none. */
export const accountOf = (ctx: Pick<Context, 'db'>, id: string): Promise<AccountsTable | undefined> =>
  store.accountById(ctx.db.read, id)

/**
 * Signs in. An unknown name and a wrong password answer alike, in words and in time.
 * @param address network address, for the audit log
 * @throws AppError sign_in_failed, unavailable
 */
export async function signIn(ctx: Context, input: SignInInput, address: string): Promise<NewSession> {
  const name = username.safeParse(input.username)
  const account = name.success ? await store.accountByName(ctx.db.read, foldUsername(name.data)) : undefined
  const right = await verifyPassword(input.password, account?.password_hash)
  if (!account || !right) throw new AppError('sign_in_failed')
  const token = await ctx.db.write(async (tx) => {
    await tx.lockOwner(account.id)
    const now = await store.accountById(tx.q, account.id)
    // Changed while it was being checked: sessions of the old password have ended, and this must not be one more.
    if (now?.password_hash !== account.password_hash) throw new AppError('sign_in_failed')
    await note(tx, account.id, 'sign_in', address)
    return openSession(tx, account.id, input.session, input.device)
  })
  return { account: toView(account), token, seal: account.seal }
}

/**
 * The account of a session, with what its devices wrap their keys with (C1).
 * @throws AppError not_signed_in when it was deleted meanwhile
 */
export async function currentAccount(ctx: Context, caller: Caller): Promise<Omit<NewSession, 'token'>> {
  const account = await store.accountById(ctx.db.read, caller.account)
  if (!account) throw new AppError('not_signed_in')
  return { account: toView(account), seal: account.seal }
}

/**
 * Makes accounts that have one password between them, each signed in on one device: people of a demo.
 * @returns their ids and tokens, in order
 * @throws AppError username_taken, when none is made
 */
export async function addPeople(
  ctx: Pick<Context, 'db' | 'nudges'>,
  people: readonly NewPerson[],
  password: string,
  device: string,
): Promise<{ id: string; token: string }[]> {
  const passwordHash = await hashPassword(password)
  return ctx.db.write(async (tx) => {
    const made: { id: string; token: string }[] = []
    for (const person of people) {
      const { id } = await createAccount(tx, ctx.nudges, person, passwordHash)
      made.push({ id, token: await openSession(tx, id, 'bearer', device) })
    }
    return made
  })
}
