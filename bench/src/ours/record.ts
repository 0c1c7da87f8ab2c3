import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Transport, TransportRequest, TransportResponse } from '@biologidex/client/ports'

async function* copied(response: TransportResponse, file: string): AsyncIterable<Uint8Array> {
  for await (const piece of response.body) {
    appendFileSync(file, piece)
    yield piece
  }
}

/** What a request's sides are called in the folder: `pull.request` (its body), `pull.headers`, `pull.answer`, `push.request` … */
const nameOf = ({ path }: TransportRequest): string => path.slice(path.lastIndexOf('/') + 1).replace(/\?.*/, '')

/** Passes everything on, and keeps the first request and answer of each route as files. */
export function recording(transport: Transport, folder: string): Transport {
  const seen = new Set<string>()
  return {
    onReconnect: (listener) => transport.onReconnect(listener),
    async request(request) {
      const response = await transport.request(request)
      const name = nameOf(request)
      if (seen.has(name)) return response
      seen.add(name)
      writeFileSync(join(folder, `${name}.request`), request.body ?? '')
      writeFileSync(join(folder, `${name}.headers`), JSON.stringify(request.headers ?? {}))
      writeFileSync(join(folder, `${name}.answer`), '')
      return {
        status: response.status,
        header: (header) => response.header(header),
        body: copied(response, join(folder, `${name}.answer`)),
      }
    },
  }
}
