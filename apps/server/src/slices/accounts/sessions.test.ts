import type { DeviceSession } from '@biologidex/core/accounts/account'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Answer, accountOf, PASSWORD, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'

const SESSIONS = '/api/v2/sessions'
const CURRENT = `${SESSIONS}/current`

const signIn = (server: TestServer, username: string, device: string, session: 'bearer' | 'cookie' = 'bearer') =>
  server.ask('POST', SESSIONS, { body: { username, password: PASSWORD, device, session } })

async function devicesOf(server: TestServer, headers: Record<string, string>): Promise<DeviceSession[]> {
  return (await server.ask('GET', SESSIONS, { headers })).json.sessions as DeviceSession[]
}

async function auditOf(server: TestServer, account: string): Promise<string[]> {
  const rows = await server.ctx.db.read.selectFrom('audit').select('what').where('account_id', '=', account).execute()
  return rows.map(({ what }) => what).toSorted()
}

/** Opens the stream of nudges; `ended` resolves with what came in it. */
async function openStream(server: TestServer, account: string, headers: Record<string, string>) {
  const answer = await fetch(`${server.url}/api/v2/sync/events?account=${account}`, { headers })
  expect(answer.status).toBe(200)
  return { ended: answer.text() }
}

const alive = async (server: TestServer, headers: Record<string, string>): Promise<boolean> =>
  (await server.ask('GET', CURRENT, { headers })).status === 200

eachDatabase((_name, databases) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
  })
  afterAll(() => server.close())

  it('names the devices of one’s own account, and which of them asks', async () => {
    const up = await server.signUp('ada', 'bearer')
    const phone = sessionOf(await signIn(server, 'ada', 'Ada’s phone'))
    await server.signUp('another', 'bearer')
    const seen = await devicesOf(server, phone)
    expect(seen.map(({ device, current }) => [device, current]).toSorted()).toEqual([
      ['Ada’s phone', true],
      ['test', false],
    ])
    expect(JSON.stringify(seen)).not.toContain(up.json.token)
    for (const { created, lastSeen } of seen) expect(lastSeen).toBeGreaterThanOrEqual(created)
  })

  it('shows the device used last first', async () => {
    const one = await server.signUp('franklin', 'bearer')
    await signIn(server, 'franklin', 'old phone')
    await server.ctx.db.write((tx) =>
      tx.q.updateTable('sessions').set({ last_seen_at: 5 }).where('device_name', '=', 'old phone').execute(),
    )
    expect((await devicesOf(server, sessionOf(one))).map(({ device }) => device)).toEqual(['test', 'old phone'])
  })

  it('ends a device at once: its stream closes, its next request is refused, the others go on', async () => {
    const up = await server.signUp('grace', 'bearer')
    const [here, lost] = [sessionOf(up), sessionOf(await signIn(server, 'grace', 'lost phone'))]
    const stream = await openStream(server, accountOf(up), lost)
    const target = (await devicesOf(server, here)).find(({ device }) => device === 'lost phone')
    const answer = await server.ask('DELETE', `${SESSIONS}/${target?.id}`, { headers: here })
    expect(answer.json).toEqual({ ended: 1 })
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await stream.ended).toContain(': open')
    expect([await alive(server, lost), await alive(server, here)]).toEqual([false, true])
    expect(await auditOf(server, accountOf(up))).toEqual(['session_end', 'sign_in', 'sign_up'])
  })

  it('answers another’s session like one that is not there, and leaves it', async () => {
    const mine = sessionOf(await server.signUp('mary', 'bearer'))
    const theirs = sessionOf(await server.signUp('rosalind', 'bearer'))
    const [id] = (await devicesOf(server, theirs)).map((device) => device.id)
    const seen = ({ status, text }: Answer) => ({ status, text })
    const refused = await server.ask('DELETE', `${SESSIONS}/${id}`, { headers: mine })
    const missing = await server.ask('DELETE', `${SESSIONS}/00000000-0000-4000-8000-000000000000`, { headers: mine })
    expect(refused.status).toBe(404)
    expect(seen(missing)).toEqual(seen(refused))
    expect(await alive(server, theirs)).toBe(true)
  })

  it('signs out everywhere, this device too, and takes the cookie', async () => {
    const up = await server.signUp('curie', 'bearer')
    const web = sessionOf(await signIn(server, 'curie', 'web', 'cookie'))
    const headers = { ...web, origin: server.url }
    const stream = await openStream(server, accountOf(up), sessionOf(up))
    const answer = await server.ask('DELETE', SESSIONS, { headers })
    expect(answer.json).toEqual({ ended: 2 })
    expect(answer.headers.get('set-cookie')).toMatch(/^biologidex_session=;.*Max-Age=0/)
    await stream.ended
    expect([await alive(server, web), await alive(server, sessionOf(up))]).toEqual([false, false])
    expect(await auditOf(server, accountOf(up))).toContain('sessions_end')
  })

  it('ends nothing for a page of another site', async () => {
    const up = await server.signUp('hopper', 'cookie', { headers: { origin: server.url } })
    const headers = { ...sessionOf(up), origin: 'https://elsewhere.example' }
    expect((await server.ask('DELETE', SESSIONS, { headers })).json.code).toBe('origin_refused')
    expect(await alive(server, sessionOf(up))).toBe(true)
  })
})
