import { readConfig } from '@biologidex/server/config'
import { createLog } from '@biologidex/server/http/log'
import { type RunningServer, start } from '@biologidex/server/server'
import type { DatabaseSettings } from './databases.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; empty when it is none. */
  readonly json: Record<string, unknown>
}

export interface Ask {
  readonly headers?: Record<string, string>
  /** Sent as JSON. */
  readonly body?: unknown
}

/** A whole server on a free port, and a plain way to speak to it. */
export interface TestServer extends RunningServer {
  /** Everything it has logged, as text. */
  readonly logged: () => string
  ask(method: string, path: string, ask?: Ask): Promise<Answer>
  signUp(username: string, session: 'cookie' | 'bearer', ask?: Ask): Promise<Answer>
}

export const PASSWORD = 'correct horse'

/** Limits that no test runs into, unless it sets its own. */
const RATES = ['SIGN_IN', 'PULL', 'PUSH', 'EVENTS', 'PEOPLE_NETWORK']
const GENEROUS = Object.fromEntries(RATES.map((name) => [`RATE_${name}_BURST`, '1000']))

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** @param env settings beside those that name the database, as the environment would have them */
export async function startTestServer(
  database: DatabaseSettings,
  env: Record<string, string> = {},
  webRoot?: string,
): Promise<TestServer> {
  const place = { DATA_DIR: database.dataDir, DATABASE_URL: database.databaseUrl, PORT: '0' }
  const config = readConfig({ ...place, ...GENEROUS, ...env })
  const lines: string[] = []
  const log = createLog(config.logLevel, { write: (line) => void lines.push(line) })
  const server = await start(config, { log, ...(webRoot ? { webRoot } : {}) })

  async function ask(method: string, path: string, { headers = {}, body }: Ask = {}): Promise<Answer> {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(server.url + path, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: parsed(text) }
  }

  return {
    ...server,
    logged: () => lines.join(''),
    ask,
    signUp: (username, session, more = {}) =>
      ask('POST', '/api/v2/accounts', { ...more, body: { username, password: PASSWORD, device: 'test', session } }),
  }
}

/** Id of the account that an answer tells of. */
export const accountOf = (answer: Answer): string => (answer.json.account as { id: string }).id

/** The headers that carry an answer's new session. */
export function sessionOf(answer: Answer): Record<string, string> {
  const token = answer.json.token
  if (typeof token === 'string') return { authorization: `Bearer ${token}` }
  const cookie = answer.headers.get('set-cookie')?.split(';')[0]
  if (!cookie) throw new Error(`no session in an answer of ${answer.status}`)
  return { cookie }
}
