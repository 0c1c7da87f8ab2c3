import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { OwnDex } from './fixture/own.ts'
import type { Load } from './load.ts'
import type { Server } from './processes.ts'

const agent = new Agent({ keepAlive: true })

function ask({ method = 'POST', url, headers, body }: Load): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method, headers }, resolve).on('error', reject)
    asked.end(method === 'GET' ? undefined : body)
  })
}

/** Milliseconds from a question to the last byte of its answer. */
export async function timed(load: Load): Promise<number> {
  const began = performance.now()
  for await (const _piece of await ask(load)) continue
  return performance.now() - began
}

/** What an older client asks; `since` as it would name the end of its last sync. */
interface Asked {
  readonly dex: OwnDex
  readonly since: string
}
export type Question = (asked: Asked) => Pick<Load, 'method' | 'url' | 'body'>

export const FULL: Question = () => ({ method: 'GET', url: 'sync_entries/', body: '' })
export const UNCHANGED: Question = ({ since }) => ({ method: 'GET', url: `sync_entries/?last_sync=${since}`, body: '' })
export const OVERVIEW: Question = () => ({ method: 'GET', url: 'friends_overview/', body: '' })
export const BATCH: Question = ({ dex, since }) => {
  const sync_requests = ['self', ...dex.friends].map((user_id) => ({ user_id, last_sync: since }))
  return { method: 'POST', url: 'batch_sync/', body: JSON.stringify({ sync_requests }) }
}

export const loadOf = (server: Server, dex: OwnDex, question: Question): Load => {
  const { url, ...rest } = question({ dex, since: new Date().toISOString() })
  const headers = { authorization: `Bearer ${dex.token}`, 'content-type': 'application/json' }
  return { ...rest, headers, url: `${server.url}/api/v1/dex/entries/${url}` }
}

/** What a server says to it. @throws when it refuses */
export async function answerTo(load: Load): Promise<string> {
  const answer = await ask(load)
  const said = await text(answer)
  if (answer.statusCode !== 200) throw new Error(`v1 refused: ${said.slice(0, 500)}`)
  return said
}

/** Sees to it that an answer says something so many times. */
export function check(answer: string, what: string, count: number): void {
  const found = answer.split(what).length - 1
  if (found !== count) throw new Error(`v1 answered ${found} times ${what}, not ${count}`)
}
