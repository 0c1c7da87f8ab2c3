import { rm } from 'node:fs/promises'
import type { Places } from './places.ts'
import { forgetSession, readSession, signOut } from './session.ts'
import { checkAllSent } from './unsent.ts'

/**
 * Ends the session and wipes the store and its key; the mirrored folder is its owner's and stays. The key goes first: without it what a
 * crash leaves of the store is unreadable.
 * @param dropUnsent whether the person said that what lies only here may go
 * @returns what happened, in a sentence
 * @throws Refused, having changed nothing, when something would be lost that they did not say it of
 */
export async function signOutHere(places: Places, dropUnsent: boolean): Promise<string> {
  const session = await readSession(places.session)
  if (session && !dropUnsent) await checkAllSent(places, session)
  const ended = session ? await signOut(session) : true
  await rm(places.key, { force: true })
  await rm(places.store, { recursive: true, force: true })
  await forgetSession(places.session)
  if (!session) return 'Nobody is signed in.'
  return ended
    ? `Signed out of ${session.server}. The mirrored folder stays as it is.`
    : `Signed out here, but ${session.server} could not be told: end the session there, in the app under devices.`
}
