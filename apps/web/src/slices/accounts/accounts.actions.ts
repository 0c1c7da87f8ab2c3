import type { AccountView, SignInInput, SignUpInput } from '@biologidex/core/accounts/account'
import type { ServerView } from '@biologidex/core/accounts/routes'
import { NoAnswer, request } from '../../app/http.ts'
import { deviceName } from './device.ts'

/** The account of an answer; what is not of that form came from elsewhere (a proxy's page). */
function accountOf(answer: unknown): AccountView {
  const { account } = (answer ?? {}) as { account?: AccountView }
  if (typeof account?.id !== 'string' || typeof account.username !== 'string') throw new NoAnswer()
  return account
}

/** What anyone may know of the server. Rejects with AppError or NoAnswer, as all of these. */
export async function askServer(): Promise<ServerView> {
  const view = (await request('GET', '/api/v2/server')) as ServerView | null
  if (typeof view?.empty !== 'boolean') throw new NoAnswer()
  return view
}

/** The account whose session this browser holds; `not_signed_in` when none. */
export const askCurrent = async (): Promise<AccountView> => accountOf(await request('GET', '/api/v2/sessions/current'))

export async function signUp(input: Pick<SignUpInput, 'username' | 'password' | 'displayName'>): Promise<AccountView> {
  const body: SignUpInput = { ...input, device: deviceName(), session: 'cookie' }
  return accountOf(await request('POST', '/api/v2/accounts', body))
}

export async function signIn(input: Pick<SignInInput, 'username' | 'password'>): Promise<AccountView> {
  const body: SignInInput = { ...input, device: deviceName(), session: 'cookie' }
  return accountOf(await request('POST', '/api/v2/sessions', body))
}

/** Ends the session on the server. */
export async function endSession(): Promise<void> {
  await request('DELETE', '/api/v2/sessions/current')
}
