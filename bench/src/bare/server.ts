import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { constants, createZstdCompress } from 'node:zlib'

/**
 * The server of the bare machine: answers that lie ready in a folder, each the body of the route of its name. What is
 * pushed is parsed and kept, one row for each change, in one transaction that is synced to disk.
 */
const folder = process.argv[2] ?? '.'
const answers = new Map<string, Buffer>()

function answerOf(name: string): Buffer {
  const known = answers.get(name) ?? readFileSync(join(folder, name))
  answers.set(name, known)
  return known
}

const db = new DatabaseSync(join(folder, 'bare-server.sqlite'))
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS changes (text TEXT NOT NULL)')
const insert = db.prepare('INSERT INTO changes (text) VALUES (?)')

function keep(body: string): void {
  const { mutations } = JSON.parse(body) as { mutations: readonly unknown[] }
  db.exec('BEGIN IMMEDIATE')
  for (const mutation of mutations) insert.run(JSON.stringify(mutation))
  db.exec('COMMIT')
}

/** Who listens for what others tell. */
const listeners = new Set<ServerResponse>()

/** The least that tells one client of another's change: what is posted is written to every open stream. */
async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    listeners.add(response)
    response.once('close', () => listeners.delete(response))
    return
  }
  const told = await text(request)
  keep(told)
  for (const listener of listeners) listener.write(`data: ${told}\n\n`)
  response.end()
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = request.url?.slice(1) ?? ''
  if (name === 'told') return pass(request, response)
  if (name === 'push') keep(await text(request))
  else request.resume()
  response.setHeader('content-type', 'application/x-ndjson')
  if (request.headers['accept-encoding'] !== 'zstd') return void response.end(answerOf(name))
  response.setHeader('content-encoding', 'zstd')
  const zstd = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  zstd.pipe(response)
  zstd.end(answerOf(name))
}

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => response.destroy(error as Error))
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.once('disconnect', () => process.exit())
