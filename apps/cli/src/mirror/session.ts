import { readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { nodeTransport } from '@biologidex/client/adapters/http-node'
import { systemClock } from '@biologidex/client/adapters/system'
import { drain, Refusal, send } from '@biologidex/client/http'
import { NetworkFailure, type TransportRequest } from '@biologidex/client/ports'
import { sessionView } from '@biologidex/core/accounts/account'
import { accountRoutes } from '@biologidex/core/accounts/routes'
import { uuid } from '@biologidex/core/ids'
import { z } from 'zod'
import { Refused } from '../refused.ts'
import { EXIT } from './exit.ts'
import { isMissing, writeWhole } from './private-files.ts'

const sessionFile = z.object({
  server: z.url(),
  username: z.string(),
  account: uuid,
  /** Absent: the session has ended, and the store waits for the next sign-in of the same account. */
  token: z.string().optional(),
})
/** Whose dex is mirrored, from where, and what opens it. */
export type Session = z.infer<typeof sessionFile>

/** The session that was kept; undefined when nobody is signed in. */
export async function readSession(path: string): Promise<Session | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  try {
    return sessionFile.parse(JSON.parse(text))
  } catch (error) {
    throw new Refused(`${path} is not as it should be. Delete it and sign in again.`, error, EXIT.signIn)
  }
}

export const keepSession = (path: string, session: Session): Promise<void> =>
  writeWhole(path, `${JSON.stringify(session, null, 2)}\n`)

export const forgetSession = (path: string): Promise<void> => rm(path, { force: true })

/** The address of a server as people type it, without what comes after its name. @throws Refused */
export function serverAddress(text: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || (url.pathname !== '/' && url.pathname !== ''))
    throw new Refused(`${text} is no address of a server. It looks like https://dex.example.org.`)
  return url.origin
}

const cannotReach = (server: string, error: unknown): Refused =>
  new Refused(`${server} does not answer as a BiologiDex server (${(error as Error).message}).`, error, EXIT.network)

async function ask(server: string, token: string | undefined, request: TransportRequest): Promise<unknown> {
  const transport = nodeTransport({ baseUrl: server, ...(token ? { token } : {}) })
  const response = await send(transport, systemClock(), request)
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of response.body) text += decoder.decode(piece, { stream: true })
  return JSON.parse(text)
}

/** Opens a session of this machine's own. @throws Refused in the server's words */
export async function signIn(server: string, username: string, password: string): Promise<Session> {
  const { method, path } = accountRoutes.signIn
  const device = `Mirror on ${hostname()}`.slice(0, 80)
  const body = JSON.stringify({ username, password, device, session: 'bearer' })
  try {
    const { account, token } = sessionView.parse(await ask(server, undefined, { method, path, body }))
    return { server, username: account.username, account: account.id, ...(token ? { token } : {}) }
  } catch (error) {
    if (error instanceof Refusal) throw new Refused(error.message, error, EXIT.signIn)
    throw cannotReach(server, error)
  }
}

/** Ends a session at its server; false when the server could not be asked. */
export async function signOut({ server, token }: Session): Promise<boolean> {
  if (!token) return true
  const { method, path } = accountRoutes.signOut
  try {
    await drain(await send(nodeTransport({ baseUrl: server, token }), systemClock(), { method, path }))
    return true
  } catch (error) {
    if (error instanceof NetworkFailure) return false
    // Refused: the session had ended already.
    if (error instanceof Refusal) return true
    throw error
  }
}
