import { eachDatabase } from '@biologidex/test-kit/databases'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

const HEARTBEAT_MS = 25_000

eachDatabase((_name, databases) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
  })
  afterAll(() => server.close())
  afterEach(() => void vi.useRealTimers())

  /** Signs up and listens; answers what the stream says, piece by piece. */
  async function listen(username: string) {
    const { json } = await server.signUp(username, 'bearer')
    const { token, account } = json as { token: string; account: { id: string } }
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${server.url}/api/v2/sync/events?account=${account.id}`, { headers })
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    const next = async () => {
      const { done, value } = await reader.read()
      return done ? 'the end' : new TextDecoder().decode(value)
    }
    expect(await next()).toContain('open')
    return { account: account.id, next }
  }

  test('a stream whose session was ended by another process ends at the next heartbeat; others go on (N1)', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const [ended, stands] = [await listen('mara'), await listen('jonas')]
    await server.ctx.db.write((tx) => tx.q.deleteFrom('sessions').where('account_id', '=', ended.account).execute())
    vi.advanceTimersByTime(HEARTBEAT_MS)
    expect(await ended.next()).toBe('the end')
    expect(await stands.next()).toContain('still here')
  })
})
