import { AppError } from '@biologidex/core/errors'
import { hasSessionToEnd, rememberSessionToEnd } from '../../app/remembered.ts'
import { endSession } from './accounts.actions.ts'

/** Ends the session of a sign-out that is still to be ended on the server; resolves to whether none is left. */
export async function endLeftSession(): Promise<boolean> {
  if (!hasSessionToEnd()) return true
  try {
    await endSession()
  } catch (error) {
    // Without a session there is nothing left to end; anything else is tried again.
    if (!(error instanceof AppError && error.code === 'not_signed_in')) return false
  }
  rememberSessionToEnd(false)
  return true
}
