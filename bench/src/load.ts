import { fork } from 'node:child_process'
import { once } from 'node:events'
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
