import { AppError } from '@biologidex/core/errors'
import { hasSessionToEnd, rememberSessionToEnd } from '../../app/remembered.ts'
import { endSession } from './accounts.actions.ts'

/** How long the server is given to answer, in milliseconds: nobody waits for it longer, and the next start asks again. */
const PATIENCE = 5_000

let ending: Promise<boolean> | undefined

/**
 * Ends the session of a sign-out that is still to be ended on the server; resolves to whether none is left, within seconds. Whoever signs
 * in meanwhile waits for it: its answer takes the cookie away, whichever that is by then.
 */
export function endLeftSession(): Promise<boolean> {
  if (!hasSessionToEnd()) return Promise.resolve(true)
  ending ??= endOnServer().finally(() => {
    ending = undefined
  })
  return ending
}

async function endOnServer(): Promise<boolean> {
  try {
    await endSession(AbortSignal.timeout(PATIENCE))
  } catch (error) {
    // Without a session there is nothing left to end; anything else is tried again.
    if (!(error instanceof AppError && error.code === 'not_signed_in')) return false
  }
  rememberSessionToEnd(false)
  return true
}
