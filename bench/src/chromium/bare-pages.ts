import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const PAGE = '<!doctype html><meta name="viewport" content="width=device-width"><title>bare</title><body></body>'
const DEXIE = fileURLToPath(import.meta.resolve('dexie/dist/dexie.mjs'))

/** A server of an empty page, of Dexie as a module, and of whatever files are put into it, from memory. */
export interface BarePages {
  readonly url: string
  put(path: string, type: string, body: string | Buffer): void
  close(): Promise<void>
}

export async function servePages(): Promise<BarePages> {
  const files = new Map([
    ['/', { type: 'text/html', body: Buffer.from(PAGE) }],
    ['/dexie.mjs', { type: 'text/javascript', body: await readFile(DEXIE) }],
  ])
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(url.replace(/\?.*/, ''))
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' }).end(file?.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put: (path, type, body) => void files.set(path, { type, body: Buffer.from(body) }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
