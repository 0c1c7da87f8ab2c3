import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const CONNECTIONS = 16
const SECONDS = 3

/** One request, over and over. */
export interface Load {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Report {
  readonly requests: { readonly average: number }
  readonly non2xx: number
  readonly errors: number
}

/** Requests per second of 16 connections, asked by a process of its own. */
export async function requestsPerSecond({ url, headers, body }: Load): Promise<number> {
  const program = fileURLToPath(import.meta.resolve('autocannon'))
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`])
  const options = ['-j', '-n', '-c', `${CONNECTIONS}`, '-d', `${SECONDS}`, '-m', 'POST', '-b', body]
  const child = spawn(process.execPath, [program, ...options, ...named, url], { stdio: ['ignore', 'pipe', 'ignore'] })
  const report = JSON.parse(await text(child.stdout)) as Report
  if (report.non2xx > 0 || report.errors > 0) throw new Error(`${report.non2xx} refusals, ${report.errors} errors at ${url}`)
  return report.requests.average
}
