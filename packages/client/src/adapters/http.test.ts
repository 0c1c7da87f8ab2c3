import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { PROTOCOL } from '@biologidex/core/protocol'
import { afterEach, expect, test } from 'vitest'
import { NetworkFailure, type Transport, type TransportResponse } from '../ports.ts'
import { type HttpOptions, httpTransport } from './http.ts'
import { nodeTransport } from './http-node.ts'

let stop = async (): Promise<void> => undefined

/** Starts a server that answers so, and gives the transport to it. */
async function answering(
  make: (options: HttpOptions) => Transport,
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<{ transport: Transport; sockets: () => number }> {
  let connections = 0
  const started = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => answer(request, response, body))
  })
  started.on('connection', () => {
    connections += 1
  })
  stop = async () => {
    started.closeAllConnections()
    await new Promise((resolve) => started.close(resolve))
  }
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const { port } = started.address() as AddressInfo
  return { transport: make({ baseUrl: `http://127.0.0.1:${port}`, token: 'secret' }), sockets: () => connections }
}

afterEach(async () => {
  await stop()
  stop = async () => undefined
})

async function text(response: TransportResponse): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of response.body) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

const LONG = Array.from({ length: 20_000 }, (_, i) => `line ${i} ü\n`).join('')

const TRANSPORTS = [
  ['fetch', httpTransport],
  ['node:http', nodeTransport],
] as const

test.each(TRANSPORTS)('%s: says who asks and by which protocol, and sends the body as it is', async (_, make) => {
  const seen: unknown[] = []
  const { transport } = await answering(make, ({ method, url, headers }, response, body) => {
    seen.push(
      method,
      url,
      headers['x-biologidex-protocol'],
      headers.authorization,
      headers['content-type'],
      headers['x-more'],
      body,
    )
    response.setHeader('Retry-After', '7').writeHead(429).end('{"code":"rate_limited"}')
  })
  const answer = await transport.request({ method: 'POST', path: '/a?b=c', body: '{"ü":1}', headers: { 'x-more': '1' } })
  expect(answer.status).toBe(429)
  expect(answer.header('Retry-After')).toBe('7')
  expect(answer.header('not-there')).toBeUndefined()
  expect(await text(answer)).toBe('{"code":"rate_limited"}')
  expect(seen).toEqual(['POST', '/a?b=c', String(PROTOCOL), 'Bearer secret', 'application/json', '1', '{"ü":1}'])
})

test.each(TRANSPORTS)('%s: bytes are sent as bytes, under the type given', async (_, make) => {
  const { transport } = await answering(make, ({ headers }, response, body) => {
    response.end(`${headers['content-type']} ${headers['content-length']} ${body}`)
  })
  const body = new TextEncoder().encode('xBYTESx').subarray(1, 6)
  const headers = { 'content-type': 'application/offset+octet-stream' }
  const answer = await transport.request({ method: 'PATCH', path: '/', body, headers })
  expect(await text(answer)).toBe('application/offset+octet-stream 5 BYTES')
})

