import { Refused } from '../refused.ts'
import { askFor, askPassword } from './ask.ts'
import { EXIT } from './exit.ts'
import type { Places } from './places.ts'
import { keepSession, readSession, type Session, serverAddress, signIn } from './session.ts'

/** What was typed of who is meant. `option`: how the name is said on this command line. */
export interface Who {
  readonly server?: string | undefined
  readonly user?: string | undefined
  readonly option: string
}

/** What was typed must mean the one who is signed in: nothing is ever done with somebody else's dex by mistake. */
function checkSame(session: Session, { server, user }: Who): void {
  const other = server !== undefined && serverAddress(server) !== session.server
  if (!other && (user === undefined || user.toLowerCase() === session.username.toLowerCase())) return
  const words = `You are signed in as ${session.username} at ${session.server}. Sign out first: biologidex mirror --sign-out`
  throw new Refused(words, undefined, EXIT.signIn)
}

/** The session of this machine; signs in where there is none, asking for what was not typed. @throws Refused */
export async function enter(places: Places, who: Who): Promise<Session> {
  const known = await readSession(places.session)
  if (known) checkSame(known, who)
  if (known?.token) return known
  const server = known?.server ?? serverAddress(who.server ?? (await askFor('Address of the server', '--server')))
  const user = known?.username ?? who.user ?? (await askFor('User name', who.option))
  const session = await signIn(server, user, await askPassword(user))
  if (known && known.account !== session.account) {
    throw new Refused(
      `${user} at ${server} is another account now. Sign out first: biologidex mirror --sign-out`,
      undefined,
      EXIT.signIn,
    )
  }
  await keepSession(places.session, session)
  return session
}
