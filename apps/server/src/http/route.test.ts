import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import { AppError } from '@biologidex/core/errors'
import type { RouteSpec } from '@biologidex/core/routes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { accountOf, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildApp } from '../app.ts'
import { addRoute } from './route.ts'

const post = <const S extends Partial<RouteSpec>>(path: string, more: S) =>
  ({ method: 'POST', path: `/api/v2/try/${path}`, access: 'anyone', errors: [], ...more }) as const

const specs = {
  echo: post('echo', {
    body: z.object({ place: z.object({ lat: z.number() }), tags: z.array(z.string()) }),
    answer: z.object({ lat: z.number() }),
  }),
  raw: post('raw', { body: z.object({ lat: z.number() }) }),
  small: post('small', { body: z.object({ text: z.string() }) }),
  wrong: post('wrong', { answer: z.object({ count: z.number() }) }),
  broken: post('broken', { access: 'session' }),
  hidden: post('hidden', { method: 'GET' }),
  versioned: post('versioned', { access: 'session', errors: ['protocol_outdated'] }),
  limited: post('limited', { access: 'session' }),
  endless: post('endless', { method: 'GET' }),
}

const SECRET = 'a tawny one, seen at 48.2, 16.3'

let ended = false
async function* endless(): AsyncGenerator<Buffer> {
  try {
    for (;;) yield Buffer.alloc(65_536)
  } finally {
    ended = true
  }
}

