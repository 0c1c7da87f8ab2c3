import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Answer, accountOf, PASSWORD, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resetByName } from './admin.service.ts'

const CHANGE = '/api/v2/accounts/me/password'
const RESETS = '/api/v2/password-resets'
const NEXT = 'a better one, surely'

const signIn = (server: TestServer, username: string, password: string) =>
  server.ask('POST', '/api/v2/sessions', { body: { username, password, device: 'test', session: 'bearer' } })
const change = (server: TestServer, headers: Record<string, string>, current: string, next: string) =>
  server.ask('POST', CHANGE, { headers, body: { current, next } })
const reset = (server: TestServer, token: string, password = NEXT) => server.ask('POST', RESETS, { body: { token, password } })
const alive = async (server: TestServer, headers: Record<string, string>) =>
  (await server.ask('GET', '/api/v2/sessions/current', { headers })).status === 200

async function linkFor(server: TestServer, username: string): Promise<string> {
  const { path } = await resetByName(server.ctx, username)
  const [page, token = ''] = path.split('#')
  expect(page).toBe('/reset')
  return token
}

const auditOf = async (server: TestServer, account: string) =>
  (await server.ctx.db.read.selectFrom('audit').select('what').where('account_id', '=', account).execute())
    .map(({ what }) => what)
    .toSorted()

eachDatabase((_name, databases) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
  })
  afterAll(() => server.close())

  describe('changing the password', () => {
    it('takes the current one, ends the other sessions and keeps this one', async () => {
      const up = await server.signUp('ada', 'bearer')
      const other = sessionOf(await signIn(server, 'ada', PASSWORD))
      expect((await change(server, sessionOf(up), PASSWORD, NEXT)).json).toEqual({ ended: 1 })
      expect([await alive(server, sessionOf(up)), await alive(server, other)]).toEqual([true, false])
      expect((await signIn(server, 'ada', PASSWORD)).status).toBe(401)
      expect((await signIn(server, 'ada', NEXT)).status).toBe(200)
      expect(await auditOf(server, accountOf(up))).toEqual(['password_change', 'sign_in', 'sign_in', 'sign_up'])
    })

    it('leaves what devices wrap their keys with as it was: their unsent work must open again (C1)', async () => {
      const up = await server.signUp('noether', 'bearer')
      await change(server, sessionOf(up), PASSWORD, NEXT)
      expect((await signIn(server, 'noether', NEXT)).json.seal).toBe(up.json.seal)
    })

    it('changes nothing when the current one is wrong or the next too short', async () => {
      const up = await server.signUp('grace', 'bearer')
      expect((await change(server, sessionOf(up), 'a guess', NEXT)).json.code).toBe('password_wrong')
      expect((await change(server, sessionOf(up), PASSWORD, 'short')).json.code).toBe('invalid_input')
      expect((await signIn(server, 'grace', PASSWORD)).status).toBe(200)
    })

    it('voids the links that were given out', async () => {
      const up = await server.signUp('mary', 'bearer')
      const token = await linkFor(server, 'mary')
      await change(server, sessionOf(up), PASSWORD, NEXT)
      expect((await reset(server, token, 'somebody else’s')).json.code).toBe('reset_spent')
    })

    it('lets one of two changes at the same moment win', async () => {
      const up = await server.signUp('hertha', 'bearer')
      const answers = await Promise.all(
        ['the first one', 'the second one'].map((next) => change(server, sessionOf(up), PASSWORD, next)),
      )
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403])
    })
  })

  describe('a reset link', () => {
    it('sets a password once, ends every session and voids the other links', async () => {
      const up = await server.signUp('curie', 'bearer')
      const [token, second] = [await linkFor(server, 'curie'), await linkFor(server, ' CURIE ')]
      expect((await reset(server, token)).json).toEqual({ username: 'curie' })
      expect(await alive(server, sessionOf(up))).toBe(false)
      expect((await reset(server, token)).json.code).toBe('reset_spent')
      expect((await reset(server, second)).json.code).toBe('reset_spent')
      expect((await signIn(server, 'curie', NEXT)).status).toBe(200)
      const notes = ['password_reset', 'reset_link', 'reset_link', 'sign_in', 'sign_up']
      expect(await auditOf(server, accountOf(up))).toEqual(notes)
    })

    it('works for one of several who use it at the same moment', async () => {
      await server.signUp('meitner', 'bearer')
      const token = await linkFor(server, 'meitner')
      const answers = await Promise.all(
        ['first password', 'second password', 'third password'].map((one) => reset(server, token, one)),
      )
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410])
    })

    it('is kept as a hash alone', async () => {
      await server.signUp('hodgkin', 'bearer')
      const token = await linkFor(server, 'hodgkin')
      const rows = await server.ctx.db.read.selectFrom('password_resets').selectAll().execute()
      expect(rows.length).toBeGreaterThan(0)
      expect(JSON.stringify(rows)).not.toContain(token)
      expect(server.logged()).not.toContain(token)
    })

    it('is too old after a day; used, old and made-up ones answer alike', async () => {
      const up = await server.signUp('somerville', 'bearer')
      const [used, old] = [await linkFor(server, 'somerville'), await linkFor(server, 'somerville')]
      const row = await server.ctx.db.read
        .selectFrom('password_resets')
        .selectAll()
        .where('account_id', '=', accountOf(up))
        .execute()
      const day = 24 * 60 * 60 * 1000
      for (const { expires_at } of row) expect(Math.abs(expires_at - Date.now() - day)).toBeLessThan(60_000)
      await server.ctx.db.write((tx) =>
        tx.q
          .updateTable('password_resets')
          .set({ expires_at: Date.now() - 1 })
          .where('account_id', '=', accountOf(up))
          .execute(),
      )
      const refused = await reset(server, old)
      await server.signUp('germain', 'bearer')
      const good = await linkFor(server, 'germain')
      await reset(server, good)
      const seen = ({ status, text }: Answer) => ({ status, text })
      expect(refused).toMatchObject({ status: 410, json: { code: 'reset_spent' } })
      for (const token of [used, good, 'made-up', '']) expect(seen(await reset(server, token))).toEqual(seen(refused))
      expect((await signIn(server, 'somerville', PASSWORD)).status).toBe(200)
    })

    it('stays good when the new password is refused', async () => {
      await server.signUp('lamarr', 'bearer')
      const token = await linkFor(server, 'lamarr')
      expect((await reset(server, token, 'short')).json.code).toBe('invalid_input')
      expect((await reset(server, token)).status).toBe(200)
    })
  })

  it('limits guesses at the current password of one account, from whichever of its sessions', async () => {
    const env = { RATE_SIGN_IN_BURST: '4', RATE_SIGN_IN_PER_SECOND: '0.01' }
    const strict = await startTestServer(await databases.settings(), env)
    const one = sessionOf(await strict.signUp('ada', 'bearer'))
    const two = sessionOf(await signIn(strict, 'ada', PASSWORD))
    const statuses: number[] = []
    for (const headers of [one, two, one, two, one]) statuses.push((await change(strict, headers, 'a guess', NEXT)).status)
    expect(statuses).toEqual([403, 403, 403, 403, 429])
    await strict.close()
  })
})