test.each(TRANSPORTS)('%s: reads plain, gzip and zstd answers alike', async (_, make) => {
  const { transport } = await answering(make, ({ url }, response) => {
    if (url === '/gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync(LONG))
    else if (url === '/zstd') response.setHeader('content-encoding', 'zstd').end(zstdCompressSync(LONG))
    else response.end(LONG)
  })
  for (const path of ['/plain', '/gzip', '/zstd']) {
    expect((await text(await transport.request({ method: 'GET', path }))) === LONG).toBe(true)
  }
})

test.each(TRANSPORTS)('%s: a body arrives in pieces, before its end is sent', async (_, make) => {
  let finish = (): void => undefined
  const { transport } = await answering(make, (_request, response) => {
    response.write('first')
    finish = () => response.end('last')
  })
  const { body } = await transport.request({ method: 'GET', path: '/' })
  const seen: string[] = []
  for await (const piece of body) {
    seen.push(Buffer.from(piece).toString())
    finish()
  }
  expect(seen).toEqual(['first', 'last'])
})

test.each(TRANSPORTS)('%s: no server, a cut before the answer and a cut inside it are all NetworkFailure', async (_, make) => {
  const nobody = make({ baseUrl: 'http://127.0.0.1:1' })
  await expect(nobody.request({ method: 'GET', path: '/' })).rejects.toThrow(NetworkFailure)
  const { transport } = await answering(make, ({ url }, response) => {
    if (url === '/before') response.destroy()
    else if (url === '/zstd') {
      const whole = zstdCompressSync(LONG)
      response.setHeader('content-encoding', 'zstd').write(whole.subarray(0, whole.length / 2), () => response.destroy())
    } else response.write(LONG, () => response.destroy())
  })
  await expect(transport.request({ method: 'GET', path: '/before' })).rejects.toThrow(NetworkFailure)
  for (const path of ['/plain', '/zstd']) {
    const answer = await transport.request({ method: 'GET', path })
    await expect(text(answer)).rejects.toThrow(NetworkFailure)
  }
  const late = await transport.request({ method: 'GET', path: '/plain' })
  await new Promise((resolve) => setTimeout(resolve, 30))
  await expect(text(late)).rejects.toThrow(NetworkFailure)
})

test.each(TRANSPORTS)('%s: an abort ends the wait for an answer and the reading of one', async (_, make) => {
  const { transport } = await answering(make, ({ url }, response) => {
    if (url === '/begun') response.write('first')
  })
  const silent = new AbortController()
  const waiting = transport.request({ method: 'GET', path: '/silent', signal: silent.signal })
  setTimeout(() => silent.abort(), 10)
  await expect(waiting).rejects.toThrow(NetworkFailure)
  const begun = new AbortController()
  const answer = await transport.request({ method: 'GET', path: '/begun', signal: begun.signal })
  setTimeout(() => begun.abort(), 10)
  await expect(text(answer)).rejects.toThrow(NetworkFailure)
  await expect(transport.request({ method: 'GET', path: '/', signal: begun.signal })).rejects.toThrow(NetworkFailure)
})

test.each(TRANSPORTS)('%s: a redirect is not followed, the token goes nowhere else', async (_, make) => {
  const asked: unknown[] = []
  const { transport } = await answering(make, ({ url }, response) => {
    asked.push(url)
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  await expect(transport.request({ method: 'GET', path: '/' })).rejects.toThrow(NetworkFailure)
  expect(asked).toEqual(['/'])
})

test.each(TRANSPORTS)('%s: answers without a body leave their connection to the next request', async (_, make) => {
  const { transport, sockets } = await answering(make, ({ url }, response) => {
    if (url === '/204') response.writeHead(204).end()
    else response.writeHead(201, { 'content-length': 0, location: '/made' }).end()
  })
  for (const path of ['/204', '/201', '/204', '/201']) {
    const answer = await transport.request({ method: 'POST', path })
    expect(answer.status).toBe(Number(path.slice(1)))
  }
  const head = await transport.request({ method: 'HEAD', path: '/201' })
  expect(head.header('location')).toBe('/made')
  expect(await text(head)).toBe('')
  // The next request may come a moment before the last connection is free.
  expect(sockets()).toBeLessThanOrEqual(2)
})

test.each(TRANSPORTS)('%s: a body that is left half-way hinders no later request', async (_, make) => {
  const { transport } = await answering(make, (_request, response) => {
    response.write('first')
    setTimeout(() => response.end(LONG), 5)
  })
  for (let i = 0; i < 3; i++) {
    const { body } = await transport.request({ method: 'GET', path: '/' })
    for await (const piece of body) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
  }
})

test('node:http: a packed body that ends too early is a cut', async () => {
  const { transport } = await answering(nodeTransport, ({ url }, response) => {
    const whole = url === '/zstd' ? zstdCompressSync(LONG) : gzipSync(LONG)
    response.setHeader('content-encoding', url?.slice(1) ?? '').end(whole.subarray(0, whole.length / 2))
  })
  for (const path of ['/gzip', '/zstd']) {
    const answer = await transport.request({ method: 'GET', path })
    await expect(text(answer)).rejects.toThrow(NetworkFailure)
  }
})