eachDatabase((_name, databases) => {
  let server: TestServer
  let app: FastifyInstance
  let session: Record<string, string>
  beforeAll(async () => {
    const limits = { RATE_PUSH_BURST: '2', RATE_PUSH_PER_SECOND: '0.001' }
    server = await startTestServer(await databases.settings(), limits)
    session = sessionOf(await server.signUp('ada', 'bearer'))
    app = await buildApp(server.ctx)
    const { ctx } = server
    addRoute(app, ctx, specs.echo, {}, async (request) => ({ lat: request.body.place.lat, secret: SECRET }))
    addRoute(app, ctx, specs.raw, { validateBody: false, validateAnswer: false }, async ({ body }) => ({ got: body }))
    addRoute(app, ctx, specs.small, { bodyLimit: 100, validateAnswer: false }, async () => ({}))
    addRoute(app, ctx, specs.wrong, {}, async () => ({ count: SECRET }))
    addRoute(app, ctx, specs.broken, {}, async () => {
      throw new TypeError(SECRET)
    })
    addRoute(app, ctx, specs.hidden, {}, async (_request, reply) => {
      reply.headers({ etag: '"of the hidden"', 'cache-control': 'private' })
      throw new AppError('not_found')
    })
    addRoute(app, ctx, specs.versioned, { validateAnswer: false }, async (_request, _reply, caller) => caller)
    addRoute(app, ctx, specs.endless, { validateAnswer: false }, async (_request, reply) =>
      reply.send(Readable.from(endless())),
    )
    addRoute(app, ctx, specs.limited, { rate: 'push', validateAnswer: false }, async () => ({}))
  })
  afterAll(async () => {
    await app.close()
    await server.close()
  })

  async function send(spec: { method: string; path: string }, more: InjectOptions = {}) {
    const answer = await app.inject({ method: spec.method as 'POST', url: spec.path, ...more })
    const body = answer.payload && answer.headers['content-type']?.includes('json') ? answer.json() : undefined
    return { status: answer.statusCode, headers: answer.headers, text: answer.payload, body }
  }
  const json = { 'content-type': 'application/json' }

  describe('what comes in', () => {
    it('is validated, and what does not fit is named by its path', async () => {
      const { status, headers, body } = await send(specs.echo, { payload: { place: { lat: 'north' }, tags: ['a', 1] } })
      expect(status).toBe(400)
      expect(headers['content-type']).toContain('application/problem+json')
      expect(body).toMatchObject({ type: 'urn:biologidex:error:invalid_input', status: 400, code: 'invalid_input' })
      expect(body.details.map(({ path }: { path: string }) => path)).toEqual(['place.lat', 'tags.1'])
      expect(body.details[0]).toEqual({ path: 'place.lat', message: expect.any(String) })
    })

    it('reaches the handler as it came where the route checks by hand', async () => {
      expect((await send(specs.raw, { payload: { lat: 'north', more: [1] } })).body).toEqual({
        got: { lat: 'north', more: [1] },
      })
    })

    it.each([
      ['cut JSON', '{"text":', json],
      ['no body', '', json],
      ['a form', 'text=x', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['plain text, which other sites may send', '{"text":"x"}', { 'content-type': 'text/plain' }],
      ['a poisoned prototype', '{"text":"x","__proto__":{"admin":true}}', json],
    ])('is refused when it is %s, without quoting it', async (_what, payload, headers) => {
      const { status, body, text } = await send(specs.small, { payload, headers })
      expect([status, body.code]).toEqual([400, 'invalid_input'])
      if (payload) expect(text).not.toContain(payload)
    })

    it('is refused when it is larger than the route takes', async () => {
      const { status, body } = await send(specs.small, { payload: { text: 'x'.repeat(200) } })
      expect([status, body.code]).toEqual([413, 'too_large'])
    })
  })

  describe('what goes out', () => {
    it('has the fields of its schema and no other', async () => {
      const { text, headers } = await send(specs.echo, { payload: { place: { lat: 1 }, tags: [] } })
      expect(text).toBe('{"lat":1}')
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    })

    it.each([
      ['an answer that does not fit', specs.wrong],
      ['an error that nobody foresaw', specs.broken],
    ])('tells nothing of %s, and neither does the log', async (_what, spec) => {
      const before = server.logged().length
      const { status, body, text } = await send(spec, { headers: session })
      const logged = server.logged().slice(before)
      expect([status, body.code]).toEqual([500, 'internal'])
      expect(text + logged).not.toContain('tawny')
      expect(logged).toContain(spec.path)
      expect(logged).not.toContain(session.authorization?.slice(7))
    })

    it('names in the log whose request failed, by id', async () => {
      const account = accountOf(await server.ask('GET', '/api/v2/sessions/current', { headers: session }))
      const before = server.logged().length
      await send(specs.broken, { headers: session })
      expect(server.logged().slice(before)).toContain(account)
    })

    it('looks the same for what is missing and what may not be seen', async () => {
      const [hidden, missing] = [await send(specs.hidden), await send({ method: 'GET', path: '/api/v2/try/nothing' })]
      const seen = ({ status, headers: { date: _date, ...headers }, text }: typeof hidden) => ({
        status,
        text,
        headers: Object.entries(headers),
      })
      expect(hidden.status).toBe(404)
      expect(seen(hidden)).toEqual(seen(missing))
    })

    it('is a problem for an address that cannot be one', async () => {
      const { status, body } = await send({ method: 'GET', path: '/api/v2/%ff' })
      expect([status, body.code]).toEqual([400, 'invalid_input'])
    })
  })

  describe('who may', () => {
    it('is asked before anything is read', async () => {
      const { status, body } = await send(specs.versioned, { payload: '{"cut', headers: json })
      expect([status, body.code]).toEqual([401, 'not_signed_in'])
    })

    it('is told to the handler', async () => {
      const { body } = await send(specs.versioned, { headers: session })
      expect(body).toEqual({ account: expect.any(String), session: expect.any(String), device: 'test', address: '127.0.0.1' })
    })

    it.each([
      ['0', 426],
      ['first', 426],
      ['1', 200],
      ['2', 200],
    ])('depends on the protocol that the client speaks: %s', async (version, expected) => {
      const headers = { ...session, 'x-biologidex-protocol': version }
      expect((await send(specs.versioned, { headers })).status).toBe(expected)
    })

    it('depends on how often the device has asked, and others pay nothing for it', async () => {
      const other = sessionOf(await server.signUp('grace', 'bearer'))
      const statuses: number[] = []
      for (let n = 0; n < 3; n += 1) statuses.push((await send(specs.limited, { headers: session })).status)
      expect(statuses).toEqual([200, 200, 429])
      const { headers, body } = await send(specs.limited, { headers: session })
      expect(headers['retry-after']).toMatch(/^[1-9]\d*$/)
      expect(body.details).toEqual({ retryAfterSeconds: Number(headers['retry-after']) })
      expect((await send(specs.limited, { headers: other })).status).toBe(200)
    })
  })

  it('describes every route in OpenAPI: errors by status, and no reference that leads nowhere', async () => {
    const { body, text } = await send({ method: 'GET', path: '/api/v2/openapi.json' })
    expect(body.openapi).toBe('3.1.0')
    const push = body.paths['/api/v2/sync/push'].post
    expect(Object.keys(push.responses)).toEqual(['200', '400', '401', '403', '409', '410', '413', '426', '429', '500', '503'])
    expect(push.responses[409].description).toBe('wrong_account, new_identity')
    expect(push.responses[200].content).toHaveProperty(['application/x-ndjson'])
    expect(push.requestBody.content['application/json'].schema.properties).toHaveProperty('mutations')
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1])
    expect(new Set(names)).toEqual(new Set(['Problem']))
    expect(Object.keys(body.components.schemas)).toContain('Problem')
  })

  it('answers an unchanged pull in 200 bytes, headers and all', async () => {
    const account = accountOf(await server.ask('GET', '/api/v2/sessions/current', { headers: session }))
    const pull = (digest?: string) => JSON.stringify({ account, cursors: {}, ...(digest === undefined ? {} : { digest }) })
    const url = '/api/v2/sync/pull'
    const first = await server.ask('POST', url, { headers: session, body: JSON.parse(pull()) })
    const last = first.text.trimEnd().split('\n').at(-1) ?? ''
    const body = pull((JSON.parse(last) as { end: { digest: string } }).end.digest)
    const head = `POST ${url} HTTP/1.1\r\nHost: x\r\nAuthorization: ${session.authorization}\r\nContent-Type: application/json\r\n`
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`)
    let answer = ''
    for await (const bytes of socket) {
      answer += bytes
      if (answer.endsWith('\n') && answer.includes('unchanged')) break
    }
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\{"unchanged":true\}\n$/)
    expect(answer.length).toBeLessThan(200)
  })

  it('gives up a reader who stops in the middle of an answer, and lets go of what it held for it', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 })
    expect(app.server.timeout).toBe(5 * 60_000)
    app.server.timeout = 300
    const { port } = app.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`GET /api/v2/try/endless HTTP/1.1\r\nHost: x\r\n\r\n`)
    ended = false
    await once(socket, 'data')
    // One who reads on, however long it takes, is not given up.
    await new Promise((resolve) => setTimeout(resolve, 900))
    expect(ended).toBe(false)
    socket.pause()
    await expect.poll(() => ended, { timeout: 5_000 }).toBe(true)
    socket.destroy()
  })
})
