import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const CONNECTIONS = 16
/** How long it is asked, in seconds. */
const SECONDS = 3
const BRIEFLY = 1

/** One request, over and over. */
export interface Load {
  /** GET is asked without a body. */
  readonly method?: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the process that asks is told, and what it answers. */
export interface LoadJob extends Load {
  readonly connections: number
  readonly seconds: number
}
export type LoadReport = { readonly perSecond: number } | { readonly error: string }

/** A request's bytes. */
export function bytesOf({ method = 'POST', url, headers, body }: Load): Buffer {
  const { host, pathname, search } = new URL(url)
  const length = method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) }
  const lines = Object.entries({ host, ...headers, ...length }).map((pair) => pair.join(': '))
  return Buffer.from(`${[`${method} ${pathname}${search} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`)
}

/** The bytes of one answer, its headers included. */
export async function rawAnswerTo(load: Load): Promise<Buffer> {
  const { hostname, port } = new URL(load.url)
  const socket = connect(Number(port), hostname)
  socket.write(bytesOf({ ...load, headers: { ...load.headers, connection: 'close' } }))
  return buffer(socket)
}

/** Requests per second of 16 connections, each asking again when it is answered, by a process of its own. */
export async function requestsPerSecond(load: Load, brief: boolean): Promise<number> {
  const child = fork(fileURLToPath(import.meta.resolve('./load-client.ts')))
  const answer = once(child, 'message')
  child.send({ ...load, connections: CONNECTIONS, seconds: brief ? BRIEFLY : SECONDS } satisfies LoadJob)
  const [report] = (await answer) as [LoadReport]
  if (child.exitCode === null) await once(child, 'exit')
  if ('error' in report) throw new Error(`${report.error} at ${load.url}`)
  return report.perSecond
}
