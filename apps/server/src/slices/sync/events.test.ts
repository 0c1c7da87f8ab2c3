import { randomUUID } from 'node:crypto'
import { DIGEST_HEADER } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

const HEARTBEAT_MS = 25_000

eachDatabase((name, databases) => {
  let server: TestServer
  /** Another process on the same database, where it may have several. */
  let other: TestServer | undefined
  let settings: Awaited<ReturnType<typeof databases.settings>>
  beforeAll(async () => {
    settings = await databases.settings()
    server = await startTestServer(settings)
    if (name === 'PostgreSQL') other = await startTestServer(settings)
  })
  afterAll(async () => {
    await other?.close()
    await server.close()
  })
  afterEach(() => void vi.useRealTimers())

  async function signUp(username: string) {
    const { json } = await server.signUp(username, 'bearer')
    const { token, account } = json as { token: string; account: { id: string } }
    const headers = { authorization: `Bearer ${token}` }
    const send = (path: string, body: object) => server.ask('POST', path, { headers, body: { account: account.id, ...body } })
    return {
      account: account.id,
      headers,
      async keep(): Promise<void> {
        const set = { visibility: { to: 'private' } }
        const mutations = [{ n: 1, type: 'entry', id: randomUUID(), op: 'create', set }]
        const { text } = await send('/api/v2/sync/push', { client: randomUUID(), ack: 0, mutations })
        expect(text).toContain('"done"')
      },
      /** Where all feeds stand, as a pull that brings everything says it. */
      async digest(): Promise<string> {
        const { text } = await send('/api/v2/sync/pull', { cursors: {} })
        const { end } = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as { end: { digest: string } }
        return end.digest
      },
    }
  }

  /** Listens; answers what the stream says, piece by piece. */
  async function listenAs({ account, headers }: Awaited<ReturnType<typeof signUp>>, at = server) {
    const answer = await fetch(`${at.url}/api/v2/sync/events?account=${account}`, { headers })
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    const next = async () => {
      const { done, value } = await reader.read()
      return done ? 'the end' : new TextDecoder().decode(value)
    }
    expect(await next()).toContain('open')
    return { account, digest: answer.headers.get(DIGEST_HEADER), next }
  }
  const listen = async (username: string) => listenAs(await signUp(username))

  test('a stream whose session was ended by another process ends at the next heartbeat; others go on (N1)', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const [ended, stands] = [await listen('mara'), await listen('jonas')]
    await server.ctx.db.write((tx) => tx.q.deleteFrom('sessions').where('account_id', '=', ended.account).execute())
    vi.advanceTimersByTime(HEARTBEAT_MS)
    expect(await ended.next()).toBe('the end')
    expect(await stands.next()).toContain('still here')
  })

  test('a stream says where the feeds stood when it began, so that who has all that need not ask (N1, P1)', async () => {
    const mara = await signUp('mara3')
    const before = await mara.digest()
    expect((await listenAs(mara)).digest).toBe(before)
    await mara.keep()
    const { digest } = await listenAs(mara)
    expect(digest).toBe(await mara.digest())
    expect(digest).not.toBe(before)
  })

  test('what moves while a stream opens, after it was read where the feeds stood, is told once it is open (N1)', async () => {
    const mara = await signUp('mara4')
    const { hot } = server.ctx.db
    const read = hot.followed.bind(hot)
    let looks = 0
    // The first look tells what to listen to, the second where it stands.
    const spy = vi.spyOn(hot, 'followed').mockImplementation(async (account) => {
      const heads = await read(account)
      looks += 1
      if (looks === 2) await mara.keep()
      return heads
    })
    const { digest, next } = await listenAs(mara)
    spy.mockRestore()
    expect(digest).not.toBe(await mara.digest())
    expect(await next()).toContain('event: moved')
  })

  test('what moves by whichever process’s doing is told, and a session that one ends ends its streams at once (N2)', async () => {
    // No heartbeat comes: only the word of the other process can end the stream.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const mara = await signUp('mara5')
    const stream = await listenAs(mara, other ?? server)
    // A word is said once: until the other process listens, it is said to nobody.
    const heard = stream.next()
    let isHeard = false
    void heard.then(() => (isHeard = true))
    await vi.waitUntil(async () => {
      await mara.keep()
      return isHeard
    }, 20_000)
    expect(await heard).toContain('event: moved')
    const { status } = await server.ask('DELETE', '/api/v2/sessions/current', { headers: mara.headers })
    expect(status).toBe(200)
    let said = ''
    while (said !== 'the end') said = await stream.next()
  })

  test('of more streams than a session may hold open the oldest ends, and nobody else’s (N3)', async () => {
    const [mara, jonas] = [await signUp('mara6'), await signUp('jonas6')]
    const his = await listenAs(jonas)
    const most = server.ctx.config.eventStreams
    const hers = []
    for (let n = 0; n < most + 2; n += 1) hers.push(await listenAs(mara))
    for (const { next } of hers.slice(0, 2)) expect(await next()).toBe('the end')
    await mara.keep()
    for (const { next } of hers.slice(2)) expect(await next()).toContain('event: moved')
    await jonas.keep()
    expect(await his.next()).toContain('event: moved')
  })

  test('whoever opens streams too often is told when to come back; other sessions are not (N3)', async () => {
    const env = { RATE_EVENTS_BURST: '2', RATE_EVENTS_PER_SECOND: '0.01' }
    const strict = await startTestServer(settings, env)
    const [mara, jonas] = [await signUp('mara8'), await signUp('jonas8')]
    for (let n = 0; n < 2; n += 1) await listenAs(mara, strict)
    const { headers, account } = mara
    const refused = await strict.ask('GET', `/api/v2/sync/events?account=${account}`, { headers })
    expect([refused.status, refused.json.code]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(90)
    await listenAs(jonas, strict)
    await strict.close()
  })

  test('what a process says just before it ends is heard, where processes hear each other (N2)', async () => {
    const heard: string[] = []
    server.ctx.nudges.listen(['last words'], (topic) => heard.push(topic))
    const host = await databases.open(settings)
    host.others.say(['last words'])
    await host.close()
    const expected = name === 'PostgreSQL' ? ['last words'] : []
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(expected)
  })
})
