import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Answer, type Ask, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const CURRENT = '/api/v2/sessions/current'

eachDatabase((_name, databases) => {
  let server: TestServer
  let cookie: Record<string, string>
  let bearer: Record<string, string>
  let made: Answer
  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    made = await server.signUp('ada', 'cookie')
    cookie = sessionOf(made)
    bearer = sessionOf(await server.signUp('grace', 'bearer'))
  })
  afterAll(() => server.close())

  const statusOf = async (headers: Record<string, string>) => (await server.ask('GET', CURRENT, { headers })).status

  describe('a session', () => {
    it('lies in a cookie that scripts cannot read and other sites cannot send along', () => {
      expect(made.json).toEqual({ account: expect.anything(), seal: expect.stringMatching(/^[0-9a-f]{64}$/) })
      const [pair = '', ...attributes] = made.headers.get('set-cookie')?.split('; ') ?? []
      expect(pair).toMatch(/^biologidex_session=[A-Za-z0-9_-]{43}$/)
      expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=34560000', 'Path=/', 'SameSite=Lax'])
    })

    it('is known by its cookie among others, and by its bearer token', async () => {
      expect(await statusOf(cookie)).toBe(200)
      expect(await statusOf({ cookie: `theme=dark; ${cookie.cookie}; x="y z"` })).toBe(200)
      expect(await statusOf(bearer)).toBe(200)
    })

    it.each([
      ['nothing', {}],
      ['an empty token', { authorization: 'Bearer ' }],
      ['another scheme', { authorization: `Basic ${'A'.repeat(43)}` }],
      ['a token of nobody', { authorization: `Bearer ${'A'.repeat(43)}` }],
      ['a cookie of nobody', { cookie: `biologidex_session=${'A'.repeat(43)}` }],
      ['an injection', { cookie: "biologidex_session=' OR 1=1 --" }],
      ['a very long token', { authorization: `Bearer ${'A'.repeat(8000)}` }],
    ])('is not opened by %s', async (_what, headers) => {
      const answer = await server.ask('GET', CURRENT, { headers })
      expect(answer.status).toBe(401)
      expect(answer.json.code).toBe('not_signed_in')
    })

    it('is opened only the way it was given out', async () => {
      const cookieToken = cookie.cookie?.split('=')[1]
      const bearerToken = bearer.authorization?.split(' ')[1]
      expect(await statusOf({ authorization: `Bearer ${cookieToken}` })).toBe(401)
      expect(await statusOf({ cookie: `biologidex_session=${bearerToken}` })).toBe(401)
    })

    it('is dead once its row is gone, whoever took it, and its cookie is taken back at sign-out', async () => {
      const mine = sessionOf(await server.signUp('mary', 'cookie'))
      const out = await server.ask('DELETE', CURRENT, { headers: { ...mine, origin: server.url } })
      expect(out.status).toBe(200)
      expect(out.headers.get('set-cookie')).toMatch(/^biologidex_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/)
      expect(await statusOf(mine)).toBe(401)
      const other = sessionOf(await server.signUp('rosalind', 'bearer'))
      await server.ctx.db.write((tx) => tx.q.deleteFrom('accounts').where('username', '=', 'rosalind').execute())
      expect(await statusOf(other)).toBe(401)
    })
  })

  describe('a write with a cookie', () => {
    const signOut = async (headers: Record<string, string>): Promise<string> => {
      const { status, json } = await server.ask('DELETE', CURRENT, { headers: { ...cookie, ...headers } })
      return status === 200 ? 'taken' : String(json.code)
    }

    it.each([
      ['from another site', { origin: 'https://evil.example' }],
      ['from another port', { origin: 'http://127.0.0.1:1' }],
      ['from a sandboxed page', { origin: 'null' }],
      ['that does not say where from', {}],
      ['that says only that it is cross-site', { 'sec-fetch-site': 'cross-site' }],
      ['that says only that it is of the same site', { 'sec-fetch-site': 'same-site' }],
      ['whose Origin lies about the scheme', { origin: 'https://127.0.0.1' }],
      [
        'from another site that adds what only browsers may say',
        { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      ],
    ])('%s is refused', async (_what, headers: Record<string, string>) => {
      expect(await signOut(headers)).toBe('origin_refused')
      expect(await statusOf(cookie)).toBe(200)
    })

    it('from the app itself is taken', async () => {
      const again = async () => {
        cookie = sessionOf(await signInAsAda())
      }
      expect(await signOut({ origin: server.url })).toBe('taken')
      await again()
      expect(await signOut({ 'sec-fetch-site': 'same-origin' })).toBe('taken')
      await again()
    })

    const signInAsAda = (ask: Ask = {}) =>
      server.ask('POST', '/api/v2/sessions', {
        ...ask,
        body: { username: 'ada', password: 'correct horse', device: 'test', session: 'cookie' },
      })

    it('signs nobody in from another site, and anybody who is no browser', async () => {
      expect((await signInAsAda({ headers: { origin: 'https://evil.example' } })).json.code).toBe('origin_refused')
      expect((await signInAsAda({ headers: { origin: server.url } })).status).toBe(200)
      expect((await signInAsAda()).status).toBe(200)
    })

    it('is nothing that a bearer token needs to be asked about', async () => {
      const jane = sessionOf(await server.signUp('jane', 'bearer'))
      const headers = { ...jane, origin: 'https://elsewhere.example' }
      expect((await server.ask('DELETE', CURRENT, { headers })).status).toBe(200)
    })
  })

  it('is kept to HTTPS where people come by HTTPS, as the settings or the proxy say', async () => {
    const origin = 'https://dex.example.org'
    const settings = await databases.settings()
    const known = await startTestServer(settings, { PUBLIC_ORIGIN: `${origin}/` })
    const secure = await known.signUp('ada', 'cookie', { headers: { origin } })
    expect(secure.headers.get('set-cookie')).toContain('; Secure')
    const headers = { ...sessionOf(secure), origin }
    expect((await known.ask('DELETE', CURRENT, { headers })).status).toBe(200)
    await known.close()

    const behind = await startTestServer(settings, { TRUST_PROXY: 'true' })
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'dex.example.org', origin }
    const proxied = await behind.signUp('grace', 'cookie', { headers: forwarded })
    expect(proxied.status).toBe(200)
    expect(proxied.headers.get('set-cookie')).toContain('; Secure')
    await behind.close()
    // Without the setting, anybody could claim to be that proxy.
    const direct = await startTestServer(settings)
    expect((await direct.signUp('mary', 'cookie', { headers: forwarded })).json.code).toBe('origin_refused')
    await direct.close()
  })
})
