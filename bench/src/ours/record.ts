import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Transport, TransportRequest, TransportResponse } from '@biologidex/client/ports'

/** What a request's sides are called in the folder: `pull.request` (its body), `pull.headers`, `pull.answer`, `push.request` … */
const nameOf = ({ path }: TransportRequest): string => path.slice(path.lastIndexOf('/') + 1).replace(/\?.*/, '')

async function* copied(response: TransportResponse, copy: Uint8Array[]): AsyncIterable<Uint8Array> {
  for await (const piece of response.body) {
    copy.push(piece)
    yield piece
  }
}

/**
 * Passes everything on, and keeps the first request and answer of each route as files: when the process ends, for writing them is no part of what
 * is measured.
 */
export function recording(transport: Transport, folder: string): Transport {
  const files = new Map<string, string | Uint8Array[]>()
  process.once('exit', () => {
    for (const [name, content] of files)
      writeFileSync(join(folder, name), typeof content === 'string' ? content : Buffer.concat(content))
  })
  return {
    onReconnect: (listener) => transport.onReconnect(listener),
    async request(request) {
      const response = await transport.request(request)
      const name = nameOf(request)
      if (files.has(`${name}.answer`)) return response
      const answer: Uint8Array[] = []
      files.set(`${name}.request`, typeof request.body === 'string' ? request.body : '')
      files.set(`${name}.headers`, JSON.stringify(request.headers ?? {}))
      files.set(`${name}.answer`, answer)
      return { status: response.status, header: (header) => response.header(header), body: copied(response, answer) }
    },
  }
}
