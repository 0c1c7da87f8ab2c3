import type { SessionView, SignInInput, SignUpInput } from '@biologidex/core/accounts/account'
import type { ServerView } from '@biologidex/core/accounts/routes'
import { NoAnswer, request } from '../../app/http.ts'
import { deviceName } from './device.ts'

/** Whose session it is, and what opens what their browser keeps sealed (C1). */
export type Entered = Pick<SessionView, 'account' | 'seal'>

/** The session of an answer; what is not of that form came from elsewhere (a proxy's page). */
function enteredOf(answer: unknown): Entered {
  const { account, seal } = (answer ?? {}) as Partial<SessionView>
  if (typeof account?.id !== 'string' || typeof account.username !== 'string' || typeof seal !== 'string') throw new NoAnswer()
  return { account, seal }
}

/** What anyone may know of the server. Rejects with AppError or NoAnswer, as all of these. */
export async function askServer(): Promise<ServerView> {
  const view = (await request('GET', '/api/v2/server')) as ServerView | null
  if (typeof view?.empty !== 'boolean') throw new NoAnswer()
  return view
}

/** The session that this browser holds; `not_signed_in` when none. */
export const askCurrent = async (): Promise<Entered> => enteredOf(await request('GET', '/api/v2/sessions/current'))

export async function signUp(input: Pick<SignUpInput, 'username' | 'password' | 'displayName'>): Promise<Entered> {
  const body: SignUpInput = { ...input, device: deviceName(), session: 'cookie' }
  return enteredOf(await request('POST', '/api/v2/accounts', body))
}

export async function signIn(input: Pick<SignInInput, 'username' | 'password'>): Promise<Entered> {
  const body: SignInInput = { ...input, device: deviceName(), session: 'cookie' }
  return enteredOf(await request('POST', '/api/v2/sessions', body))
}

/** Ends the session on the server. */
export async function endSession(signal: AbortSignal): Promise<void> {
  await request('DELETE', '/api/v2/sessions/current', undefined, signal)
}
