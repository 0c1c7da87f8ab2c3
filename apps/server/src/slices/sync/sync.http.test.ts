import { randomUUID } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { zstdDecompressSync } from 'node:zlib'
import { PROTOCOL_HEADER } from '@biologidex/core/protocol'
import { CATALOGUE, DIGEST_HEADER, dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { accountOf, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

interface Stream {
  /** Resolves with all that came when it holds `text`, or when the stream has ended. */
  until(text: string): Promise<string>
  close(): void
}

/** Listens to the server's events. */
async function listen(server: TestServer, account: string, headers: Record<string, string>): Promise<Stream> {
  const abort = new AbortController()
  const answer = await fetch(`${server.url}/api/v2/sync/events?account=${account}`, { headers, signal: abort.signal })
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  return {
    async until(text) {
      while (!heard.includes(text)) {
        const next = await reader?.read()
        if (!next || next.done) return `${heard}(end)`
        heard += next.value
      }
      return heard
    },
    close: () => abort.abort(),
  }
}

/** The bytes of an answer as they came over the wire. */
function rawPull(
  server: TestServer,
  body: string,
  headers: Record<string, string>,
  agent?: Agent,
): Promise<{ encoding?: string; status?: number; reused: boolean; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = { ...headers, 'content-type': 'application/json', 'accept-encoding': 'zstd' }
    const request = httpRequest(`${server.url}/api/v2/sync/pull`, { agent, method: 'POST', headers: sent }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      const { statusCode: status, headers: said } = answer
      const reused = request.reusedSocket
      answer.on('end', () => resolve({ encoding: said['content-encoding'], status, reused, bytes: Buffer.concat(parts) }))
      answer.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

eachDatabase((_name, databases) => {
  describe('sync over HTTP', () => {
    let server: TestServer
    let account: string
    let headers: Record<string, string>
    const client = randomUUID()
    let n = 0

    const create = (note: string) => {
      n += 1
      return { n, type: 'entry', id: randomUUID(), op: 'create', set: { note: { to: note } } }
    }
    const push = (body: object, more: Record<string, string> = {}) =>
      server.ask('POST', '/api/v2/sync/push', { headers: { ...headers, ...more }, body: { account, client, ack: 0, ...body } })
    const pull = (body: object = {}) =>
      server.ask('POST', '/api/v2/sync/pull', { headers, body: { account, cursors: {}, ...body } })
    const linesOf = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, never>)

    beforeAll(async () => {
      server = await startTestServer(await databases.settings())
      const answer = await server.signUp('mara', 'bearer')
      account = accountOf(answer)
      headers = sessionOf(answer)
    })
    afterAll(() => server.close())

    test('a pull answers lines from hello to end, plain or as zstd, and then one short line (P1)', async () => {
      const lines = linesOf((await pull()).text)
      expect(Object.keys(lines[0] ?? {})).toEqual(['hello'])
      expect(Object.keys(lines.at(-1) ?? {})).toEqual(['end'])
      const packed = await rawPull(server, JSON.stringify({ account, cursors: {} }), headers)
      expect(packed.encoding).toBe('zstd')
      expect(linesOf(zstdDecompressSync(packed.bytes).toString())).toEqual(lines)
      const { digest } = (lines.at(-1) as unknown as { end: { digest: string } }).end
      expect((await pull({ digest })).text).toBe('{"unchanged":true}\n')
      expect((await rawPull(server, JSON.stringify({ account, cursors: {}, digest }), headers)).encoding).toBeUndefined()
    })

    test('a push answers its results, then what changed since the cursor it came with (O7)', async () => {
      const first = linesOf((await push({ mutations: [create('one')] })).text)
      expect(first).toMatchObject([{ results: [{ n: 1, status: 'done' }] }, { end: {} }])
      const pulled = linesOf((await pull({ only: [dexFeed(account)] })).text)
      const { cursor } = (pulled[1] as unknown as { chunk: { cursor: string } }).chunk
      const second = linesOf((await push({ cursor, mutations: [create('two')] })).text)
      expect(second).toMatchObject([
        { results: [{ n: 2 }] },
        { chunk: { items: 1, whole: true } },
        [{ note: 'two' }],
        { end: {} },
      ])
      const lost = linesOf((await push({ cursor: 'not mine', mutations: [create('three')] })).text)
      expect(lost).toMatchObject([{ results: [{ n: 3 }] }, { end: {} }])
    })

    test('of an animal that an entry named as the device had it, a push brings no record anew (F4)', async () => {
      const own = dexFeed(account)
      interface Chunk {
        readonly cursor: string
        readonly animals?: readonly { readonly scientificName: string }[]
      }
      const chunkIn = (text: string) => linesOf(text).find((line) => 'chunk' in line)?.chunk as Chunk | undefined
      const namesIn = (chunk: Chunk | undefined) => chunk?.animals?.map(({ scientificName }) => scientificName).sort()
      const sighting = (scientificName: string) => ({ ...create('seen'), set: { animal: { to: { scientificName } } } })
      const edit = (id: string, set: object) => ({ n: ++n, type: 'entry', id, op: 'update', set })
      const [moose, lynx] = [sighting('Alces alces'), sighting('Lynx lynx')]

      const empty = chunkIn((await pull({ only: [own] })).text)
      const made = chunkIn((await push({ cursor: empty?.cursor, mutations: [moose] })).text)
      expect(namesIn(made)).toEqual(['Alces alces'])
      await push({ mutations: [lynx] })
      // The device has read the moose's entry, and not the lynx's.
      const both = [moose, lynx].map(({ id }) => edit(id, { note: { to: 'noted' } }))
      const edited = chunkIn((await push({ cursor: made?.cursor, mutations: both })).text)
      expect(namesIn(edited)).toEqual(['Lynx lynx'])
      const again = chunkIn((await push({ cursor: edited?.cursor, mutations: [edit(lynx.id, { count: { to: 2 } })] })).text)
      expect(again).toBeDefined()
      expect(namesIn(again)).toBeUndefined()
      const other = { animal: { was: { scientificName: 'Lynx lynx' }, to: { scientificName: 'Vulpes vulpes' } } }
      const changed = chunkIn((await push({ cursor: again?.cursor, mutations: [edit(lynx.id, other)] })).text)
      expect(namesIn(changed)).toEqual(['Vulpes vulpes'])
    })

    test.each([
      ['another account', { account: randomUUID() }, 409, 'wrong_account'],
      ['no mutations', { mutations: [] }, 400, 'invalid_input'],
      ['a number that is none', { mutations: [{ n: 0, type: 'entry', id: randomUUID(), op: 'create' }] }, 400, 'invalid_input'],
      [
        'too many',
        { mutations: Array.from({ length: 501 }, (_, at) => ({ n: at + 1, type: 'x', id: account, op: 'create' })) },
        400,
        'invalid_input',
      ],
    ])('a push for %s is refused whole', async (_what, body, status, code) => {
      const answer = await push({ mutations: [create('never')], ...body })
      expect(answer).toMatchObject({ status, json: { code } })
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      n -= 1
    })

    test('a push that is too large, a pull that is none, an app that is too old', async () => {
      expect(await push({ mutations: [create('x'.repeat(4_100_000))] })).toMatchObject({
        status: 413,
        json: { code: 'too_large' },
      })
      n -= 1
      expect(await pull({ cursors: 7 })).toMatchObject({ status: 400, json: { code: 'invalid_input' } })
      const old = await push({ mutations: [create('x')] }, { [PROTOCOL_HEADER]: '0' })
      expect(old).toMatchObject({ status: 426, json: { code: 'protocol_outdated' } })
      n -= 1
    })

    test('events name the feeds that moved, folded together, to their own account only (N1)', async () => {
      const stream = await listen(server, account, headers)
      await push({ mutations: [create('heard')] })
      expect(await stream.until('data:')).toContain(`event: moved\ndata: {"feeds":["${dexFeed(account)}"]}`)
      stream.close()
      const other = await server.ask('GET', `/api/v2/sync/events?account=${randomUUID()}`, { headers })
      expect(other).toMatchObject({ status: 409, json: { code: 'wrong_account' } })
      expect(CATALOGUE).not.toBe(dexFeed(account))
    })

    test('a pull whose header says what its device has is answered unread while nothing moved (P1)', async () => {
      const digestNow = async () => (linesOf((await pull()).text).at(-1) as unknown as { end: { digest: string } }).end.digest
      const digest = await digestNow()
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const asked = (body: string, more = headers) => rawPull(server, body, { ...more, [DIGEST_HEADER]: digest }, agent)
      // Not even JSON, and more than arrives at once: what comes after it on the connection is still understood.
      for (const [turn, size] of [3, 200_000, 200_000, 3].entries()) {
        const answer = await asked('x'.repeat(size))
        expect({ ...answer, text: answer.bytes.toString() }).toMatchObject({ status: 200, text: '{"unchanged":true}\n' })
        expect(answer.reused).toBe(turn > 0)
      }
      const closing = await rawPull(server, JSON.stringify({ account, cursors: {}, digest, more: 'x'.repeat(200_000) }), {
        ...headers,
        [DIGEST_HEADER]: digest,
        connection: 'close',
      })
      expect(closing.bytes.toString()).toBe('{"unchanged":true}\n')
      const other = sessionOf(await server.signUp('lena', 'bearer'))
      expect(await asked(JSON.stringify({ account, cursors: {} }), other)).toMatchObject({ status: 409 })
      expect(await asked('x', { authorization: `Bearer ${'x'.repeat(43)}` })).toMatchObject({ status: 401 })
      await push({ mutations: [create('moved')] })
      expect(await asked('x')).toMatchObject({ status: 400 })
      const moved = await asked(JSON.stringify({ account, cursors: {}, digest }))
      expect(linesOf(zstdDecompressSync(moved.bytes).toString()).at(-1)).toMatchObject({ end: {} })
      expect(await digestNow()).not.toBe(digest)
      agent.destroy()
    })

    test('where all feeds stand is asked for once in each pull, moved or not (P1)', async () => {
      const ask = async (digest: string, more: Record<string, string> = {}) => {
        const spy = vi.spyOn(server.ctx.db.hot, 'followedDigest')
        const body = { account, cursors: {}, digest }
        const { text } = await server.ask('POST', '/api/v2/sync/pull', { headers: { ...headers, ...more }, body })
        const times = spy.mock.calls.length
        spy.mockRestore()
        return { text, times }
      }
      const { text } = await ask('of long ago')
      const digest = (linesOf(text).at(-1) as unknown as { end: { digest: string } }).end.digest
      const unchanged = '{"unchanged":true}\n'
      expect(await ask(digest, { [DIGEST_HEADER]: digest })).toEqual({ text: unchanged, times: 1 })
      expect(await ask(digest)).toEqual({ text: unchanged, times: 1 })
      const moved = await ask('of long ago', { [DIGEST_HEADER]: 'of long ago' })
      expect(linesOf(moved.text).at(-1)).toMatchObject({ end: { digest } })
      expect(moved.times).toBe(1)
      // What the body says counts, whatever stands in the header.
      expect((await ask(digest, { [DIGEST_HEADER]: 'of long ago' })).text).toBe(unchanged)
    })

    test('a session that ends takes its streams and its pulls with it (P7)', async () => {
      const body = { username: 'mara', password: 'correct horse', device: 'other', session: 'bearer' }
      const mine = sessionOf(await server.ask('POST', '/api/v2/sessions', { body }))
      const stream = await listen(server, account, mine)
      await stream.until(': open')
      await server.ask('DELETE', '/api/v2/sessions/current', { headers: mine })
      expect(await stream.until('never said')).toContain('(end)')
      const refused = await server.ask('POST', '/api/v2/sync/pull', { headers: mine, body: { account, cursors: {} } })
      expect(refused).toMatchObject({ status: 401, json: { code: 'not_signed_in' } })
    })

    test('a server that goes down ends its streams', async () => {
      const other = await startTestServer(await databases.settings())
      const answer = await other.signUp('jonas', 'bearer')
      const stream = await listen(other, accountOf(answer), sessionOf(answer))
      await stream.until(': open')
      await other.close()
      expect(await stream.until('never said')).toContain('(end)')
    })
  })
})
